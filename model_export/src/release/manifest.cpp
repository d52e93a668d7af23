#include "release/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>

#include "base/error.h"
#include "base/input.h"
#include "base/json.h"
#include "base/markup.h"
#include "base/output_file.h"
#include "bundle/bundle_file.h"
#include "release/signing.h"

namespace vitrine::release {
namespace {

bool is_text(const nlohmann::json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_string();
}

}  // namespace

std::string signed_text(const nlohmann::json& manifest) {
  const auto unusable = [](const std::string& what) {
    return base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format("This is not a manifest: {}. Make one with `vitrine manifest`.", what));
  };
  if (!manifest.is_object() || manifest.value("format", nlohmann::json()) != 1) {
    throw unusable("its format is not 1");
  }
  std::string text = "vitrine manifest 1\n";
  for (const char* name : kManifestFiles) {
    if (!manifest.contains(name)) continue;
    const nlohmann::json& file = manifest[name];
    if (!is_text(file, "url") || !is_text(file, "sha256")) {
      throw unusable(fmt::format("\"{}\" has no url or no sha256", name));
    }
    const auto url = file["url"].get<std::string>();
    if (url.find_first_of(" \t\r\n") != std::string::npos) {
      throw unusable(fmt::format("the url of \"{}\" has a space", name));
    }
    text += fmt::format("{} {} {}\n", name, file["sha256"].get<std::string>(), url);
  }
  if (!manifest.contains("bundle")) throw unusable("it names no bundle");
  return text;
}

nlohmann::json read_manifest(const std::string& path) {
  return base::parse_json(base::read_text(path), path, base::ExitCode::kDataUnusable);
}

void write_manifest(const std::string& path, const nlohmann::json& manifest) {
  const std::string text = base::json_text(manifest) + "\n";
  base::write_file(path, std::as_bytes(std::span(text)));
}

void make_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!fs::is_directory(folder, failed)) {
    throw base::Error(base::ExitCode::kIo,
                      fmt::format("The folder {} does not exist and cannot be created.", folder));
  }
}

nlohmann::json publish(const std::vector<ReleaseFile>& files, const std::string& folder) {
  namespace fs = std::filesystem;
  make_folder(folder);
  nlohmann::json manifest = {{"format", 1}};
  for (const auto& [name, path, bytes] : files) {
    const std::string hash = sha256(bytes);
    std::string stem = fs::path(path).stem().string();
    std::replace_if(
        stem.begin(), stem.end(),
        [](unsigned char c) { return std::isalnum(c) == 0 && c != '-' && c != '_'; }, '-');
    const std::string published =
        fmt::format("{}.{}{}", stem, hash.substr(0, 16), fs::path(path).extension().string());
    base::write_file((fs::path(folder) / published).string(), bytes);
    manifest[name] = {{"url", published}, {"sha256", hash}};
  }
  return manifest;
}

std::string preload_links(const nlohmann::json& manifest, std::string base) {
  if (!base.ends_with('/')) base += '/';
  std::vector<std::string> names = {"manifest.json"};
  for (const char* name : {"wasm", "preview"}) {
    if (manifest.contains(name)) names.push_back(manifest[name]["url"].get<std::string>());
  }
  std::string links;
  for (const std::string& name : names) {
    links += fmt::format("<link rel=\"preload\" as=\"fetch\" crossorigin href=\"{}\">\n",
                         base::escaped(base + name));
  }
  return links;
}

}  // namespace vitrine::release
