#include "commands/output_check.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/output_file.h"
#include "commands/judge.h"
#include "data/input_file.h"
#include "data/named_file.h"

namespace vitrine::commands {
namespace {

std::optional<struct stat> status_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

}  // namespace

void OutputCheck::add(std::vector<Named>& to, const std::string& option, const std::string& path) {
  if (const auto status = status_of(path)) {
    to.push_back({option, path, {status->st_dev, status->st_ino, ""}});
    return;
  }
  const std::filesystem::path at = path;
  const auto folder = status_of(at.has_parent_path() ? at.parent_path().string() : ".");
  if (!folder) return;
  to.push_back({option, path, {folder->st_dev, folder->st_ino, at.filename().string()}});
}

OutputCheck& OutputCheck::writes(const std::string& option, const std::string& path) {
  if (path.empty()) return *this;
  // A file that does not exist yet is known by the place to which its links lead.
  const std::string place = base::output_place(path);
  add(outputs_, option, place);
  return *this;
}

OutputCheck& OutputCheck::may_write(const std::string& option, const std::string& path) {
  add(outputs_, option, path);
  return *this;
}

OutputCheck& OutputCheck::reads(const std::string& option, const std::vector<std::string>& files) {
  if (files.empty()) return *this;
  for (const std::string& file : data::expand_files(files)) add(inputs_, option, file);
  return *this;
}

OutputCheck& OutputCheck::reads(const std::string& option, const std::string& path) {
  if (!path.empty()) add(inputs_, option, path);
  return *this;
}

OutputCheck& OutputCheck::reads(const ReadFlags& flags) {
  std::vector<std::string> log;
  if (!flags.events.empty()) {
    for (const data::NamedFile& file : data::name_files(flags.events)) log.push_back(file.path);
  }
  return reads("--events", log).reads("--items", flags.items);
}

OutputCheck& OutputCheck::reads_bundle(const std::string& option, const std::string& path) {
  if (path.empty()) return *this;
  return reads(option, path).reads(option, item_knn_path(path)).reads(option, journal_path(path));
}

void OutputCheck::check() const {
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const Named& output = outputs_[i];
    for (const Named& input : inputs_) {
      if (input.identity != output.identity) continue;
      throw base::Error(
          base::ExitCode::kUsage,
          fmt::format("{} would write {} in the place of {}, which belongs to {}. Name another "
                      "file.",
                      output.option, output.path, input.path, input.option));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (outputs_[j].identity != output.identity) continue;
      throw base::Error(
          base::ExitCode::kUsage,
          fmt::format("{} would write {} in the place of {}, which {} writes. Name "
                      "another file.",
                      output.option, output.path, outputs_[j].path, outputs_[j].option));
    }
  }
}

std::string journal_path(const std::string& bundle_path) { return bundle_path + ".tuning"; }

}  // namespace vitrine::commands
