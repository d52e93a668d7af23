#pragma once

#include <string>

namespace vitrine::base {

/// A new folder below the system's temporary folder, for this user alone (mode 0700, with a name
/// that nobody can guess). The destructor removes it with all that is in it. What a killed program
/// left is removed when the next one makes a folder: a lock on the folder says whether its program
/// lives.
class TemporaryFolder {
 public:
  /// Throws Error(kIo) when TMPDIR is no folder, or no folder can be made there.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  int lock_ = -1;
};

}  // namespace vitrine::base
