#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace vitrine::data {

enum class Compression { kNone, kGzip, kZstd };

/// The compression named by a file's first bytes; its name does not matter.
/// Throws Error(kIo) when the file cannot be read.
[[nodiscard]] Compression detect_compression(const std::string& path);

/// Reads a file front to back, unpacking gzip (also several members one after another) and
/// Zstandard on the way. Unlike DuckDB's reader, which takes the end of a half-written archive for
/// the end of the data, it notices that an archive is cut off.
class ByteStream {
 public:
  /// Throws Error(kIo) when the file cannot be opened.
  explicit ByteStream(const std::string& path);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// The next bytes, some 256 KB; empty at the end. The view dies with the next call. Throws
  /// Error(kDataUnusable) on a damaged or cut archive and Error(kIo) when reading fails.
  [[nodiscard]] std::string_view next();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Hands out the physical lines of a file with their number and where they start.
class LineReader {
 public:
  explicit LineReader(const std::string& path) : stream_(path) {}

  /// Moves to the next line; false at the end.
  [[nodiscard]] bool next();

  /// The line without its "\n" or "\r\n"; dies with the next call of next().
  [[nodiscard]] std::string_view line() const noexcept { return line_; }
  /// Counted from 1.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  /// Unpacked bytes before the line.
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

 private:
  ByteStream stream_;
  std::string_view block_;
  std::string carry_;
  std::string_view line_;
  std::uint64_t number_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t next_offset_ = 0;
};

}  // namespace vitrine::data
