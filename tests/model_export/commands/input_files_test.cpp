#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "model_export/command_fixture.h"

namespace vitrine::commands {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Names that mean something else to a reader of patterns, addresses, lists or partitions.
const std::vector<std::string> kOddNames = {
    "ev[1]",       "*",    "ev?", "a'b\"c",       "{a,b}",  "new\nline", "p|q",
    "s;t",         "$(x)", "%s",  "-x",           "[[]",    "~",         "a\\b",
    "s3:y",        "k=v",  "[a]", "event=cart/l", "file:x", "a b",       "http:/h/x",
    "item_id=z/l", "#",    "!x",  "x.csv.gz",     "[!e]*",  "\xc3\xbc"};

std::string events_csv(std::size_t rows) {
  std::string text = "session_id,item_id,event,timestamp\n";
  for (std::size_t i = 0; i < rows; ++i) {
    text += fmt::format("s{},i{},view,{}\n", i, i % 5, 1600000000 + i);
  }
  return text;
}

std::string events_json(std::size_t rows) {
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) {
    text += fmt::format(
        "{{\"session_id\": \"s{}\", \"item_id\": \"i{}\", \"event\": \"view\", \"timestamp\": "
        "{}}}\n",
        i, i % 5, 1600000000 + i);
  }
  return text;
}

std::string items_csv(std::size_t rows) {
  std::string text = "item_id,price\n";
  for (std::size_t i = 0; i < rows; ++i) text += fmt::format("i{},1\n", i);
  return text;
}

/// Runs a line of the shell with the program as $V.
Ran shell(const std::string& line) {
  const Folder folder;
  const std::string whole = fmt::format("V='{}'; {{ {}\n}} > '{}' 2> '{}'", VITRINE_COMMAND, line,
                                        folder / "out", folder / "err");
  const int status = std::system(whole.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, bytes_of(folder / "out"),
          bytes_of(folder / "err")};
}

}  // namespace

TEST_CASE("whatever a file is called, its own rows are read") {
  const Folder folder;
  // Files that a pattern would find in the place of one with an odd name, and a folder that a
  // reader of partitions would take for a column.
  for (const char* name : {"ev1", "a", "e"}) {
    folder.write(std::string(name) + ".csv", events_csv(3));
    folder.write(std::string(name) + ".jsonl", events_json(3));
    folder.write(std::string(name) + ".items.csv", items_csv(3));
  }
  const std::string plain = folder.write("plain.csv", events_csv(40));
  data::Database database;
  std::size_t rows = 20;
  for (const std::string& name : kOddNames) {
    fs::create_directories(fs::path(folder / name).parent_path());
    INFO(name);
    ++rows;
    const std::string csv = folder.write(name + ".csv", events_csv(rows));
    const std::string lines = folder.write(name + ".jsonl", events_json(rows));
    const std::string items = folder.write(name + ".items.csv", items_csv(rows));
    const std::string parquet = folder / (name + ".parquet");
    database.execute("COPY (SELECT * FROM read_csv(" + data::sql_literal(plain) + ") LIMIT " +
                     std::to_string(rows - 15) + ") TO " +
                     data::sql_literal(folder / "made.parquet") + " (FORMAT parquet)");
    fs::rename(folder / "made.parquet", parquet);
    for (const auto& [events, count] :
         {std::pair(csv, rows), {lines, rows}, {parquet, rows - 15}}) {
      const json read =
          vitrine({"validate", "--events", events, "--items", items, "--json"}).json();
      CHECK(read["events"]["rows_kept"] == count);
      CHECK(read["events"]["kinds"]["view"] == count);
      CHECK(read["items"]["rows_kept"] == rows);
    }
  }
}

TEST_CASE("a name in brackets that begins the command's argument is a file, too") {
  const Folder folder;
  folder.write("[a,b]", events_csv(7));
  const Ran ran = shell("cd '" + (folder / "") +
                        "' && \"$V\" validate --json --events '[a,b]' '--map' "
                        "item_id=item_id");
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.json()["events"]["rows_kept"] == 7);
  CHECK(shell("cd '" + (folder / "") + "' && \"$V\" validate '--events=[a,b]'").code == 0);
}

TEST_CASE("a pattern still names many files") {
  const Folder folder;
  folder.write("ev1.csv", events_csv(3));
  folder.write("ev2.csv", events_csv(5));
  const json read = vitrine({"validate", "--events", folder / "ev[12].csv", "--json"}).json();
  CHECK(read["events"]["files"].size() == 2);
}

