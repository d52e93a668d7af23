#include "data/event_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <system_error>

#include "base/error.h"
#include "base/progress.h"
#include "data/chosen_columns.h"
#include "data/event_cleaning.h"
#include "data/event_kind.h"
#include "data/event_rows.h"
#include "data/log_doubts.h"
#include "data/named_file.h"
#include "data/sessions.h"
#include "data/staging.h"
#include "data/time_column.h"

namespace vitrine::data {

namespace {

/// Warns of what the columns of the run cannot decide.
void doubt_columns(const std::vector<ReadFile>& files, const RunFacts& run,
                   const ReadOptions& options, ReadReport& report) {
  std::set<std::string> told;
  for (const ReadFile& file : files) {
    const std::string& time = file.columns.at("timestamp");
    const DateOrder order =
        decide_time(facts_of(run, time).time, options.time_unit, options.day_first).order;
    if (order.ambiguous && told.insert(time).second) {
      report.doubts.push_back(
          {"date_order",
           fmt::format("the dates in the column {} are read as {} first, because no date decides; "
                       "give --date-order day or --date-order month",
                       time, order.day_first ? "day" : "month")});
    }
    const auto price = file.columns.find("price");
    if (price == file.columns.end() || !told.insert(price->second).second) continue;
    add_amount_doubt(price->second, facts_of(run, price->second), options, report.doubts);
  }
}

void summarize(Database& database, std::string_view table, const ReadOptions& options,
               ReadReport& report) {
  Rows totals =
      database.query(fmt::format("SELECT min(time), max(time), count(DISTINCT item), "
                                 "count(DISTINCT user_key), count(*) FILTER "
                                 "(time > {}) FROM {}",
                                 options.now, table));
  const Chunk* chunk = totals.next();
  report.first_time = chunk->int64s(0)[0];
  report.last_time = chunk->int64s(1)[0];
  report.items = static_cast<std::uint64_t>(chunk->int64s(2)[0]);
  report.users = static_cast<std::uint64_t>(chunk->int64s(3)[0]);
  const std::int64_t future = chunk->int64s(4)[0];
  if (options.now != 0 && future != 0) {
    report.warnings.push_back(fmt::format(
        "{} events lie in the future (the last at {} UTC); they are kept, but check the clock or "
        "the time unit of the log",
        base::with_thousands(static_cast<std::uint64_t>(future)), format_time(report.last_time)));
  }
  Rows kinds = database.query(fmt::format("SELECT kind, count(*) FROM {} GROUP BY kind", table));
  while (const Chunk* part = kinds.next()) {
    for (std::size_t i = 0; i < part->size(); ++i) {
      report.kinds.at(part->uint8s(0)[i]) = static_cast<std::uint64_t>(part->int64s(1)[i]);
    }
  }
}

}  // namespace

std::uint64_t ReadReport::rows_refused() const {
  std::uint64_t sum = 0;
  for (const auto& [reason, rows] : refused) sum += rows.count;
  return sum;
}

std::uint64_t ReadReport::rows_set_aside() const {
  return std::accumulate(set_aside.begin(), set_aside.end(), std::uint64_t{0});
}

ReadReport read_events(Database& database, const ReadOptions& options, std::string_view table) {
  // A wrong value is reported before the files are read, because reading takes long.
  static_cast<void>(parse_session_gap(options.session_gap));
  ReadReport report;
  const std::vector<NamedFile> named = name_files(options.files);
  std::vector<ReadFile> files;
  const RepairedCopies cleanup(files);
  RunFacts run;
  for (const NamedFile& one : named) {
    report.files.push_back(one.path);
    ReadFile& file = files.emplace_back();
    file.kind = one.kind;
    inspect_columns(database, file, one.path, static_cast<int>(files.size() - 1), kEventColumns,
                    options, report.refused, report.rows_read);
    add_to_run(file.offer.facts, run);
    if (named.size() > kMostOpenFiles) close_original(file.input);
    if (file.input.recoded) {
      report.warnings.push_back(
          fmt::format("{} is no UTF-8; it is read as Latin-1 (Windows-1252)", one.path));
    }
  }
  RowColumns columns;
  for (ReadFile& file : files) {
    file.columns = choose_event_columns(file.offer, file.wishes, run);
    check_columns(file, run, options);
    columns.device |= file.columns.count("device_id") != 0;
    columns.order |= file.columns.count("order_id") != 0;
    columns.sequence |= file.columns.count("sequence") != 0;
    const auto session = file.columns.find("session_id");
    columns.session_is_order |= session != file.columns.end() && is_order_column(session->second);
    columns.place |= !text_source(file.input, file.columns).record.empty();
    if (file.columns != files.front().columns) {
      report.warnings.push_back(
          fmt::format("{} and {} have different columns; check that they mean the same",
                      file.input.name, files.front().input.name));
    }
  }
  report.columns = files.front().columns;
  report.chosen = chosen_columns(report.columns, kEventColumns, run);
  doubt_columns(files, run, options, report);

  const std::string rows = "vitrine_event_rows";
  create_event_rows(database, rows, columns);
  for (std::size_t i = 0; i < files.size(); ++i) {
    read_event_rows(database, files[i], static_cast<int>(i), run, options, columns, rows, report);
    close_original(files[i].input);
  }
  join_devices_and_users(database, rows, columns);
  remove_what_does_not_count(database, rows, columns, files, options, report);
  sort_samples(report.refused);
  if (report.rows_kept == 0) {
    database.execute(fmt::format("DROP TABLE {}", rows));
    throw base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format("no usable event in {}{}: {}; fix the export, or name the right columns "
                    "with --map",
                    report.files.front(),
                    report.files.size() > 1
                        ? fmt::format(" and {} more files", report.files.size() - 1)
                        : "",
                    refused_summary(report.refused)));
  }
  build_sessions(database, rows, columns, options, table, report);
  summarize(database, table, options, report);
  find_doubts(database, table, report);
  return report;
}

}  // namespace vitrine::data
