#include "base/input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace vitrine::base {
namespace {

constexpr std::chrono::seconds kSayAfter{3};
constexpr std::chrono::seconds kLongestWithoutWriter{10};

[[noreturn]] void fail(const std::string& message) { throw Error(ExitCode::kIo, message); }

[[noreturn]] void fail_to_open(const std::string& path) {
  if (errno == ENOENT || errno == ENOTDIR) {
    fail(fmt::format("no such file: {}; check the path", path));
  }
  fail(fmt::format("cannot open {}: {}; check the path and its permissions", path,
                   std::strerror(errno)));
}

/// Throws when `status` is neither a regular file nor a pipe.
void check_kind(const std::string& path, const struct stat& status) {
  if (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode)) return;
  if (S_ISDIR(status.st_mode)) {
    fail(fmt::format("{} is a folder; name a file in it", path));
  }
  fail(fmt::format("{} is a {}; give a file or a pipe", path,
                   S_ISSOCK(status.st_mode) ? "socket" : "device"));
}

}  // namespace

Input::Input(std::string path) : path_(std::move(path)) {
  struct stat status{};
  // Opening a device may already have an effect, so what it is comes first.
  if (::stat(path_.c_str(), &status) != 0) fail_to_open(path_);
  check_kind(path_, status);
  // A pipe without a writer must not block here.
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) {
    const int why = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    errno = why;
    fail_to_open(path_);
  }
  is_pipe_ = S_ISFIFO(status.st_mode);
}

Input::~Input() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Input::Input(Input&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      is_pipe_(other.is_pipe_),
      had_writer_(other.had_writer_) {}

std::size_t Input::read(char* to, std::size_t size) {
  const auto start = std::chrono::steady_clock::now();
  bool said = false;
  for (;;) {
    const ssize_t got = ::read(descriptor_, to, size);
    if (got > 0) {
      had_writer_ = true;
      return static_cast<std::size_t>(got);
    }
    if (got == 0 && (!is_pipe_ || had_writer_)) return 0;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno != EAGAIN) {
      fail(fmt::format("cannot read {}: {}", path_, std::strerror(errno)));
    }
    if (got < 0) had_writer_ = true;  // it is there, but has nothing to say yet
    const auto waited = std::chrono::steady_clock::now() - start;
    if (!had_writer_ && waited >= kLongestWithoutWriter) {
      fail(fmt::format("{} is a pipe that nobody writes to; start its writer first, or give a file",
                       path_));
    }
    if (!said && waited >= kSayAfter) {
      fmt::print(stderr, "waiting for {}, which is a pipe{}\n", path_,
                 had_writer_ ? "" : " that nobody writes to yet");
      said = true;
    }
    pollfd wait{.fd = descriptor_, .events = POLLIN, .revents = 0};
    ::poll(&wait, 1, 100);
    if ((wait.revents & POLLHUP) != 0) {
      had_writer_ = true;  // and has gone
    } else if (!had_writer_) {
      ::usleep(20'000);  // poll returns at once while there was no writer yet
    }
  }
}

namespace {

template <typename Bytes>
Bytes read_all(const std::string& path) {
  Input input(path);
  Bytes bytes;
  struct stat status{};
  if (::fstat(input.descriptor(), &status) == 0 && status.st_size > 0) {
    bytes.reserve(static_cast<std::size_t>(status.st_size) + 1);
  }
  std::size_t size = 0;
  for (;;) {
    bytes.resize(std::max<std::size_t>(bytes.capacity(), size + 65536));
    const std::size_t got =
        input.read(reinterpret_cast<char*>(bytes.data()) + size, bytes.size() - size);
    size += got;
    if (got == 0) break;
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::vector<std::byte> read_file(const std::string& path) {
  return read_all<std::vector<std::byte>>(path);
}

std::string read_text(const std::string& path) { return read_all<std::string>(path); }

}  // namespace vitrine::base
