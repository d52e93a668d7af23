#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/input.h"
#include "base/output_file.h"
#include "base/progress.h"
#include "bundle/bundle_file.h"
#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/output_check.h"
#include "release/manifest.h"
#include "release/preview.h"
#include "release/signing.h"

namespace vitrine::commands {
namespace {

struct Arguments {
  std::string bundle, wasm, overlay, out, key, manifest, preload;
  std::string preview = "40KB";
};

void sign_manifest(nlohmann::json& manifest, const std::string& key) {
  manifest["signature"] = release::sign(release::signed_text(manifest), key);
}

void run_manifest(const Arguments& arguments) {
  release::make_folder(arguments.out);
  OutputCheck()
      .writes("--out", arguments.out + "/manifest.json")
      .writes("--out", arguments.preload.empty() ? "" : arguments.out + "/preload.html")
      .reads_bundle("--bundle", arguments.bundle)
      .reads("--wasm", arguments.wasm)
      .reads("--overlay", arguments.overlay)
      .reads("--key", arguments.key)
      .check();
  bundle::BundleFile bundle =
      bundle::BundleFile::read(arguments.bundle);  // never publish what does not open
  if (!arguments.overlay.empty()) bundle.apply(arguments.overlay);
  std::vector<release::ReleaseFile> files;
  for (const auto& [name, path] : {std::pair("bundle", arguments.bundle),
                                   {"wasm", arguments.wasm},
                                   {"overlay", arguments.overlay}}) {
    if (!path.empty()) files.push_back({name, path, base::read_file(path)});
  }
  const std::uint64_t preview_size =
      arguments.preview == "none" ? 0 : parse_bytes(arguments.preview);
  std::vector<std::byte> preview =
      release::make_preview(bundle.bundle(), bundle::brotli_size(bundle.bytes(), 5), preview_size);
  if (!preview.empty()) {
    const std::filesystem::path path = arguments.bundle;
    files.push_back({"preview", path.stem().string() + "-preview" + path.extension().string(),
                     std::move(preview)});
  }
  nlohmann::json manifest = release::publish(files, arguments.out);
  if (!arguments.key.empty()) sign_manifest(manifest, arguments.key);
  release::write_manifest(arguments.out + "/manifest.json", manifest);
  if (!arguments.preload.empty()) {
    const std::string links = release::preload_links(manifest, arguments.preload);
    base::write_file(arguments.out + "/preload.html", std::as_bytes(std::span(links)));
  }
  fmt::print("{}/manifest.json{}\n", arguments.out, arguments.key.empty() ? "" : ", signed");
  for (const auto& [name, path, bytes] : files) {
    fmt::print("  {:<8}{}, {} bytes\n", name, manifest[name]["url"].get<std::string>(),
               base::with_thousands(bytes.size()));
  }
}

void run_sign(const Arguments& arguments) {
  nlohmann::json manifest = release::read_manifest(arguments.manifest);
  sign_manifest(manifest, arguments.key);
  release::write_manifest(arguments.manifest, manifest);
  fmt::print("signed {}\n", arguments.manifest);
}

}  // namespace

void add_release_commands(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();

  CLI::App* manifest = app.add_subcommand(
      "manifest",
      "Publish a bundle: write its files under names that contain their hash, and a manifest");
  manifest->add_option("--bundle", arguments->bundle, "The bundle")->required()->type_name("FILE");
  manifest
      ->add_option("--wasm", arguments->wasm, "The WebAssembly of the npm package, vitrine.wasm")
      ->type_name("FILE");
  manifest
      ->add_option("--overlay", arguments->overlay,
                   "Changes to the bundle, written by `vitrine overlay`")
      ->type_name("FILE");
  manifest
      ->add_option("--preview", arguments->preview,
                   "Largest size after brotli of the preview: a bundle of the best-known items, "
                   "which pages use until the complete bundle is loaded; `none` for no preview")
      ->capture_default_str()
      ->type_name("SIZE");
  manifest
      ->add_option("--out", arguments->out,
                   "Folder for the files; it is created if it does not exist")
      ->required()
      ->type_name("FOLDER");
  manifest
      ->add_option("--preload", arguments->preload,
                   "Also write preload.html with links for the head of pages, so that new visitors "
                   "load the preview and the SDK at the same time; URL is the address of the "
                   "folder, such as /vitrine/")
      ->type_name("URL");
  manifest->add_option("--key", arguments->key, "Sign with this private key")->type_name("FILE");
  manifest->callback([arguments] { run_manifest(*arguments); });

  CLI::App* keygen = app.add_subcommand("keygen", "Make a key for signing manifests");
  keygen->add_option("--out", arguments->out, "File for the private key; do not publish it")
      ->required()
      ->type_name("FILE");
  keygen->callback(
      [arguments] { fmt::print("public key {}\n", release::generate_key(arguments->out)); });

  CLI::App* sign = app.add_subcommand("sign", "Sign a manifest; the file is changed");
  sign->add_option("manifest", arguments->manifest, "The manifest")->required()->type_name("FILE");
  sign->add_option("--key", arguments->key, "The private key")->required()->type_name("FILE");
  sign->callback([arguments] { run_sign(*arguments); });
}

}  // namespace vitrine::commands
