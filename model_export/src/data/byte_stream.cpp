#include "data/byte_stream.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "base/error.h"

namespace vitrine::data {

namespace {

constexpr std::size_t kBlockBytes = 256 * 1024;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File open_file(const std::string& path) {
  File file(std::fopen(path.c_str(), "rb"));
  if (!file) {
    throw base::Error(base::ExitCode::kIo,
                      fmt::format("cannot open {}: {}; check the path and its permissions", path,
                                  std::strerror(errno)));
  }
  return file;
}

[[noreturn]] void throw_cut(const std::string& path, std::string_view kind) {
  throw base::Error(
      base::ExitCode::kDataUnusable,
      fmt::format("{} is a {} archive that ends too early: it was probably still being "
                  "written; copy it again or wait until it is complete",
                  path, kind));
}

[[noreturn]] void throw_damaged(const std::string& path, std::string_view kind,
                                std::string_view detail) {
  throw base::Error(base::ExitCode::kDataUnusable,
                    fmt::format("{} is a damaged {} archive ({}); copy it again from its source",
                                path, kind, detail));
}

}  // namespace

Compression detect_compression(const std::string& path) {
  const File file = open_file(path);
  std::array<unsigned char, 4> head{};
  const std::size_t size = std::fread(head.data(), 1, head.size(), file.get());
  if (std::ferror(file.get()) != 0) {
    throw base::Error(base::ExitCode::kIo,
                      fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  }
  if (size >= 2 && head[0] == 0x1f && head[1] == 0x8b) return Compression::kGzip;
  if (size >= 4 && head[0] == 0x28 && head[1] == 0xb5 && head[2] == 0x2f && head[3] == 0xfd) {
    return Compression::kZstd;
  }
  return Compression::kNone;
}

struct ByteStream::Impl {
  std::string path;
  Compression compression;
  File file;
  std::vector<char> packed;
  std::vector<char> plain;
  std::size_t packed_size = 0;
  std::size_t packed_at = 0;
  bool at_member_start = true;  // between two gzip members or zstd frames the file may end
  z_stream inflater{};
  ZSTD_DStream* zstd = nullptr;

  explicit Impl(const std::string& file_path)
      : path(file_path), compression(detect_compression(file_path)), file(open_file(file_path)) {
    packed.resize(kBlockBytes);
    if (compression != Compression::kNone) plain.resize(kBlockBytes);
    if (compression == Compression::kGzip && inflateInit2(&inflater, 15 + 16) != Z_OK) {
      throw base::Error(base::ExitCode::kFailure, "zlib does not start: out of memory");
    }
    if (compression == Compression::kZstd) {
      zstd = ZSTD_createDStream();
      if (zstd == nullptr)
        throw base::Error(base::ExitCode::kFailure, "zstd does not start: out of memory");
    }
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (compression == Compression::kGzip) inflateEnd(&inflater);
    ZSTD_freeDStream(zstd);
  }

  bool refill() {
    packed_size = std::fread(packed.data(), 1, packed.size(), file.get());
    packed_at = 0;
    if (std::ferror(file.get()) != 0) {
      throw base::Error(base::ExitCode::kIo,
                        fmt::format("cannot read {}: {}", path, std::strerror(errno)));
    }
    return packed_size != 0;
  }

  std::string_view next_gzip() {
    while (true) {
      if (packed_at == packed_size && !refill()) {
        if (!at_member_start) throw_cut(path, "gzip");
        return {};
      }
      if (at_member_start && inflater.total_in != 0) inflateReset(&inflater);
      at_member_start = false;
      inflater.next_in = reinterpret_cast<Bytef*>(packed.data() + packed_at);
      inflater.avail_in = static_cast<uInt>(packed_size - packed_at);
      inflater.next_out = reinterpret_cast<Bytef*>(plain.data());
      inflater.avail_out = static_cast<uInt>(plain.size());
      const int state = inflate(&inflater, Z_NO_FLUSH);
      packed_at = packed_size - inflater.avail_in;
      if (state == Z_STREAM_END) {
        at_member_start = true;
      } else if (state != Z_OK && state != Z_BUF_ERROR) {
        throw_damaged(path, "gzip", inflater.msg == nullptr ? "checksum" : inflater.msg);
      }
      const std::size_t produced = plain.size() - inflater.avail_out;
      if (produced != 0) return {plain.data(), produced};
    }
  }

  std::string_view next_zstd() {
    while (true) {
      if (packed_at == packed_size && !refill()) {
        if (!at_member_start) throw_cut(path, "Zstandard");
        return {};
      }
      ZSTD_inBuffer in{packed.data(), packed_size, packed_at};
      ZSTD_outBuffer out{plain.data(), plain.size(), 0};
      const std::size_t state = ZSTD_decompressStream(zstd, &out, &in);
      if (ZSTD_isError(state) != 0) throw_damaged(path, "Zstandard", ZSTD_getErrorName(state));
      packed_at = in.pos;
      at_member_start = state == 0;
      if (out.pos != 0) return {plain.data(), out.pos};
    }
  }

  std::string_view next() {
    switch (compression) {
      case Compression::kGzip:
        return next_gzip();
      case Compression::kZstd:
        return next_zstd();
      case Compression::kNone:
        break;
    }
    if (!refill()) return {};
    return {packed.data(), packed_size};
  }
};

ByteStream::ByteStream(const std::string& path, const std::string& name)
    : impl_(std::make_unique<Impl>(path)) {
  if (!name.empty()) impl_->path = name;
}
ByteStream::~ByteStream() = default;

std::string_view ByteStream::next() { return impl_->next(); }

bool LineReader::next() {
  carry_.clear();
  offset_ = next_offset_;
  while (true) {
    if (block_.empty()) {
      block_ = stream_.next();
      if (block_.empty()) {
        if (carry_.empty()) return false;
        next_offset_ += carry_.size();
        line_ = carry_;
        break;
      }
    }
    const std::size_t end = block_.find('\n');
    if (end == std::string_view::npos) {
      carry_ += block_;
      block_ = {};
      continue;
    }
    if (carry_.empty()) {
      line_ = block_.substr(0, end);
    } else {
      carry_ += block_.substr(0, end);
      line_ = carry_;
    }
    next_offset_ += line_.size() + 1;
    block_.remove_prefix(end + 1);
    break;
  }
  ++number_;
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  return true;
}

}  // namespace vitrine::data
