#include "base/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace vitrine::base {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as Linux

/// Follows the links at the end of `path`. The last one may lead to nothing.
fs::path follow(const std::string& path) {
  fs::path at = path;
  for (int links = 0;; ++links) {
    std::error_code failed;
    const fs::path next = fs::read_symlink(at, failed);
    if (failed) return at;  // no link
    if (links == kMostLinks) {
      throw Error(ExitCode::kIo,
                  fmt::format("{} is a link that leads in a circle; name another file", path));
    }
    at = next.is_absolute() ? next : at.parent_path() / next;
  }
}

fs::path folder_of(const fs::path& place) {
  return place.has_parent_path() ? place.parent_path() : fs::path(".");
}

}  // namespace

std::string output_place(const std::string& path) {
  struct stat status{};
  // The system is asked about the path first: /dev/stdout is a link whose text is no name.
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    throw Error(ExitCode::kIo,
                fmt::format("{} cannot be written: it is a folder. Name a file in it.", path));
  }
  if (exists && !S_ISREG(status.st_mode)) {
    const char* kind = S_ISFIFO(status.st_mode)   ? "a pipe"
                       : S_ISSOCK(status.st_mode) ? "a socket"
                                                  : "a device";
    throw Error(ExitCode::kUsage,
                fmt::format("{} is {}, which a file would replace; name a file.", path, kind));
  }
  const fs::path place = follow(path);
  std::error_code failed;
  if (!place.has_filename() || !fs::is_directory(folder_of(place), failed)) {
    throw Error(ExitCode::kIo, fmt::format("There is no folder {} to write {} to. Make it first.",
                                           folder_of(place).string(), path));
  }
  return place.string();
}

bool force_to_disk(int descriptor) {
  for (;;) {
    if (::fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP) return true;
    if (errno != EINTR) return false;
  }
}

bool force_folder_to_disk(const std::string& path) {
  const int folder = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return errno == EACCES;  // a folder that may be written but not read
  const bool done = force_to_disk(folder);
  const int why = errno;
  ::close(folder);
  errno = why;
  return done;
}

OutputFile::OutputFile(const std::string& path) : path_(path), place_(output_place(path)) {
  static std::atomic<unsigned> counter{0};
  struct stat status{};
  const bool replaces = ::stat(place_.c_str(), &status) == 0;
  // A name of its own, not made of the file's, which may already be as long as names can be. Nobody
  // can put a link there first: the file must be new.
  do {
    aside_ =
        (folder_of(place_) / fmt::format(".vitrine-{}-{}.tmp", ::getpid(), counter++)).string();
    descriptor_ =
        ::open(aside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ < 0) fail();
  // The permissions of the file stay as they were.
  if (replaces) static_cast<void>(::fchmod(descriptor_, status.st_mode & 0777U));
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!aside_.empty()) ::unlink(aside_.c_str());
}

void OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail();
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void OutputFile::finish() {
  if (descriptor_ < 0) return;
  if (!force_to_disk(descriptor_)) fail();
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (::close(descriptor) != 0) fail();
}

void OutputFile::commit() {
  finish();
  if (::rename(aside_.c_str(), place_.c_str()) != 0) fail();
  aside_.clear();
  if (!force_folder_to_disk(place_)) {
    throw Error(ExitCode::kIo, fmt::format("{} is written, but its folder cannot be forced to the "
                                           "disk: {}.",
                                           path_, std::strerror(errno)));
  }
}

void OutputFile::fail() const {
  throw Error(ExitCode::kIo, fmt::format("{} cannot be written: {}. The old file is unchanged.",
                                         path_, std::strerror(errno)));
}

void write_file(const std::string& path, std::span<const std::byte> bytes) {
  OutputFile file(path);
  file.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  file.commit();
}

}  // namespace vitrine::base
