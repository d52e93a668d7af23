#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "bundle/bundle_file.h"
#include "commands/commands.h"
#include "recommend/training/training_record.h"

namespace vitrine::commands {
namespace {

struct Arguments {
  std::string bundle;
  bool json = false;
};

/// One section of the file.
struct SectionSize {
  std::string_view name;
  std::size_t bytes = 0;
  std::size_t brotli_bytes = 0;
};

void to_json(nlohmann::json& out, const SectionSize& section) {
  out = {{"name", section.name}, {"bytes", section.bytes}, {"brotli_bytes", section.brotli_bytes}};
}

/// Prints as much of the training as the bundle tells.
void print_card(const recommend::TrainingRecord& training) {
  if (const auto& source = training.source) {
    fmt::print("  trained on      {} events of {} sessions ({})\n",
               base::with_thousands(source->events), base::with_thousands(source->sessions),
               source->sessions_from);
  }
  if (!training.card) return;
  const recommend::ModelCard& card = *training.card;
  if (!card.trained_to.empty()) {
    fmt::print("  from, to        {}, {}\n", card.trained_from, card.trained_to);
  }
  if (const auto& held_out = card.held_out) {
    fmt::print("  held out        hit rate {:.4f}, MRR {:.4f}; chosen by {}\n", held_out->hit_rate,
               held_out->mrr, held_out->rule);
  }
  if (!card.use.empty()) fmt::print("  use             {}\n", card.use);
  const char* head = "limits";
  for (const std::string& limit : card.limits) {
    fmt::print("  {:<16}{}\n", std::exchange(head, ""), limit);
  }
}

void run(const Arguments& arguments) {
  const bundle::BundleFile file = bundle::BundleFile::read(arguments.bundle);
  const Bundle& bundle = file.bundle();
  const std::size_t compressed = bundle::brotli_size(file.bytes());
  std::vector<SectionSize> sections;
  for (const layout::Section& section : bundle.sections()) {
    const auto bytes = file.bytes().subspan(section.offset, section.size);
    sections.push_back(
        {layout::section_name(section.kind), section.size, bundle::brotli_size(bytes)});
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
        {"sampled_sessions", bundle.session_sample().sessions()},
        {"sampled_entries", bundle.session_sample().postings.size()},
        {"sections", sections},
        {"metadata", nlohmann::json::parse(bundle.metadata(), nullptr, false)},
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
             base::with_thousands(file.bytes().size()), base::with_thousands(compressed),
             static_cast<double>(compressed) / bundle.item_count());
  fmt::print("  items           {}, {} categories, {} brands\n",
             base::with_thousands(bundle.item_count()), bundle.catalog().categories().size(),
             bundle.catalog().brands().size());
  fmt::print("  session rows    {} weights, {:.1f} an item\n",
             base::with_thousands(bundle.header().session_entries),
             static_cast<double>(bundle.header().session_entries) / bundle.item_count());
  fmt::print("  embeddings      {} dimensions\n", bundle.embeddings().dims);
  const SessionSample& sample = bundle.session_sample();
  if (!sample.empty()) {
    const layout::NeighbourSettings& how = settings.neighbours;
    fmt::print(
        "  sessions        {} with {} items; m {}, k {}, last {} events, reach {}, idf {:g}\n",
        base::with_thousands(sample.sessions()), base::with_thousands(sample.postings.size()),
        how.sessions, how.neighbours, how.events, how.reach, how.idf);
  }
  std::string blend;
  for (const layout::Signal& signal : layout::kSignals) {
    const float weight = layout::weight_of(settings.recommend, signal);
    if (weight > 0.0F)
      blend += fmt::format("{}{} {:g}", blend.empty() ? "" : ", ", signal.weight, weight);
  }
  fmt::print("  blend           {}\n", blend);
  const ItemNames names(bundle.ids());
  std::array<char, layout::kMaxIdBytes> id;
  std::string popular;
  const auto order = bundle.popularity().best(5);
  for (const std::uint32_t item : std::span(order).first(std::min<std::size_t>(5, order.size()))) {
    popular += fmt::format("{}{}", popular.empty() ? "" : ", ", names.id_of(item, id));
  }
  fmt::print("  most popular    {}\n", popular);
  print_card(recommend::read_record(bundle.metadata()));
  fmt::print("\n");
  fmt::print("  {:<28}{:>12}{:>12}\n", "section", "bytes", "brotli");
  for (const SectionSize& section : sections) {
    fmt::print("  {:<28}{:>12}{:>12}\n", section.name, base::with_thousands(section.bytes),
               base::with_thousands(section.brotli_bytes));
  }
}

}  // namespace

void add_inspect_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("inspect", "Show the content of a bundle");
  command->add_option("bundle", arguments->bundle, "The bundle")->required()->type_name("FILE");
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
