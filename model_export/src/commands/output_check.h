#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "commands/read_flags.h"

namespace vitrine::commands {

/// The files that a command reads and those that it will write. It refuses, before any work, to
/// write in the place of a file that it reads, or twice in one place. Files are compared by what
/// they are (device and number), so links and other ways to write a name make no difference.
class OutputCheck {
 public:
  /// Adds a file that is written. An empty path is none. Throws Error: kUsage when it is a device,
  /// a pipe or a socket; kIo when nothing can be written there.
  OutputCheck& writes(const std::string& option, const std::string& path);

  /// Adds a file that the command can do without: where nothing can be written, nothing is.
  OutputCheck& may_write(const std::string& option, const std::string& path);

  /// Adds files that are read, by names or patterns. Those that do not exist are left to the
  /// reader.
  OutputCheck& reads(const std::string& option, const std::vector<std::string>& files);
  OutputCheck& reads(const std::string& option, const std::string& path);
  /// Adds --events and --items.
  OutputCheck& reads(const ReadFlags& flags);
  /// Adds a bundle, together with what `train` writes beside one.
  OutputCheck& reads_bundle(const std::string& option, const std::string& path);

  /// Throws Error(kUsage) that names both options.
  void check() const;

 private:
  /// Device and number of a file; of one that does not exist those of its folder, and its name.
  using Identity = std::tuple<std::uint64_t, std::uint64_t, std::string>;
  struct Named {
    std::string option;
    std::string path;
    Identity identity;
  };
  void add(std::vector<Named>& to, const std::string& option, const std::string& path);

  std::vector<Named> inputs_;
  std::vector<Named> outputs_;
};

/// Returns the path at which `train` keeps the scores of an unfinished choice of settings.
[[nodiscard]] std::string journal_path(const std::string& bundle_path);

}  // namespace vitrine::commands
