#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "assignment/check_experiments.h"
#include "base/error.h"
#include "base/output_file.h"
#include "base/progress.h"
#include "bundle/bundle_file.h"
#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/output_check.h"
#include "recommend/training/training_record.h"
#include "release/overlay.h"

namespace vitrine::commands {
namespace {

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  release::OverlayOptions options;
  std::string base;
  std::string experiments;
  std::string out;
  bool force = false;
  bool json = false;
};

/// A catalogue that broke off must not put the rest of the shop out of stock.
void check_missing(const bundle::OverlayContents& contents, const Bundle& bundle,
                   const release::OverlayOptions& options) {
  if (!options.complete) return;
  std::size_t available = 0;
  std::size_t gone = 0;
  for (std::uint32_t item = 0; item < bundle.item_count(); ++item) {
    available += bundle.catalog().available(item) ? 1 : 0;
  }
  for (const std::uint32_t item : contents.available) {
    gone += bundle.catalog().available(item) ? 1 : 0;
  }
  if (gone * 10 <= available * 3) return;
  throw base::Error(
      base::ExitCode::kDataUnusable,
      fmt::format("--complete would take {} of {} available items out of stock, more than 30 %; "
                  "the catalogue probably broke off. If it is complete, give --force",
                  base::with_thousands(gone), base::with_thousands(available)));
}

void run(const Arguments& arguments) {
  OutputCheck()
      .writes("--out", arguments.out)
      .reads_bundle("--base", arguments.base)
      .reads(arguments.flags)
      .reads("--experiments", arguments.experiments)
      .check();
  bundle::BundleFile base = bundle::BundleFile::read(arguments.base);
  statistics::EventLog log = arguments.machine.open_log();
  data::ItemsReport items;
  if (arguments.flags.events.empty()) {
    items = log.read_items(item_options(arguments.flags));
    for (const data::LogDoubt& doubt : items.doubts) {
      fmt::print(stderr, "warning: {}\n", doubt.message);
    }
    for (const std::string& warning : items.warnings) fmt::print(stderr, "warning: {}\n", warning);
  } else {
    const LogAndItems read = read_log(log, arguments.flags, {});
    items = *read.items;
    print_problems(read);
  }
  release::OverlayOptions options = arguments.options;
  options.prices = items.columns.contains("price");
  options.available = false;
  for (const char* role : {"available", "stock", "published", "visibility", "item_status"}) {
    options.available |= items.columns.contains(role);
  }
  options.threads = arguments.machine.thread_count();
  bundle::OverlayContents contents = release::make_overlay(
      base.bundle(), log.catalogue().value(),
      log.count_items({.min_shoppers = recommend::floor_of(base.bundle().metadata())}), options);
  if (!arguments.experiments.empty()) {
    const nlohmann::json file = read_json(arguments.experiments);
    const nlohmann::json list =
        file.is_object() && file.contains("experiments") ? file["experiments"] : nlohmann::json();
    assignment::check_experiments(list);
    contents.experiments = nlohmann::json({{"experiments", list}}).dump();
  }
  if (!arguments.force) check_missing(contents, base.bundle(), options);
  const std::vector<std::byte> bytes = bundle::write_overlay(contents);
  base::write_file(arguments.out, bytes);
  base.apply(arguments.out);

  const auto borrowing =
      std::count_if(contents.added.begin(), contents.added.end(),
                    [](const bundle::AddedItem& item) { return item.shares[0] > 0; });
  const std::string hash = fmt::format("{:016x}", contents.base_hash);
  const std::size_t compressed = bundle::brotli_size(bytes);
  if (arguments.json) {
    return print_json({{"file", arguments.out},
                       {"base", hash},
                       {"bytes", bytes.size()},
                       {"brotli_bytes", compressed},
                       {"prices", contents.priced.size()},
                       {"availability", contents.available.size()},
                       {"popularity", contents.popular.size()},
                       {"added", contents.added.size()},
                       {"borrow_from_alike", borrowing}});
  }
  using base::with_thousands;
  fmt::print("{}: {} bytes ({} after brotli) for the bundle {}\n", arguments.out,
             with_thousands(bytes.size()), with_thousands(compressed), hash);
  fmt::print("  {} other prices, {} changes of stock, {} of popularity\n",
             with_thousands(contents.priced.size()), with_thousands(contents.available.size()),
             with_thousands(contents.popular.size()));
  fmt::print("  {} added items, {} of which are ranked by items like them\n",
             with_thousands(contents.added.size()),
             with_thousands(static_cast<std::uint64_t>(borrowing)));
}

}  // namespace

void add_overlay_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "overlay", "Write the changes since a bundle was trained: prices, stock, trends, new items");
  command->add_option("--base", arguments->base, "The bundle that the overlay changes")
      ->required()
      ->type_name("FILE");
  add_item_flags(*command, arguments->flags);
  command->get_option("--items")->required();
  command->add_flag("--complete", arguments->options.complete,
                    "The catalogue is complete: missing items are not available");
  command->add_flag("--force", arguments->force,
                    "Write the overlay even if --complete takes more than 30 % of the items out of "
                    "stock");
  add_event_flags(*command, arguments->flags);
  command->get_option("--events")
      ->required(false)
      ->description("Event logs of the last hours or days, for the new popularity");
  command
      ->add_option(
          "--trend", arguments->options.trend,
          "Weight of these events in the new popularity; the bundle's popularity has the rest")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.99));
  command
      ->add_option("--experiments", arguments->experiments,
                   "JSON file with \"experiments\", which replace those of the bundle")
      ->type_name("FILE");
  command->add_option("--out", arguments->out, "The overlay to write")
      ->required()
      ->type_name("FILE");
  arguments->machine.add_to(*command);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
