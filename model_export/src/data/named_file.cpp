#include "data/named_file.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "data/input_file.h"

namespace vitrine::data {

std::vector<NamedFile> name_files(const std::vector<std::string>& arguments) {
  std::map<int, std::vector<std::string>> patterns;  // by kind; -1: not given
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    const std::string word = argument.substr(0, equals == std::string::npos ? 0 : equals);
    const EventMeaning meaning = event_meaning(word);
    std::error_code error;
    const bool named = !word.empty() && (meaning != EventMeaning::kOther || word == "other") &&
                       !std::filesystem::exists(argument, error);
    patterns[named ? static_cast<int>(meaning) : -1].push_back(named ? argument.substr(equals + 1)
                                                                     : argument);
  }
  std::vector<NamedFile> files;
  if (patterns.empty()) static_cast<void>(expand_files(arguments));  // says that there are none
  for (const auto& [kind, paths] : patterns) {
    for (const std::string& path : expand_files(paths)) {
      files.push_back(
          {path, kind < 0 ? std::nullopt : std::optional(static_cast<EventMeaning>(kind))});
    }
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const NamedFile& a, const NamedFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace vitrine::data
