#include "release/manifest.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <span>

#include "base/error.h"
#include "base/input.h"
#include "base/json.h"
#include "base/markup.h"
#include "base/output_file.h"
#include "release/signing.h"

namespace vitrine::release {
namespace {

/// The largest whole number that JavaScript reads exactly.
constexpr std::uint64_t kLargest = (std::uint64_t{1} << 53) - 1;
constexpr std::uint64_t kSecondsADay = 24 * 3600;

base::Error unusable(const std::string& what) {
  return base::Error(
      base::ExitCode::kDataUnusable,
      fmt::format("This is not a manifest: {}. Make one with `vitrine manifest`.", what));
}

bool is_text(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_string();
}

bool is_whole(const Json& value) {
  return value.is_number_integer() && value >= 0 && value.get<std::uint64_t>() <= kLargest;
}

const Json* part_of(const Json& manifest, std::string_view kind) {
  for (const Json& part : manifest["parts"]) {
    if (is_text(part, "kind") && part["kind"].get<std::string>() == kind) return &part;
  }
  return nullptr;
}

std::uint64_t now() {
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH"))
    return std::strtoull(fixed, nullptr, 10);
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

/// Returns the time so many days from now, as in 2026-12-31T23:59:59Z.
std::string after(std::uint64_t days) {
  const std::chrono::sys_seconds end{
      std::chrono::seconds(static_cast<std::int64_t>(now() + days * kSecondsADay))};
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", end);
}

/// Puts a member before the parts, where a reader looks for it.
void put(Json& manifest, const char* name, Json value) {
  if (manifest.contains(name)) {
    manifest[name] = std::move(value);
    return;
  }
  Json ordered;
  for (auto& [key, member] : manifest.items()) {
    if (key == "parts") ordered[name] = value;
    ordered[key] = std::move(member);
  }
  manifest = std::move(ordered);
}

}  // namespace

std::string signed_text(const Json& manifest) {
  if (!manifest.is_object() || manifest.value("format", Json()) != 2) {
    throw unusable("its format is not 2");
  }
  if (!manifest.contains("parts") || !manifest["parts"].is_array()) {
    throw unusable("it has no list of parts");
  }
  for (const Json& part : manifest["parts"]) {
    if (!is_text(part, "kind") || !is_text(part, "url") || !is_text(part, "sha256") ||
        !part.contains("size") || !is_whole(part["size"])) {
      throw unusable("a part needs a kind, a url, a size and a sha256");
    }
  }
  if (part_of(manifest, "bundle") == nullptr) throw unusable("it names no bundle");
  Json text = manifest;
  text.erase("signatures");
  // JavaScript and this program write other numbers in different ways.
  const Json values = text.flatten();
  for (const auto& [name, value] : values.items()) {
    if (value.is_number() && !is_whole(value)) {
      throw unusable(fmt::format("{} is not a whole number of JavaScript", name));
    }
  }
  return text.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json read_manifest(const std::string& path) {
  const std::string text = base::read_text(path);
  // Its depth and its faults; then again with the order of its members, which is signed.
  static_cast<void>(base::parse_json(text, path, base::ExitCode::kDataUnusable));
  return Json::parse(text);
}

void write_manifest(const std::string& path, const Json& manifest) {
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

Json publish(const std::vector<ReleaseFile>& files, const ReleaseFacts& facts,
             const std::string& folder) {
  namespace fs = std::filesystem;
  make_folder(folder);
  Json manifest = {{"format", 2}};
  if (!facts.shop.empty()) manifest["shop"] = facts.shop;
  if (facts.release) manifest["release"] = *facts.release;
  if (facts.days) manifest["expires"] = after(*facts.days);
  manifest["parts"] = Json::array();
  for (const auto& [kind, path, bytes] : files) {
    const std::string hash = sha256(bytes);
    std::string stem = fs::path(path).stem().string();
    std::replace_if(
        stem.begin(), stem.end(),
        [](unsigned char c) { return std::isalnum(c) == 0 && c != '-' && c != '_'; }, '-');
    const std::string published =
        fmt::format("{}.{}{}", stem, hash.substr(0, 16), fs::path(path).extension().string());
    base::write_file((fs::path(folder) / published).string(), bytes);
    manifest["parts"].push_back(
        {{"kind", kind}, {"url", published}, {"size", bytes.size()}, {"sha256", hash}});
  }
  return manifest;
}

std::uint64_t release_in(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return 0;
  const Json manifest = read_manifest(path);
  const bool known = manifest.is_object() && manifest.contains("release");
  return known && is_whole(manifest["release"]) ? manifest["release"].get<std::uint64_t>() : 0;
}

void sign_manifest(Json& manifest, const std::vector<std::string>& keys, std::uint64_t before,
                   std::optional<std::uint64_t> days) {
  static_cast<void>(signed_text(manifest));  // throws when it is no manifest
  if (!is_text(manifest, "shop") || manifest["shop"].get<std::string>().empty()) {
    throw base::Error(base::ExitCode::kUsage,
                      "A signed manifest names its shop, so that another shop of the same key "
                      "cannot take its place. Make it with `vitrine manifest --shop`.");
  }
  if (manifest.contains("release") && is_whole(manifest["release"]) &&
      manifest["release"].get<std::uint64_t>() < before) {
    throw base::Error(
        base::ExitCode::kUsage,
        fmt::format("The folder has release {} already, and pages never go back to a lower one. "
                    "Give --release {} or more, or leave it out.",
                    before, before));
  }
  Json signatures = manifest.value("signatures", Json::array());
  if (!signatures.is_array() || days) signatures = Json::array();
  manifest.erase("signatures");
  if (!manifest.contains("release")) put(manifest, "release", std::max(now(), before + 1));
  if (days || !manifest.contains("expires")) {
    put(manifest, "expires", after(days.value_or(kDefaultDays)));
  }
  const std::string text = signed_text(manifest);
  for (const std::string& key : keys) {
    const std::string name = key_name(key);
    Json others = Json::array();
    for (const Json& one : signatures) {
      if (!is_text(one, "key") || one["key"].get<std::string>() != name) others.push_back(one);
    }
    signatures = std::move(others);
    signatures.push_back({{"key", name}, {"value", sign(text, key)}});
  }
  manifest["signatures"] = std::move(signatures);
}

std::string preload_links(const Json& manifest, std::string base) {
  if (!base.ends_with('/')) base += '/';
  std::vector<std::string> names = {"manifest.json"};
  for (const char* kind : {"wasm", "preview"}) {
    if (const Json* part = part_of(manifest, kind)) names.push_back((*part)["url"]);
  }
  std::string links;
  for (const std::string& name : names) {
    links += fmt::format("<link rel=\"preload\" as=\"fetch\" crossorigin href=\"{}\">\n",
                         base::escaped(base + name));
  }
  return links;
}

}  // namespace vitrine::release
