#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vitrine::base {

/// A regular file or a pipe that is open for reading. Owns its descriptor.
class Input {
 public:
  /// Throws Error(kIo) when `path` does not exist, cannot be opened, or is a folder, a device or a
  /// socket, which are not opened at all.
  explicit Input(std::string path);
  ~Input();
  Input(Input&& other) noexcept;
  Input& operator=(Input&&) = delete;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  [[nodiscard]] bool is_pipe() const { return is_pipe_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// Returns the number of bytes read into `to`, at most `size`; 0 at the end. A pipe is waited
  /// for: a line on stderr says so after some seconds. Throws Error(kIo) when reading fails, or
  /// when nobody has opened a pipe for writing within ten seconds.
  [[nodiscard]] std::size_t read(char* to, std::size_t size);

 private:
  std::string path_;
  int descriptor_ = -1;
  bool is_pipe_ = false;
  bool had_writer_ = false;
};

/// Reads a complete file, or a pipe to its end. Throws Error(kIo).
[[nodiscard]] std::vector<std::byte> read_file(const std::string& path);

/// The same as text.
[[nodiscard]] std::string read_text(const std::string& path);

}  // namespace vitrine::base
