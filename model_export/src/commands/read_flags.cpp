#include "commands/read_flags.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <string_view>

#include "base/error.h"

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
                  "Event logs: CSV, JSON lines or Parquet; plain, .gz or .zst; globs are allowed")
      ->required()
      ->type_name("FILE");
  command
      .add_option("--map", flags.map,
                  "Names of columns, such as item_id=StockCode,user_id=Shopper; items.title=Name "
                  "is for the catalogue; without a header the columns are column0, column1 ...")
      ->delimiter(',')
      ->type_name("ROLE=COLUMN");
  command
      .add_option(
          "--session-gap", flags.session_gap,
          "Silence that ends a session if the log has no session column: 30m, 2h, none or auto")
      ->capture_default_str();
}

void add_item_flags(CLI::App& command, ReadFlags& flags) {
  command
      .add_option(
          "--items", flags.items,
          "Catalogue files of the same formats: item_id, category, brand, price, available, "
          "title")
      ->type_name("FILE");
}

data::ReadOptions event_options(const ReadFlags& flags) {
  data::ReadOptions options;
  options.files = flags.events;
  options.columns = parse_map(flags.map, false);
  options.session_gap = flags.session_gap;
  options.now = std::chrono::duration_cast<std::chrono::seconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count();
  return options;
}

data::ReadOptions item_options(const ReadFlags& flags) {
  data::ReadOptions options;
  options.files = flags.items;
  options.columns = parse_map(flags.map, true);
  return options;
}

}  // namespace vitrine::commands
