#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vitrine::release {

/// The files that a manifest may name, in the order in which they are signed. js/src/loading reads
/// the manifest; docs/sdk.md states its format.
inline constexpr const char* kManifestFiles[] = {"bundle", "wasm", "overlay", "starter"};

/// What a signature of `manifest` is over: a first line, then "name sha256 url" for each file that
/// it names. Throws Error(kDataUnusable) when it is no manifest of format 1.
[[nodiscard]] std::string signed_text(const nlohmann::json& manifest);

/// Reads a manifest. Throws Error: kIo or kDataUnusable.
[[nodiscard]] nlohmann::json read_manifest(const std::string& path);

/// Writes it in one step. Throws Error(kIo).
void write_manifest(const std::string& path, const nlohmann::json& manifest);

/// A file to publish.
struct ReleaseFile {
  std::string name;  // one of kManifestFiles
  std::string path;  // what it is called after
  std::vector<std::byte> bytes;
};

/// Writes each file into `folder` under a name that carries its hash, and returns a manifest that
/// names them. Throws Error(kIo).
[[nodiscard]] nlohmann::json publish(const std::vector<ReleaseFile>& files,
                                     const std::string& folder);

/// HTML for the head of a page that finds the manifest's folder at `base`: links that let the
/// browser fetch what a new visitor needs first, a line each, beside the SDK instead of after it.
[[nodiscard]] std::string preload_links(const nlohmann::json& manifest, std::string base);

}  // namespace vitrine::release
