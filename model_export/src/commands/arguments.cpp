#include "commands/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <thread>

#include "base/error.h"
#include "base/input.h"
#include "base/json.h"
#include "base/markup.h"
#include "base/progress.h"
#include "data/catalogue.h"

namespace vitrine::commands {

CLI::Validator whole_number(std::uint64_t most) {
  const auto check = [most](const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed == std::errc() && end == text.data() + text.size() && number <= most) {
      return std::string();
    }
    return fmt::format("\"{}\" is not a whole number from 0 to {}", base::visible(text), most);
  };
  return {check, ""};
}

void MachineArguments::add_to(CLI::App& command) {
  command
      .add_option("--threads", threads,
                  "Number of threads; 0 means one for each core. The result does not depend on it")
      ->check(whole_number(kMostThreads))
      ->capture_default_str();
  command
      .add_option("--memory", memory, "Memory for the event log; more data goes to temporary files")
      ->capture_default_str();
}

unsigned MachineArguments::thread_count() const {
  return threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
}

statistics::LogLimits MachineArguments::log_limits() const {
  return {.memory = parse_bytes(memory), .threads = thread_count()};
}

statistics::EventLog MachineArguments::open_log() const {
  return statistics::EventLog(log_limits());
}

void TrainArguments::add_to(CLI::App& command) {
  command
      .add_option(
          "--config", config,
          "JSON file with settings; `vitrine inspect --json` prints the settings of a bundle")
      ->type_name("FILE");
  command
      .add_option("--max-bytes", max_bytes,
                  "Largest size of the bundle after brotli, such as 800KB or 2MB. Default: 45 "
                  "bytes an item")
      ->type_name("SIZE");
  command.add_flag("--raw", raw, "--max-bytes is the size of the file without brotli");
  command.add_flag("--no-tune", no_tune,
                   "Use the settings as they are, instead of choosing them on a part of the log");
  command
      .add_option("--tune", tune_minutes,
                  "Try no more settings after these minutes; before that the choice does not "
                  "depend on the clock. Default: 5")
      ->type_name("MINUTES");
  command
      .add_option("--min-shoppers", min_shoppers,
                  "Least number of distinct shoppers behind whatever the bundle says of items, "
                  "pairs, countries and sessions; 0: no limit, for logs without people. Default: 5")
      ->check(CLI::Range(0U, recommend::kMostMinShoppers))
      ->type_name("NUMBER");
  command.add_option("--seed", seed, "Seed of all random numbers")
      ->check(whole_number())
      ->capture_default_str();
}

recommend::TrainOptions TrainArguments::train_options(const MachineArguments& machine) const {
  recommend::TrainOptions options;
  if (!config.empty()) recommend::apply_config(read_json(config), options);
  if (!max_bytes.empty()) options.max_bytes = parse_bytes(max_bytes);
  if (raw) options.raw_bytes = true;
  if (tune_minutes) options.tune_minutes = *tune_minutes;
  if (no_tune) options.tune = false;
  if (min_shoppers) options.statistics.min_shoppers = *min_shoppers;
  options.seed = seed;
  options.threads = machine.thread_count();
  return options;
}

nlohmann::json read_json(const std::string& path) {
  return base::parse_json(base::read_text(path), path, base::ExitCode::kUsage);
}

void print_json(const nlohmann::json& result) { fmt::print("{}\n", base::json_text(result)); }

std::uint64_t parse_bytes(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string unit(end, text.data() + text.size());
  std::transform(unit.begin(), unit.end(), unit.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::uint64_t factor = 0;
  if (unit.empty() || unit == "B") factor = 1;
  if (unit == "K" || unit == "KB") factor = 1000;
  if (unit == "M" || unit == "MB") factor = 1000 * 1000;
  if (unit == "G" || unit == "GB") factor = 1000ULL * 1000 * 1000;
  if (unit == "KIB") factor = 1024;
  if (unit == "MIB") factor = 1024 * 1024;
  if (unit == "GIB") factor = 1024ULL * 1024 * 1024;
  if (failed != std::errc() || factor == 0 || number == 0 || number > UINT64_MAX / factor) {
    throw base::Error(
        base::ExitCode::kUsage,
        fmt::format("\"{}\" is not a size. Write for example 800KB, 2MB or 1500000.", text));
  }
  return number * factor;
}

LogAndItems read_log(statistics::EventLog& log, const ReadFlags& flags,
                     const std::function<void(std::string_view step, double share)>& progress) {
  LogAndItems read;
  data::ReadOptions events = event_options(flags);
  events.progress = progress;
  if (!flags.items.empty()) {
    data::ReadOptions items = item_options(flags);
    log.match_item_columns(events, items);
    read.items = log.read_items(items);
  }
  read.events = log.read_events(events);
  if (!flags.strict) return read;
  std::vector<data::LogDoubt> doubts = read.events.doubts;
  if (read.items) {
    doubts.insert(doubts.end(), read.items->doubts.begin(), read.items->doubts.end());
  }
  if (doubts.empty()) return read;
  std::string text;
  for (const data::LogDoubt& doubt : doubts) text += "\n  " + doubt.message;
  throw base::Error(
      base::ExitCode::kDataUnusable,
      "--strict refuses this log, because it is probably not read as it is meant:" + text);
}

std::string refused_text(const data::Refused& refused) {
  std::string out;
  for (const auto& [reason, rows] : refused) {
    if (rows.count == 0) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", base::with_thousands(rows.count),
                       data::refused_words(reason));
  }
  return out;
}

