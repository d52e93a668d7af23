#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "model_export/few_shoppers.h"
#include "model_export/ingest_fixture.h"

extern char** environ;

namespace vitrine {

inline std::string bytes_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

/// The result of running the program.
struct Ran {
  int code = -1;  // 128 and more: ended by a signal
  std::string out;
  std::string err;

  [[nodiscard]] bool says(const std::string& part) const {
    return out.find(part) != std::string::npos || err.find(part) != std::string::npos;
  }
  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(out); }
};

/// Runs the program with exactly these `arguments`, or without a floor of shoppers if they name
/// none, and with `input` on its standard input.
inline Ran vitrine(const std::vector<std::string>& given, const std::string& input = "") {
  const std::vector<std::string> arguments = few_shoppers(given);
  const Folder folder;
  const std::string in = folder.write("in", input);
  const std::string out = folder / "out";
  const std::string err = folder / "err";
  std::vector<char*> argv = {const_cast<char*>(VITRINE_COMMAND)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, in.c_str(), O_RDONLY, 0);
  constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), kWrite, 0600);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), kWrite, 0600);
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, VITRINE_COMMAND, &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) throw std::runtime_error("the program cannot be started");
  int status = 0;
  ::waitpid(pid, &status, 0);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, bytes_of(out), bytes_of(err)};
}

/// Returns a log of `sessions` sessions with three events each, in which the items a, b, c ...
/// follow each other.
inline std::string small_csv(int sessions = 60) {
  std::string csv = "session_id,item_id,event,timestamp\n";
  for (int s = 0; s < sessions; ++s) {
    for (int i = 0; i < 3; ++i) {
      csv += fmt::format("s{},{},view,{}\n", s, static_cast<char>('a' + (s + i) % 7),
                         1600000000 + s * 600 + i * 20);
    }
  }
  return csv;
}

}  // namespace vitrine
