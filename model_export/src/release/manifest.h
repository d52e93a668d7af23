#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace vitrine::release {

/// A manifest keeps the order of its keys, because the signed text has it.
using Json = nlohmann::ordered_json;

/// Returns the text that a signature of `manifest` covers: the manifest without its signatures, as
/// JSON without white space. js/src/loading/manifest.ts makes the same text; docs/sdk.md describes
/// the format. Throws Error(kDataUnusable) when `manifest` is not a manifest of format 2.
[[nodiscard]] std::string signed_text(const Json& manifest);

/// Reads a manifest. Throws Error: kIo when it cannot be read, kDataUnusable when it is not JSON.
[[nodiscard]] Json read_manifest(const std::string& path);

/// Writes a manifest in one step, so that no reader sees a part of it. Throws Error(kIo).
void write_manifest(const std::string& path, const Json& manifest);

/// A file to publish.
struct ReleaseFile {
  std::string kind;  // bundle, wasm, overlay or preview
  std::string path;  // its published name is derived from this path
  std::vector<std::byte> bytes;
};

/// Makes the folder if it does not exist. Throws Error(kIo) when that cannot be done.
void make_folder(const std::string& folder);

/// The statements of a manifest about itself.
struct ReleaseFacts {
  std::string shop;                      // name or origin; empty for none
  std::optional<std::uint64_t> release;  // rises with each manifest of a shop
  std::optional<std::uint64_t> days;  // until it expires; no value: kDefaultDays for a signed one
};

inline constexpr std::uint64_t kDefaultDays = 30;

/// Writes each file into `folder` under a name that contains its hash, and returns a manifest that
/// names these files, with the facts that are given. Throws Error(kIo).
[[nodiscard]] Json publish(const std::vector<ReleaseFile>& files, const ReleaseFacts& facts,
                           const std::string& folder);

/// Returns the release of the manifest in the file `path`; 0 when there is none.
[[nodiscard]] std::uint64_t release_in(const std::string& path);

/// Signs a manifest with the private keys in these PEM files. A signature of the same key is
/// replaced, those of other keys stay. Without a release it gets one: the seconds since 1970, or
/// one more than `before` if that is more. Without an end it expires after kDefaultDays. `days`
/// sets a new end, and then the signatures of other keys go. The environment variable
/// SOURCE_DATE_EPOCH stands for the clock. Throws Error: kUsage when it names no shop, or has
/// a release below `before`; else as
/// `signed_text` and `sign`.
void sign_manifest(Json& manifest, const std::vector<std::string>& keys, std::uint64_t before,
                   std::optional<std::uint64_t> days);

/// Returns HTML for the head of a page, one link a line. The links let the browser fetch the files
/// that a new visitor needs while it still loads the SDK. `base` is the address of the manifest's
/// folder.
[[nodiscard]] std::string preload_links(const Json& manifest, std::string base);

}  // namespace vitrine::release
