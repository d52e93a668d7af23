#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/json.h"
#include "base/progress.h"
#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/step_meter.h"
#include "data/time_column.h"
#include "statistics/event_log.h"

namespace vitrine::commands {

namespace {

/// Sessions of `from` to `to` events.
struct LengthBin {
  std::int64_t from;
  std::int64_t to;  // 0: and more
  std::uint64_t sessions = 0;
};

std::vector<LengthBin> session_lengths(statistics::EventLog& log) {
  std::vector<LengthBin> bins = {{1, 1},  {2, 2},   {3, 4},   {5, 8},
                                 {9, 16}, {17, 32}, {33, 64}, {65, 0}};
  for (const auto& [events, sessions] : log.session_lengths()) {
    for (LengthBin& bin : bins) {
      if (events < bin.from || (bin.to != 0 && events > bin.to)) continue;
      bin.sessions += static_cast<std::uint64_t>(sessions);
    }
  }
  return bins;
}

std::string bin_name(const LengthBin& bin) {
  if (bin.to == 0) return fmt::format("{}+", bin.from);
  if (bin.from == bin.to) return std::to_string(bin.from);
  return fmt::format("{}-{}", bin.from, bin.to);
}

nlohmann::ordered_json refused_json(const data::Refused& refused) {
  auto out = nlohmann::ordered_json::object();
  for (const auto& [reason, rows] : refused) {
    if (rows.count == 0) continue;
    auto samples = nlohmann::ordered_json::array();
    for (const data::RefusedSample& sample : rows.samples) {
      samples.push_back({{"file", sample.file}, {"line", sample.line}, {"text", sample.text}});
    }
    out[std::string(data::refused_key(reason))] = {{"count", rows.count}, {"samples", samples}};
  }
  return out;
}

void print_refused(const data::Refused& refused, std::uint64_t total) {
  if (total == 0) {
    fmt::print("refused      0\n");
    return;
  }
  fmt::print("refused      {}\n", base::with_thousands(total));
  for (const auto& [reason, rows] : refused) {
    if (rows.count == 0) continue;
    fmt::print("  {:<11}{}\n", base::with_thousands(rows.count), data::refused_words(reason));
    for (const data::RefusedSample& sample : rows.samples) {
      fmt::print("             {}:{}: {}\n", sample.file, sample.line, sample.text);
    }
  }
}

/// The chosen columns with what they hold, and the --map that names them. `prefix`: "items." for a
/// catalogue.
void print_columns(const std::vector<data::ChosenColumn>& columns, const std::string& prefix) {
  std::string map;
  for (const data::ChosenColumn& one : columns) {
    std::string samples;
    for (const std::string& sample : one.samples) {
      samples += (samples.empty() ? "" : ", ") + sample;
    }
    fmt::print("{:<13}{:<13} {:<28} {:>5.1f} % filled   {}\n",
               &one == &columns.front() ? "columns" : "", one.role, data::printable(one.column, 60),
               100.0 * one.filled, samples);
    map += fmt::format("{}{}{}={}", map.empty() ? "" : ",", prefix, one.role,
                       data::printable(one.column, 200));
  }
  fmt::print("             --map '{}'\n", map);
}

nlohmann::ordered_json columns_json(const std::vector<data::ChosenColumn>& columns) {
  auto out = nlohmann::ordered_json::array();
  for (const data::ChosenColumn& one : columns) {
    out.push_back({{"role", one.role},
                   {"column", one.column},
                   {"filled", one.filled},
                   {"samples", one.samples}});
  }
  return out;
}

nlohmann::ordered_json doubts_json(const std::vector<data::LogDoubt>& doubts) {
  auto out = nlohmann::ordered_json::array();
  for (const data::LogDoubt& doubt : doubts) {
    out.push_back({{"code", doubt.code}, {"message", doubt.message}});
  }
  return out;
}

void print_warnings(const std::vector<data::LogDoubt>& doubts,
                    const std::vector<std::string>& warnings) {
  for (const data::LogDoubt& doubt : doubts) fmt::print("warning      {}\n", doubt.message);
  for (const std::string& warning : warnings) fmt::print("warning      {}\n", warning);
}

std::uint64_t count_refused(const data::Refused& refused) {
  std::uint64_t sum = 0;
  for (const auto& [reason, rows] : refused) sum += rows.count;
  return sum;
}

void print_events(const data::ReadReport& report, const std::vector<LengthBin>& lengths) {
  fmt::print("events       {} of {} rows in {} file{}\n", base::with_thousands(report.rows_kept),
             base::with_thousands(report.rows_read), report.files.size(),
             report.files.size() == 1 ? "" : "s");
  fmt::print("time         {} to {} UTC\n", data::format_time(report.first_time),
             data::format_time(report.last_time));
  fmt::print("kinds       ");
  for (std::size_t i = 0; i < kEventKinds; ++i) {
    if (report.kinds[i] != 0) {
      fmt::print(" {} {} ", data::kEventKindNames[i], base::with_thousands(report.kinds[i]));
    }
  }
  fmt::print("\nitems        {}\n", base::with_thousands(report.items));
  fmt::print("users        {}\n",
             report.users == 0 ? "none named" : base::with_thousands(report.users));
  fmt::print("sessions     {}, {:.2f} events each, {}\n", base::with_thousands(report.sessions),
             static_cast<double>(report.rows_kept) / static_cast<double>(report.sessions),
             report.sessions_from);
  std::uint64_t most = 1;
  for (const LengthBin& bin : lengths) most = std::max(most, bin.sessions);
  for (const LengthBin& bin : lengths) {
    const auto width = static_cast<std::size_t>((bin.sessions * 40 + most - 1) / most);
    fmt::print("  {:>6}  {:>11}  {}\n", bin_name(bin), base::with_thousands(bin.sessions),
               std::string(width, '#'));
  }
  print_columns(report.chosen, "");
  print_refused(report.refused, report.rows_refused());
  if (report.rows_set_aside() != 0) {
    fmt::print("set aside    {} (no steps of a session: {})\n",
               base::with_thousands(report.rows_set_aside()), set_aside_text(report));
  }
  if (report.events_in_catalogue) {
    fmt::print("known        {:.1f} % of the events are of items of the catalogue\n",
               100.0 * static_cast<double>(*report.events_in_catalogue) /
                   static_cast<double>(report.rows_kept));
  }
  print_warnings(report.doubts, report.warnings);
}

void print_items(const data::ItemsReport& report, std::int64_t unknown) {
  fmt::print(
      "catalogue    {} of {} rows, {} categories, {} brands, {} with a price, {} unavailable\n",
      base::with_thousands(report.rows_kept), base::with_thousands(report.rows_read),
      base::with_thousands(report.categories), base::with_thousands(report.brands),
      base::with_thousands(report.with_price), base::with_thousands(report.unavailable));
  print_columns(report.chosen, "items.");
  print_refused(report.refused, count_refused(report.refused));
  if (unknown != 0) {
    fmt::print("warning      {} items of the events are not in the catalogue\n",
               base::with_thousands(static_cast<std::uint64_t>(unknown)));
  }
  print_warnings(report.doubts, report.warnings);
}

nlohmann::ordered_json events_json(const data::ReadReport& report,
                                   const std::vector<LengthBin>& lengths) {
  auto kinds = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < kEventKinds; ++i)
    kinds[std::string(data::kEventKindNames[i])] = report.kinds[i];
  auto aside = nlohmann::ordered_json::object();
  for (std::size_t i = kEventKinds; i < data::kEventMeanings; ++i) {
    if (report.set_aside[i] != 0) {
      aside[std::string(data::kEventMeaningNames[i])] = report.set_aside[i];
    }
  }
  auto histogram = nlohmann::ordered_json::object();
  for (const LengthBin& bin : lengths) histogram[bin_name(bin)] = bin.sessions;
  return {{"files", report.files},
          {"rows_read", report.rows_read},
          {"rows_kept", report.rows_kept},
          {"rows_refused", report.rows_refused()},
          {"rows_set_aside", report.rows_set_aside()},
          {"first_time", report.first_time},
          {"last_time", report.last_time},
          {"items", report.items},
          {"users", report.users},
          {"sessions", report.sessions},
          {"sessions_from", report.sessions_from},
          {"kinds", kinds},
          {"session_lengths", histogram},
          {"columns", report.columns},
          {"chosen", columns_json(report.chosen)},
          {"refused", refused_json(report.refused)},
          {"set_aside", aside},
          {"events_in_catalogue", report.events_in_catalogue
                                      ? nlohmann::ordered_json(*report.events_in_catalogue)
                                      : nlohmann::ordered_json()},
          {"doubts", doubts_json(report.doubts)},
          {"warnings", report.warnings}};
}

nlohmann::ordered_json items_json(const data::ItemsReport& report, std::int64_t unknown) {
  return {{"files", report.files},
          {"rows_read", report.rows_read},
          {"rows_kept", report.rows_kept},
          {"categories", report.categories},
          {"brands", report.brands},
          {"with_price", report.with_price},
          {"unavailable", report.unavailable},
          {"event_items_not_in_catalogue", unknown},
          {"columns", report.columns},
          {"chosen", columns_json(report.chosen)},
          {"refused", refused_json(report.refused)},
          {"doubts", doubts_json(report.doubts)},
          {"warnings", report.warnings}};
}

void run(const ReadFlags& flags, bool json, bool forced_progress) {
  statistics::EventLog log;
  StepMeter meter(forced_progress);
  const LogAndItems read = read_log(log, flags, meter.as_read_progress());
  const data::ReadReport& events = read.events;
  const std::optional<data::ItemsReport>& items = read.items;
  meter.finish();
  const std::vector<LengthBin> lengths = session_lengths(log);
  const std::int64_t unknown = items ? log.items_not_in_catalogue() : 0;
  if (json) {
    nlohmann::ordered_json out = {{"events", events_json(events, lengths)}};
    if (items) out["items"] = items_json(*items, unknown);
    fmt::print("{}\n", base::json_text(out));
    return;
  }
  print_events(events, lengths);
  if (items) print_items(*items, unknown);
}

}  // namespace

void add_validate_command(CLI::App& app) {
  struct Arguments {
    ReadFlags flags;
    bool json = false;
    bool progress = false;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "validate", "Read logs as train does, count events, and show refused rows with the reason");
  add_event_flags(*command, arguments->flags);
  add_item_flags(*command, arguments->flags);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->add_flag("--progress", arguments->progress, "Show progress even without a terminal");
  command->callback([arguments] { run(arguments->flags, arguments->json, arguments->progress); });
}

}  // namespace vitrine::commands
