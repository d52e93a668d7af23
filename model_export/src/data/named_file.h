#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/event_kind.h"

namespace vitrine::data {

/// A file of a log, and the kind of its events if the argument says it: "purchase=FILE".
struct NamedFile {
  std::string path;
  std::optional<EventMeaning> kind;
};

/// Returns the files that the arguments of --events name, sorted by path. Patterns are expanded. A
/// word before '=' is a kind only when no file has the complete argument as its name. Throws
/// Error(kIo) for a file that does not exist.
[[nodiscard]] std::vector<NamedFile> name_files(const std::vector<std::string>& arguments);

}  // namespace vitrine::data
