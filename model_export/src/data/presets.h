#pragma once

#include <map>
#include <string>
#include <vector>

namespace vitrine::data {

/// Columns of a well-known format of logs and catalogues: role to paths, the first that exists
/// counts.
struct Preset {
  std::string name;
  std::map<std::string, std::vector<std::string>> events;
  std::map<std::string, std::vector<std::string>> items;
};

/// Returns the preset of --from. Throws Error(kUsage), with a list of all, for an unknown name.
[[nodiscard]] const Preset& preset_named(const std::string& name);

/// Returns the preset whose columns a log has, among them some whose names say too little without
/// the others; nullptr when there is none. `paths` are those of the file.
[[nodiscard]] const Preset* preset_of(const std::vector<std::string>& paths);

}  // namespace vitrine::data
