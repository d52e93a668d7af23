#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/json.h"
#include "base/progress.h"
#include "commands/commands.h"
#include "commands/read_flags.h"
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

std::string columns_text(const data::ColumnMap& columns) {
  std::string out;
  for (const auto& [role, column] : columns) {
    out += fmt::format("{}{}{}", out.empty() ? "" : ", ", role,
                       role == column ? "" : "=" + data::printable(column, 40));
  }
  return out;
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
  fmt::print("columns      {}\n", columns_text(report.columns));
  print_refused(report.refused, report.rows_refused());
  for (const std::string& warning : report.warnings) fmt::print("warning      {}\n", warning);
}

void print_items(const data::ItemsReport& report, std::int64_t unknown) {
  fmt::print(
      "catalogue    {} of {} rows, {} categories, {} brands, {} with a price, {} unavailable\n",
      base::with_thousands(report.rows_kept), base::with_thousands(report.rows_read),
      base::with_thousands(report.categories), base::with_thousands(report.brands),
      base::with_thousands(report.with_price), base::with_thousands(report.unavailable));
  fmt::print("columns      {}\n", columns_text(report.columns));
  print_refused(report.refused, count_refused(report.refused));
  if (unknown != 0) {
    fmt::print("warning      {} items of the events are not in the catalogue\n",
               base::with_thousands(static_cast<std::uint64_t>(unknown)));
  }
  for (const std::string& warning : report.warnings) fmt::print("warning      {}\n", warning);
}

nlohmann::ordered_json events_json(const data::ReadReport& report,
                                   const std::vector<LengthBin>& lengths) {
  auto kinds = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < kEventKinds; ++i)
    kinds[std::string(data::kEventKindNames[i])] = report.kinds[i];
  auto histogram = nlohmann::ordered_json::object();
  for (const LengthBin& bin : lengths) histogram[bin_name(bin)] = bin.sessions;
  return {{"files", report.files},
          {"rows_read", report.rows_read},
          {"rows_kept", report.rows_kept},
          {"rows_refused", report.rows_refused()},
          {"first_time", report.first_time},
          {"last_time", report.last_time},
          {"items", report.items},
          {"users", report.users},
          {"sessions", report.sessions},
          {"sessions_from", report.sessions_from},
          {"kinds", kinds},
          {"session_lengths", histogram},
          {"columns", report.columns},
          {"refused", refused_json(report.refused)},
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
          {"refused", refused_json(report.refused)},
          {"warnings", report.warnings}};
}

void run(const ReadFlags& flags, bool json, bool forced_progress) {
  statistics::EventLog log;
  StepMeter meter(forced_progress);
  data::ReadOptions options = event_options(flags);
  options.progress = meter.as_read_progress();
  const data::ReadReport events = log.read_events(options);
  meter.finish();
  const std::vector<LengthBin> lengths = session_lengths(log);
  std::optional<data::ItemsReport> items;
  std::int64_t unknown = 0;
  if (!flags.items.empty()) {
    items = log.read_items(item_options(flags));
    unknown = log.items_not_in_catalogue();
  }
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