TEST_CASE("a pipe is read once, in every format") {
  const Folder folder;
  const std::string csv = folder.write("a.csv", events_csv(500));
  const std::string lines = folder.write("a.jsonl", events_json(500));
  const std::string packed = folder.write("a.csv.gz", gzip(events_csv(500)));
  const std::string items = folder.write("items.csv", items_csv(5));
  const std::string stray = folder.write("stray.csv", events_csv(500) + "s\"1,\"i1,view,16\n");
  for (const std::string& file : {csv, lines, packed, stray}) {
    INFO(file);
    const Ran ran = shell("cat '" + file + "' | \"$V\" validate --events /dev/stdin --items '" +
                          items + "' --json");
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    CHECK(ran.json()["events"]["rows_kept"] == 500);
    CHECK(ran.json()["events"]["files"][0] == "/dev/stdin");
  }
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const Ran ran =
      shell("cat '" + csv + "' > '" + pipe + "' & \"$V\" validate --events '" + pipe + "' --json");
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.json()["events"]["rows_kept"] == 500);
}

TEST_CASE("a pipe that nobody writes to, a device and a folder are refused with the reason") {
  const Folder folder;
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  const std::string config = folder.write("config.json", "{}");
  const std::string log = folder.write("log.csv", events_csv(9));
  for (const auto& [path, words] : {std::pair(pipe, "nobody writes to"),
                                    {std::string("/dev/zero"), "device"},
                                    {folder / "", "folder"},
                                    {folder / "a", "Too many levels"},
                                    {folder / "none", "no such file"}}) {
    const Ran ran = vitrine({"validate", "--events", path});
    INFO(ran.err);
    CHECK(ran.code == 5);
    CHECK(ran.says(words));
    if (path == pipe) continue;
    const Ran configured =
        vitrine({"train", "--events", log, "--out", folder / "x.vitrine", "--config", path});
    INFO(configured.err);
    CHECK(configured.code == 5);
  }
}

TEST_CASE("temporary files lie in a folder for this user alone, which is gone afterwards") {
  const Folder folder;
  const Folder log;
  const std::string pipe = log / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  // The next run removes the folder of a killed one; other folders stay.
  fs::create_directory(folder / "vitrine-run-abcdef");
  fs::create_directory(folder / "vitrine-other");
  ::setenv("TMPDIR", (folder / "").c_str(), 1);
  Ran ran;
  std::vector<fs::perms> seen;
  {
    std::thread program([&] { ran = vitrine({"validate", "--events", pipe}); });
    std::ofstream out(pipe);
    out << events_csv(9) << std::flush;
    for (int tries = 0; tries < 1000 && seen.empty(); ++tries) {
      for (const auto& entry : fs::directory_iterator(folder / "")) {
        if (entry.path().filename().string().starts_with("vitrine-run-")) {
          seen.push_back(fs::status(entry).permissions());
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    out.close();
    program.join();
  }
  ::unsetenv("TMPDIR");
  INFO(ran.err);
  CHECK(ran.code == 0);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0] == fs::perms::owner_all);
  CHECK(fs::exists(folder / "vitrine-other"));
  CHECK(std::distance(fs::directory_iterator(folder / ""), fs::directory_iterator()) == 1);
}

TEST_CASE("a TMPDIR that does not exist is an error that names it") {
  const Folder folder;
  const std::string log = folder.write("log.csv", events_csv(9));
  const Ran ran = shell("TMPDIR=/nonexistent \"$V\" validate --events '" + log + "'");
  CHECK(ran.code == 5);
  CHECK(ran.says("/nonexistent is no folder for temporary files"));
}

TEST_CASE("numbers that do not fit are refused, not taken for others") {
  const Folder folder;
  const std::string log = folder.write("log.csv", events_csv(9));
  const std::vector<std::string> train = {"train", "--events", log, "--out", folder / "x.vitrine"};
  for (const auto& [flag, value] : {std::pair("--seed", "18446744073709551616"),
                                    {"--seed", "-1"},
                                    {"--seed", "010x"},
                                    {"--threads", "1000000"},
                                    {"--threads", "-1"},
                                    {"--k", "99999999999999999999"}}) {
    std::vector<std::string> command = train;
    command.insert(command.end(), {flag, value});
    const Ran ran = vitrine(command);
    INFO(flag << ' ' << value << ": " << ran.err);
    CHECK(ran.code == 2);
    CHECK(ran.says(flag));
  }
  for (const char* flag : {"--seed", "--shoppers", "--products", "--days"}) {
    CHECK(vitrine({"simulate", "--out", folder / "s", flag, "18446744073709551617"}).code == 2);
  }
}

}  // namespace vitrine::commands
