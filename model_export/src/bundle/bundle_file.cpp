#include "bundle/bundle_file.h"

#include <brotli/encode.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/error.h"

namespace vitrine::bundle {
namespace {

/// Opens a bundle and verifies all of its bytes.
Result<Bundle> verified(std::span<const std::byte> bytes) {
  Result<Bundle> bundle = Bundle::open(bytes);
  if (!bundle.ok()) return bundle;
  const Status status = bundle.value().verify();
  return status == Status::kOk ? std::move(bundle) : Result<Bundle>(status);
}

}  // namespace

std::vector<std::byte> read_file(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) {
    throw base::Error(base::ExitCode::kIo, fmt::format("There is no file {}.", path));
  }
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0)));
  file.seekg(0).read(reinterpret_cast<char*>(bytes.data()),
                     static_cast<std::streamsize>(bytes.size()));
  if (!file) throw base::Error(base::ExitCode::kIo, fmt::format("{} cannot be read.", path));
  return bytes;
}

BundleFile BundleFile::read(const std::string& path) {
  std::vector<std::byte> bytes = read_file(path);
  Result<Bundle> bundle = verified(bytes);
  if (!bundle.ok()) {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format("{}: {}. Make it again with `vitrine train`.", path, message(bundle.status())));
  }
  return {std::move(bytes), std::move(bundle).value()};
}

BundleFile BundleFile::open(std::vector<std::byte> bytes) {
  Result<Bundle> bundle = verified(bytes);
  if (!bundle.ok()) {
    throw base::Error(
        base::ExitCode::kFailure,
        fmt::format("The bundle just made is not valid: {}. This is a bug in vitrine.",
                    message(bundle.status())));
  }
  return {std::move(bytes), std::move(bundle).value()};
}

void BundleFile::apply(const std::string& path) {
  std::vector<std::byte> bytes = read_file(path);
  if (const Status status = bundle_.apply(bytes); status != Status::kOk) {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format("{}: {}. Make it again with `vitrine overlay`.", path, message(status)));
  }
  overlay_ = std::move(bytes);
}

std::string content_name(std::span<const std::byte> bundle) {
  layout::Header header;
  std::memcpy(&header, bundle.data(), sizeof header);
  return fmt::format("{:016x}", header.content_hash);
}

void write_file(const std::string& path, std::span<const std::byte> bytes) {
  const std::string aside = fmt::format("{}.{}.tmp", path, ::getpid());
  std::ofstream file(aside, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code failed;
  if (file) std::filesystem::rename(aside, path, failed);
  if (!file || failed) {
    const std::string why = failed ? failed.message() : std::strerror(errno);
    std::filesystem::remove(aside, failed);
    throw base::Error(
        base::ExitCode::kIo,
        fmt::format("{} cannot be written: {}. The old file is unchanged.", path, why));
  }
}

std::size_t brotli_size(std::span<const std::byte> bytes, int quality) {
  const std::unique_ptr<BrotliEncoderState, decltype(&BrotliEncoderDestroyInstance)> encoder(
      BrotliEncoderCreateInstance(nullptr, nullptr, nullptr), &BrotliEncoderDestroyInstance);
  BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_QUALITY,
                            static_cast<std::uint32_t>(quality));
  BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_LGWIN, BROTLI_MAX_WINDOW_BITS);
  const auto* in = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t in_left = bytes.size();
  std::vector<std::uint8_t> out(std::size_t{1} << 16U);
  std::size_t total = 0;
  while (BrotliEncoderIsFinished(encoder.get()) == BROTLI_FALSE) {
    std::uint8_t* to = out.data();
    std::size_t room = out.size();
    if (BrotliEncoderCompressStream(encoder.get(), BROTLI_OPERATION_FINISH, &in_left, &in, &room,
                                    &to, nullptr) == BROTLI_FALSE) {
      throw base::Error(base::ExitCode::kFailure, "brotli failed; is there enough memory?");
    }
    total += out.size() - room;
  }
  return total;
}

}  // namespace vitrine::bundle
