#include "base/temporary_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/error.h"

namespace vitrine::base {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "vitrine-run-";

/// Opens a folder of this user and locks it. Returns its descriptor, or -1 when that is not
/// possible, or a living program has the lock.
int lock(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return -1;
  struct stat status{};
  if (::fstat(folder, &status) == 0 && status.st_uid == ::geteuid() &&
      ::flock(folder, LOCK_EX | LOCK_NB) == 0) {
    return folder;
  }
  ::close(folder);
  return -1;
}

void remove_left_over(const fs::path& below) {
  std::error_code failed;
  for (fs::directory_iterator at(below, failed), end; !failed && at != end; at.increment(failed)) {
    const std::string path = at->path().string();
    if (!at->path().filename().string().starts_with(kPrefix)) continue;
    const int folder = lock(path);
    if (folder < 0) continue;
    std::error_code ignored;
    fs::remove_all(path, ignored);
    ::close(folder);
  }
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::error_code failed;
  const fs::path below = fs::temp_directory_path(failed);
  if (failed) {
    const char* given = std::getenv("TMPDIR");
    throw Error(
        ExitCode::kIo,
        fmt::format("{} is no folder for temporary files; set TMPDIR to a folder with space",
                    given == nullptr ? "/tmp" : given));
  }
  remove_left_over(below);
  // Another program may take a folder for left over before it is locked; then the next one is
  // tried.
  for (int tries = 0; tries < 100 && lock_ < 0; ++tries) {
    path_ = (below / (std::string(kPrefix) + "XXXXXX")).string();
    if (::mkdtemp(path_.data()) == nullptr) {
      throw Error(
          ExitCode::kIo,
          fmt::format("no temporary folder can be made in {}: {}; set TMPDIR to a folder with "
                      "space",
                      below.string(), std::strerror(errno)));
    }
    lock_ = lock(path_);
    if (lock_ >= 0 && !fs::is_directory(path_, failed)) {
      ::close(lock_);
      lock_ = -1;
    } else if (lock_ < 0 && fs::is_directory(path_, failed)) {
      return;  // a file system without locks
    }
  }
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace vitrine::base