std::string set_aside_text(const data::ReadReport& report) {
  std::string out;
  for (std::size_t i = 0; i < report.set_aside.size(); ++i) {
    if (report.set_aside[i] == 0) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ",
                       base::with_thousands(report.set_aside[i]), data::kEventMeaningNames[i]);
  }
  return out;
}

void print_floor(const recommend::TrainingReport& training) {
  if (!training.floor) return;
  using base::with_thousands;
  const model::FloorCounts& floor = *training.floor;
  const auto share = [](std::uint64_t part, std::uint64_t all) {
    return 100.0 * static_cast<double>(part) / static_cast<double>(std::max<std::uint64_t>(all, 1));
  };
  fmt::print(
      "fewer than {} shoppers: left out {} of {} items ({:.1f} % of the events) and {} of {} pairs "
      "({:.0f} %); cut {} of {} sessions\n",
      floor.min_shoppers, with_thousands(floor.items_left_out), with_thousands(floor.items),
      share(floor.events_left_out, floor.events), with_thousands(floor.pairs_left_out),
      with_thousands(floor.pairs), share(floor.pairs_left_out, floor.pairs),
      with_thousands(floor.sessions_cut), with_thousands(floor.sessions));
}

void print_new_items(const recommend::TrainingReport& training) {
  const recommend::NewItemCounts& items = training.new_items;
  const recommend::ContentOptions& content = training.options.content;
  // Users who have switched this off need no message.
  if (items.without_events == 0 || content.neighbours == 0) return;
  const std::string count = base::with_thousands(items.without_events);
  const std::string lack = training.floor
                               ? fmt::format("events of {} shoppers", training.floor->min_shoppers)
                               : "events";
  if (items.borrow_from_alike == 0) {
    fmt::print(
        "{} items without {} have no similar items: they share no category, brand, price or "
        "title word with an item with events\n",
        count, lack);
    return;
  }
  fmt::print("{} items without {}; {} of them get {:.2f} times the scores of similar items\n",
             count, lack, base::with_thousands(items.borrow_from_alike), content.weight);
}

void print_problems(const LogAndItems& read) {
  const data::ReadReport& events = read.events;
  fmt::print(stderr, "{} rows read: {} kept", base::with_thousands(events.rows_read),
             base::with_thousands(events.rows_kept));
  if (events.rows_refused() > 0) {
    fmt::print(stderr, "; {} refused ({})", base::with_thousands(events.rows_refused()),
               refused_text(events.refused));
  }
  if (events.rows_set_aside() > 0) {
    fmt::print(stderr, "; {} set aside ({})", base::with_thousands(events.rows_set_aside()),
               set_aside_text(events));
  }
  fmt::print(stderr, "{}\n",
             events.rows_refused() > 0 ? "; `vitrine validate` shows examples" : "");
  if (events.events_in_catalogue) {
    fmt::print(stderr, "the catalogue knows {:.1f} % of the events\n",
               100.0 * static_cast<double>(*events.events_in_catalogue) /
                   static_cast<double>(events.rows_kept));
  }
  const auto print = [](const auto& report) {
    for (const data::LogDoubt& doubt : report.doubts) {
      fmt::print(stderr, "warning: {}\n", doubt.message);
    }
    for (const std::string& warning : report.warnings) {
      fmt::print(stderr, "warning: {}\n", warning);
    }
  };
  print(events);
  if (read.items) print(*read.items);
}

}  // namespace vitrine::commands
