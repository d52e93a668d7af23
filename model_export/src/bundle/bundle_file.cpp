#include "bundle/bundle_file.h"

#include <brotli/encode.h>
#include <fmt/format.h>

#include <cstring>
#include <memory>

#include "base/error.h"
#include "base/input.h"
#include "base/json.h"

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

BundleFile BundleFile::read(const std::string& path) {
  std::vector<std::byte> bytes = base::read_file(path);
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
  std::vector<std::byte> bytes = base::read_file(path);
  if (const Status status = bundle_.apply(bytes); status != Status::kOk) {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format("{}: {}. Make it again with `vitrine overlay`.", path, message(status)));
  }
  overlay_ = std::move(bytes);
}

nlohmann::json metadata_of(const Bundle& bundle) {
  nlohmann::json metadata = base::try_json(bundle.metadata()).value_or(nullptr);
  return metadata.is_object() ? metadata : nlohmann::json::object();
}

std::string content_name(std::span<const std::byte> bundle) {
  layout::Header header;
  std::memcpy(&header, bundle.data(), sizeof header);
  return fmt::format("{:016x}", header.content_hash);
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
