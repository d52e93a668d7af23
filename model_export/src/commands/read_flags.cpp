#include "commands/read_flags.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <string_view>

#include "base/error.h"
#include "data/presets.h"

namespace vitrine::commands {

namespace {

constexpr std::string_view kItemsPrefix = "items.";

std::map<std::string, std::string> parse_map(const std::vector<std::string>& entries, bool items) {
  std::map<std::string, std::string> map;
  for (const std::string& entry : entries) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == entry.size()) {
      throw base::Error(
          base::ExitCode::kUsage,
          fmt::format("--map {}: write ROLE=COLUMN, for example item_id=StockCode", entry));
    }
    std::string role = entry.substr(0, equals);
    if (role.starts_with(kItemsPrefix) != items) continue;
    if (items) role.erase(0, kItemsPrefix.size());
    map[role] = entry.substr(equals + 1);
  }
  return map;
}

}  // namespace

void keep_names_in_brackets(std::vector<std::string>& arguments) {
  bool names_follow = false;
  for (std::string& argument : arguments) {
    const std::string_view text = argument;
    const bool names_files = text.starts_with("--events") || text.starts_with("--items");
    if (text.starts_with("--")) {
      names_follow = names_files;
      const std::size_t name = text.find('=') + 1;
      if (names_files && name > 0 && text.substr(name).starts_with('['))
        argument.insert(name, "./");
    } else if (names_follow && text.starts_with('[')) {
      argument.insert(0, "./");
    }
  }
}

void add_event_flags(CLI::App& command, ReadFlags& flags) {
  command
      .add_option("--events", flags.events,
                  "Event logs: CSV, JSON lines or Parquet; plain, .gz or .zst; globs are allowed; "
                  "purchase=FILE says that all events of the file are purchases")
      ->required()
      ->type_name("FILE");
  command
      .add_option("--map", flags.map,
                  "Names of columns, such as item_id=StockCode,user_id=Shopper; paths into nested "
                  "values, such as item_id=items[].item_id; items.title=Name is for the catalogue; "
                  "without a header the columns are column0, column1 ...")
      ->delimiter(',')
      ->type_name("ROLE=COLUMN");
  command
      .add_option(
          "--session-gap", flags.session_gap,
          "Silence that ends a session if the log has no session column: 30m, 2h, none or auto")
      ->capture_default_str();
  command
      .add_option("--from", flags.from,
                  "The format of log and catalogue: ga4, segment, rudderstack, shopify, "
                  "woocommerce, olist, retailrocket, rees46, amazon, recbole")
      ->type_name("FORMAT");
  command
      .add_option("--time-unit", flags.time_unit,
                  "Unit of times that are numbers, if they do not tell it: seconds, milliseconds, "
                  "microseconds, nanoseconds, days, excel, YYYYMMDD, YYYYMMDDhhmmss")
      ->type_name("UNIT");
  command
      .add_option("--date-order", flags.date_order,
                  "What comes first in dates such as 1/2/2024, if they do not tell it")
      ->check(CLI::IsMember({"day", "month"}));
  command
      .add_option("--decimal", flags.decimal,
                  "The decimal sign in amounts such as 1.299, if they do not tell it")
      ->check(CLI::IsMember({"point", "comma"}));
  command
      .add_option("--leave-out", flags.leave_out,
                  "Items whose events are left out, such as postage and bags")
      ->delimiter(',')
      ->type_name("ITEM");
  command
      .add_option("--most-events", flags.most_events,
                  "Most events that one shopper may add; of more, the latest count; 0: no limit. "
                  "Default: 3 times what 95 % of the shoppers stay below, at least 200")
      ->type_name("N");
  command.add_flag("--strict", flags.strict,
                   "Fail with exit code 3 where the log is probably not read as it is meant");
}

void add_item_flags(CLI::App& command, ReadFlags& flags) {
  command
      .add_option(
          "--items", flags.items,
          "Catalogue files of the same formats: item_id, category, brand, price, available, "
          "title")
      ->type_name("FILE");
}

namespace {

/// Returns the options that events and items share.
data::ReadOptions common_options(const ReadFlags& flags) {
  data::ReadOptions options;
  options.preset = flags.from;
  if (!flags.from.empty()) static_cast<void>(data::preset_named(flags.from));
  if (!flags.time_unit.empty()) options.time_unit = data::parse_time_unit(flags.time_unit);
  if (!flags.date_order.empty()) options.day_first = flags.date_order == "day";
  if (!flags.decimal.empty()) options.decimal_comma = flags.decimal == "comma";
  return options;
}

}  // namespace

data::ReadOptions event_options(const ReadFlags& flags) {
  data::ReadOptions options = common_options(flags);
  options.files = flags.events;
  options.columns = parse_map(flags.map, false);
  options.session_gap = flags.session_gap;
  options.leave_out = flags.leave_out;
  options.most_events = flags.most_events;
  options.now = std::chrono::duration_cast<std::chrono::seconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count();
  return options;
}

data::ReadOptions item_options(const ReadFlags& flags) {
  data::ReadOptions options = common_options(flags);
  options.files = flags.items;
  options.columns = parse_map(flags.map, true);
  return options;
}

}  // namespace vitrine::commands
