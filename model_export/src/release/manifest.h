#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vitrine::release {

/// The files that a manifest may name, in the order in which they are signed. js/src/loading reads
/// the manifest; docs/sdk.md describes its format.
inline constexpr const char* kManifestFiles[] = {"bundle", "wasm", "overlay", "preview"};

/// Returns the text that a signature of `manifest` covers: a first line, then "name sha256 url" for
/// each file that the manifest names. Throws Error(kDataUnusable) when `manifest` is not a manifest
/// of format 1.
[[nodiscard]] std::string signed_text(const nlohmann::json& manifest);

/// Reads a manifest. Throws Error: kIo when it cannot be read, kDataUnusable when it is not JSON of
/// format 1.
[[nodiscard]] nlohmann::json read_manifest(const std::string& path);

/// Writes a manifest in one step, so that no reader sees a part of it. Throws Error(kIo).
void write_manifest(const std::string& path, const nlohmann::json& manifest);

/// A file to publish.
struct ReleaseFile {
  std::string name;  // one of kManifestFiles
  std::string path;  // its published name is derived from this path
  std::vector<std::byte> bytes;
};

/// Makes the folder if it does not exist. Throws Error(kIo) when that cannot be done.
void make_folder(const std::string& folder);

/// Writes each file into `folder` under a name that contains its hash, and returns a manifest that
/// names these files. Throws Error(kIo).
[[nodiscard]] nlohmann::json publish(const std::vector<ReleaseFile>& files,
                                     const std::string& folder);

/// Returns HTML for the head of a page, one link a line. The links let the browser fetch the files
/// that a new visitor needs while it still loads the SDK. `base` is the address of the manifest's
/// folder.
[[nodiscard]] std::string preload_links(const nlohmann::json& manifest, std::string base);

}  // namespace vitrine::release
