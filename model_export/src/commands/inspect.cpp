#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/markup.h"
#include "base/progress.h"
#include "bundle/bundle_file.h"
#include "commands/arguments.h"
#include "commands/commands.h"
#include "privacy/recount.h"
#include "recommend/training/options.h"
#include "recommend/training/training_record.h"

namespace vitrine::commands {
namespace {

using base::visible;

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  std::string bundle;
  bool privacy = false;
  std::optional<std::uint32_t> min_shoppers;
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
               visible(source->sessions_from));
  }
  if (training.floor) {
    fmt::print("  least shoppers  {} behind each item, pair and country\n",
               training.floor->min_shoppers);
  }
  if (!training.card) return;
  const recommend::ModelCard& card = *training.card;
  if (!card.trained_to.empty()) {
    fmt::print("  from, to        {}, {}\n", visible(card.trained_from), visible(card.trained_to));
  }
  if (const auto& held_out = card.held_out) {
    fmt::print("  held out        hit rate {:.4f}, MRR {:.4f}; chosen by {}\n", held_out->hit_rate,
               held_out->mrr, visible(held_out->rule));
  }
  if (!card.use.empty()) fmt::print("  use             {}\n", visible(card.use));
  const char* head = "limits";
  for (const std::string& limit : card.limits) {
    fmt::print("  {:<16}{}\n", std::exchange(head, ""), visible(limit));
  }
}

bool has_catalogue(const Bundle& bundle) {
  return std::ranges::any_of(bundle.sections(), [](const layout::Section& section) {
    return section.kind == layout::SectionKind::kItemAvailable;
  });
}

void print_recount(const privacy::Recount& counts) {
  fmt::print("  {:<24}{:>12}{:>16}{:>12}\n", "", "checked", "least shoppers",
             fmt::format("below {}", counts.min_shoppers));
  for (const privacy::Recount::Part& part : counts.parts) {
    fmt::print("  {:<24}{:>12}{:>16}{:>12}\n", part.name, base::with_thousands(part.checked),
               part.checked > 0 ? base::with_thousands(part.least) : "-",
               base::with_thousands(part.below));
  }
  fmt::print(
      "{} of {} shoppers have a whole session in the bundle that fewer than {} shoppers had\n",
      base::with_thousands(counts.shoppers_exposed), base::with_thousands(counts.shoppers),
      counts.min_shoppers);
  if (counts.items_from_catalogue > 0) {
    fmt::print(
        "{} items with fewer shoppers and {} session weights of theirs come from similar "
        "items of the catalogue\n",
        base::with_thousands(counts.items_from_catalogue),
        base::with_thousands(counts.weights_from_catalogue));
  }
}

/// Counts the shoppers behind a bundle. Throws Error(kFailure) when they are too few.
void run_privacy(const Arguments& arguments) {
  if (arguments.flags.events.empty()) {
    throw base::Error(base::ExitCode::kUsage,
                      "--privacy counts shoppers in the log that the bundle was trained on. Name "
                      "it with --events.");
  }
  const bundle::BundleFile file = bundle::BundleFile::read(arguments.bundle);
  const std::uint32_t own = recommend::floor_of(file.bundle().metadata());
  const std::uint32_t floor =
      arguments.min_shoppers.value_or(own > 0 ? own : recommend::kMinShoppers);
  statistics::EventLog log = arguments.machine.open_log();
  const LogAndItems read = read_log(log, arguments.flags, {});
  print_problems(read);
  const privacy::Recount counts = privacy::recount(file.bundle(), log.test_sessions(), floor,
                                                   own >= floor && has_catalogue(file.bundle()));
  if (arguments.json) {
    nlohmann::json json = counts;
    json.update({{"file", arguments.bundle}, {"trained_with", own}});
    print_json(json);
  } else {
    fmt::print("{}, trained with a floor of {} shoppers\n", arguments.bundle, own);
    print_recount(counts);
    if (counts.holds()) fmt::print("the floor of {} shoppers holds\n", floor);
  }
  if (counts.holds()) return;
  throw base::Error(
      base::ExitCode::kFailure,
      fmt::format("{} does not hold the floor of {} shoppers on this log. {}", arguments.bundle,
                  floor,
                  own < floor ? fmt::format("Train it again with --min-shoppers {}.", floor)
                              : "Check that it is the log, with the same --map and "
                                "--session-gap, that the bundle was trained on."));
}

/// Null where there is nothing, or nothing that can be read.
nlohmann::json as_json(std::string_view text, const char* name) {
  if (text.empty()) return nullptr;
  std::optional<nlohmann::json> value = base::try_json(text);
  if (!value) {
    fmt::print(stderr, "warning: the {} are left out: not JSON, or nested more than {} deep\n",
               name, base::kDeepestJson);
  }
  return std::move(value).value_or(nullptr);
}

void run(const Arguments& arguments) {
  if (arguments.privacy) return run_privacy(arguments);
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
    const nlohmann::json json = {{"file", arguments.bundle},
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
                                 {"metadata", as_json(bundle.metadata(), "metadata")},
                                 {"experiments", as_json(bundle.experiments(), "experiments")}};
    return print_json(json);
  }
  const layout::Settings& settings = bundle.settings();
  fmt::print("{}\n", visible(arguments.bundle));
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
    popular += fmt::format("{}{}", popular.empty() ? "" : ", ", visible(names.id_of(item, id)));
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
  command->add_flag("--privacy", arguments->privacy,
                    "Count the distinct shoppers behind the bundle in the log of --events; exit "
                    "code 1 when there are too few");
  add_event_flags(*command, arguments->flags);
  command->get_option("--events")
      ->required(false)
      ->description("With --privacy: the log that the bundle was trained on");
  command
      ->add_option("--min-shoppers", arguments->min_shoppers,
                   "With --privacy: the floor to check. Default: the floor of the bundle, else 5")
      ->check(CLI::Range(1U, recommend::kMostMinShoppers))
      ->type_name("NUMBER");
  arguments->machine.add_to(*command);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
