#include "data/event_log.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/progress.h"
#include "data/event_rows.h"
#include "data/sessions.h"
#include "data/staging.h"
#include "data/time_column.h"

namespace vitrine::data {

namespace {

constexpr std::string_view kRemoved = "vitrine_removed_rows";

void refuse_duplicates(Database& database, const std::string& rows,
                       const std::vector<ReadFile>& files, const ReadOptions& options,
                       ReadReport& report) {
  const std::string removed(kRemoved);
  const std::uint64_t count = remove_duplicates(database, rows, removed, options.max_samples);
  if (count != 0) {
    report.rows_kept -= count;
    report.refused[RefusedReason::kDuplicate].count = count;
    std::map<std::size_t, std::vector<std::uint64_t>> by_file;
    Rows found =
        database.query(fmt::format("SELECT file, row FROM {} ORDER BY file, row", removed));
    while (const Chunk* chunk = found.next()) {
      for (std::size_t i = 0; i < chunk->size(); ++i) {
        by_file[static_cast<std::size_t>(chunk->int32s(0)[i])].push_back(
            static_cast<std::uint64_t>(chunk->int64s(1)[i]));
      }
    }
    for (const auto& [file, numbers] : by_file) {
      add_row_samples(database, files[file].input, files[file].rejects,
                      {{RefusedReason::kDuplicate, numbers}}, options.max_samples, report.refused);
    }
  }
  database.execute(fmt::format("DROP TABLE {}", removed));
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
        "the "
        "time unit of the log",
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

ReadReport read_events(Database& database, const ReadOptions& options, std::string_view table) {
  // A wrong value is reported before the files are read, because reading takes long.
  static_cast<void>(parse_session_gap(options.session_gap));
  ReadReport report;
  report.files = expand_files(options.files);
  const std::string rows = "vitrine_event_rows";
  create_event_rows(database, rows);
  std::vector<ReadFile> files;
  const RepairedCopies cleanup(files);
  for (std::size_t i = 0; i < report.files.size(); ++i) {
    files.push_back(
        read_event_rows(database, report.files[i], static_cast<int>(i), options, rows, report));
    close_original(files[i].input);
    if (i == 0) {
      report.columns = files[0].columns;
    } else if (files[i].columns != report.columns) {
      report.warnings.push_back(
          fmt::format("{} and {} have different columns; check that they mean the same",
                      report.files[i], report.files[0]));
    }
  }
  refuse_duplicates(database, rows, files, options, report);
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
  build_sessions(database, rows, options, table, report);
  summarize(database, table, options, report);
  return report;
}

}  // namespace vitrine::data
