#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>

#include "bundle/bundle_file.h"
#include "cli/progress.h"
#include "commands/commands.h"

namespace vitrine::train {
namespace {

struct Arguments {
  std::string bundle;
  bool json = false;
};

std::string_view name_of(layout::SectionKind kind) {
  using enum layout::SectionKind;
  switch (kind) {
    case kIds:
      return "ids";
    case kIdOrder:
      return "id order";
    case kSettings:
      return "settings";
    case kMetadata:
      return "metadata";
    case kExperiments:
      return "experiments";
    case kPopularity:
      return "popularity";
    case kCategories:
      return "categories";
    case kBrands:
      return "brands";
    case kItemCategory:
      return "item category";
    case kItemBrand:
      return "item brand";
    case kItemPrice:
      return "item price";
    case kItemAvailable:
      return "item available";
    case kEmbeddingScales:
      return "embedding scales";
    case kEmbeddingCodes:
      return "embedding codes";
    case kEmbeddingGram:
      return "embedding Gram matrix";
    case kRowLengths:
      return "session row lengths";
    case kRowLevels:
      return "session row levels";
    case kRowEntries:
      return "session rows";
  }
  return "unknown";
}

void run(const Arguments& arguments) {
  const BundleFile file = BundleFile::read(arguments.bundle);
  const Bundle& bundle = file.bundle();
  const std::size_t compressed = brotli_size(file.bytes());
  const nlohmann::json metadata = nlohmann::json::parse(bundle.metadata(), nullptr, false);
  nlohmann::json sections = nlohmann::json::array();
  for (const layout::Section& section : bundle.sections()) {
    const auto bytes = file.bytes().subspan(section.offset, section.size);
    sections.push_back({{"name", name_of(section.kind)},
                        {"bytes", section.size},
                        {"brotli_bytes", brotli_size(bytes)}});
  }
  if (arguments.json) {
    const nlohmann::json json = {
        {"file", arguments.bundle},
        {"format", bundle.header().version},
        {"hash", fmt::format("{:016x}", bundle.content_hash())},
        {"bytes", file.bytes().size()},
        {"brotli_bytes", compressed},
        {"items", bundle.item_count()},
        {"categories", bundle.catalog().categories().size()},
        {"brands", bundle.catalog().brands().size()},
        {"embedding_dims", bundle.embeddings().dims},
        {"session_entries", bundle.header().session_entries},
        {"sections", sections},
        {"metadata", metadata},
        {"experiments", bundle.experiments().empty()
                            ? nlohmann::json()
                            : nlohmann::json::parse(bundle.experiments(), nullptr, false)}};
    fmt::print("{}\n", json.dump(2));
    return;
  }
  const layout::Settings& settings = bundle.settings();
  fmt::print("{}\n", arguments.bundle);
  fmt::print("  hash            {:016x}, format {}\n", bundle.content_hash(),
             bundle.header().version);
  fmt::print("  size            {} bytes, {} after brotli, {:.1f} an item\n",
             with_thousands(file.bytes().size()), with_thousands(compressed),
             static_cast<double>(compressed) / bundle.item_count());
  fmt::print("  items           {}, {} categories, {} brands\n",
             with_thousands(bundle.item_count()), bundle.catalog().categories().size(),
             bundle.catalog().brands().size());
  fmt::print("  session rows    {} weights, {:.1f} an item\n",
             with_thousands(bundle.header().session_entries),
             static_cast<double>(bundle.header().session_entries) / bundle.item_count());
  fmt::print("  embeddings      {} dimensions\n", bundle.embeddings().dims);
  fmt::print("  blend           session rows {:g}, embeddings {:g}, popularity {:g}\n",
             settings.recommend.session_rows, settings.recommend.embeddings,
             settings.recommend.popularity);
  if (metadata.contains("source")) {
    const auto& source = metadata["source"];
    fmt::print("  trained on      {} events of {} sessions ({})\n",
               with_thousands(source.value("events", 0ULL)),
               with_thousands(source.value("sessions", 0ULL)), source.value("sessions_from", ""));
  }
  std::array<char, layout::kMaxIdBytes> id;
  std::string popular;
  const auto order = bundle.popularity().order();
  for (const std::uint32_t item : order.first(std::min<std::size_t>(5, order.size()))) {
    popular += fmt::format("{}{}", popular.empty() ? "" : ", ", bundle.ids().id_of(item, id));
  }
  fmt::print("  most popular    {}\n\n", popular);
  fmt::print("  {:<28}{:>12}{:>12}\n", "section", "bytes", "brotli");
  for (const auto& section : sections) {
    fmt::print("  {:<28}{:>12}{:>12}\n", section["name"].get<std::string>(),
               with_thousands(section["bytes"]), with_thousands(section["brotli_bytes"]));
  }
}

}  // namespace

void add_inspect_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("inspect", "Show what is in a bundle");
  command->add_option("bundle", arguments->bundle, "The bundle")->required()->type_name("FILE");
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::train
