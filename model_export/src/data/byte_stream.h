#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace vitrine::data {

enum class Compression { kNone, kGzip, kZstd };

/// Detects the compression from the first bytes of a file; the file name does not matter. Throws
/// Error(kIo) when the file cannot be read.
[[nodiscard]] Compression detect_compression(const std::string& path);

/// Reads a file from front to back and unpacks gzip (also several members one after another) and
/// Zstandard. It notices when an archive is cut off. DuckDB's reader does not: it takes the end of
/// a half-written archive for the end of the data.
class ByteStream {
 public:
  /// Throws Error(kIo) when the file cannot be opened. Messages show `name`, or else the path.
  explicit ByteStream(const std::string& path, const std::string& name = "");
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// Returns the next bytes, about 256 KB, or an empty view at the end. The view is valid until the
  /// next call. Throws Error(kDataUnusable) when the archive is damaged or cut off, and Error(kIo)
  /// when reading fails.
  [[nodiscard]] std::string_view next();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Splits a file into physical lines and knows the number and the offset of each.
class LineReader {
 public:
  explicit LineReader(const std::string& path) : stream_(path) {}

  /// Moves to the next line. Returns false at the end.
  [[nodiscard]] bool next();

  /// The line without its "
  /// " or "\r
  /// ". The view is valid until the next call of next().
  [[nodiscard]] std::string_view line() const noexcept { return line_; }
  /// The number of the line, counted from 1.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  /// The number of unpacked bytes before the line.
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
