#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
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
  std::vector<std::string> keys;
  release::ReleaseFacts facts;
};

/// Returns the name of a shop as a page compares it: an origin has no slash at its end.
std::string shop_name(std::string shop) {
  while (shop.ends_with('/')) shop.pop_back();
  return shop;
}

std::string until(const release::Json& manifest) {
  return fmt::format("release {}, valid until {}", manifest["release"].get<std::uint64_t>(),
                     manifest["expires"].get<std::string>());
}

void run_manifest(const Arguments& arguments) {
  if (!arguments.keys.empty() && shop_name(arguments.facts.shop).empty()) {
    throw base::Error(base::ExitCode::kUsage,
                      "A signed manifest names its shop, so that another shop of the same key "
                      "cannot take its place. Give --shop with the shop's origin, such as "
                      "https://shop.example.");
  }
  release::make_folder(arguments.out);
  OutputCheck()
      .writes("--out", arguments.out + "/manifest.json")
      .writes("--out", arguments.preload.empty() ? "" : arguments.out + "/preload.html")
      .reads_bundle("--bundle", arguments.bundle)
      .reads("--wasm", arguments.wasm)
      .reads("--overlay", arguments.overlay)
      .reads("--key", arguments.keys)
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
  release::ReleaseFacts facts = arguments.facts;
  facts.shop = shop_name(facts.shop);
  const std::string path = arguments.out + "/manifest.json";
  release::Json manifest = release::publish(files, facts, arguments.out);
  if (!arguments.keys.empty()) {
    release::sign_manifest(manifest, arguments.keys, release::release_in(path), {});
  }
  release::write_manifest(path, manifest);
  if (!arguments.preload.empty()) {
    const std::string links = release::preload_links(manifest, arguments.preload);
    base::write_file(arguments.out + "/preload.html", std::as_bytes(std::span(links)));
  }
  fmt::print("{}{}\n", path, arguments.keys.empty() ? "" : ", signed, " + until(manifest));
  for (const release::Json& part : manifest["parts"]) {
    fmt::print("  {:<8}{}, {} bytes\n", part["kind"].get<std::string>(),
               part["url"].get<std::string>(),
               base::with_thousands(part["size"].get<std::uint64_t>()));
  }
}

void run_sign(const Arguments& arguments) {
  release::Json manifest = release::read_manifest(arguments.manifest);
  release::sign_manifest(manifest, arguments.keys, 0, arguments.facts.days);
  release::write_manifest(arguments.manifest, manifest);
  fmt::print("signed {}, {}\n", arguments.manifest, until(manifest));
}

void add_days(CLI::App* command, Arguments& arguments) {
  command
      ->add_option("--expires-days", arguments.facts.days,
                   "Days for which pages take the manifest from the network; a signed manifest "
                   "without this expires after 30 days")
      ->check(CLI::Range(1, 36'500))
      ->type_name("DAYS");
}

CLI::Option* add_keys(CLI::App* command, Arguments& arguments, const char* description) {
  return command->add_option("--key", arguments.keys, description)
      ->allow_extra_args(false)
      ->type_name("FILE");
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
  manifest
      ->add_option("--shop", arguments->facts.shop,
                   "The shop: its origin, or the name that its pages give as `shop`; needed with "
                   "--key")
      ->type_name("ORIGIN");
  manifest
      ->add_option("--release", arguments->facts.release,
                   "Number of the release; pages that check signatures never go back to a lower "
                   "one. Default with --key: the seconds since 1970, but more than in the "
                   "manifest that is replaced")
      ->type_name("NUMBER");
  add_days(manifest, *arguments);
  add_keys(manifest, *arguments, "Sign with this private key; may be given several times");
  manifest->callback([arguments] { run_manifest(*arguments); });

  CLI::App* keygen = app.add_subcommand("keygen", "Make a key for signing manifests");
  keygen->add_option("--out", arguments->out, "File for the private key; do not publish it")
      ->required()
      ->type_name("FILE");
  keygen->callback(
      [arguments] { fmt::print("public key {}\n", release::generate_key(arguments->out)); });

  CLI::App* sign = app.add_subcommand("sign", "Sign a manifest; the file is changed");
  sign->add_option("manifest", arguments->manifest, "The manifest")->required()->type_name("FILE");
  add_days(sign, *arguments);
  add_keys(sign, *arguments,
           "The private key; may be given several times. Signatures of other keys stay, unless "
           "--expires-days is given")
      ->required();
  sign->callback([arguments] { run_sign(*arguments); });
}

}  // namespace vitrine::commands
