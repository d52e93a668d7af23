#include "data/staging.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <tuple>

#include "base/error.h"
#include "base/progress.h"
#include "data/nested_paths.h"
#include "data/presets.h"

namespace vitrine::data {

namespace {

struct RejectScan {
  std::vector<CsvReject> rejects;
  bool broken_quotes = false;
};

RejectScan take_rejects(Database& database) {
  RejectScan scan;
  const std::int64_t tables = database.query_int64(fmt::format(
      "SELECT count(*) FROM duckdb_tables() WHERE table_name = {}", sql_literal(kRejectsTable)));
  if (tables == 0) return scan;
  // DuckDB notes a line with several faults several times. Its positions count from 1.
  Rows rows = database.query(fmt::format(
      "SELECT (line_byte_position - 1)::BIGINT, bool_or(error_type = 'INVALID ENCODING'), "
      "bool_or(error_type IN ('UNQUOTED VALUE', 'LINE SIZE OVER MAXIMUM')) FROM {} GROUP BY 1 "
      "ORDER BY 1",
      kRejectsTable));
  while (const Chunk* chunk = rows.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      scan.rejects.push_back(
          {static_cast<std::uint64_t>(chunk->int64s(0)[row]),
           chunk->bools(1)[row] ? RefusedReason::kInvalidUtf8 : RefusedReason::kMalformed});
      scan.broken_quotes |= chunk->bools(2)[row];
    }
  }
  return scan;
}

/// Puts a copy without the faults in the place of a CSV file, and counts what it costs.
void repair(Database& database, ReadFile& file, int file_index, const ReadOptions& options,
            Refused& refused, std::uint64_t& rows_read) {
  const std::filesystem::path copy = std::filesystem::path(database.spill_directory()) /
                                     fmt::format("repaired-{}-{}.csv", ::getpid(), file_index);
  if (file.input.path == copy.string()) return;
  std::filesystem::create_directories(copy.parent_path());
  const RepairedCsv repaired =
      repair_csv(file.input.path, copy.string(), file.input.dialect, options.max_samples);
  replace_by_copy(file.input, copy.string());
  rows_read += repaired.refused;
  if (repaired.refused == 0) return;
  RefusedRows& rows = refused[RefusedReason::kMalformed];
  rows.count += repaired.refused;
  for (const RepairedCsv::Line& line : repaired.samples) {
    if (rows.samples.size() >= options.max_samples) break;
    rows.samples.push_back({file.input.name, line.number, printable(line.text)});
  }
}

}  // namespace

void inspect_columns(Database& database, ReadFile& file, const std::string& path, int file_index,
                     std::span<const std::string_view> wanted, const ReadOptions& options,
                     Refused& refused, std::uint64_t& rows_read) {
  file.input = inspect_file(database, path);
  const bool items = std::find(wanted.begin(), wanted.end(), "title") != wanted.end();
  const auto look = [&] {
    file.offer = {.name = path,
                  .columns = file.input.columns,
                  .paths = find_paths(database, file.input),
                  .facts = {}};
    const Preset* preset =
        options.preset.empty() ? preset_of(file.offer.paths) : &preset_named(options.preset);
    file.wishes = {.asked = options.columns,
                   .preset = {},
                   .item_column = options.item_column,
                   .kind_is_given = file.kind.has_value()};
    if (preset != nullptr) file.wishes.preset = items ? preset->items : preset->events;
    file.offer.facts =
        find_facts(database, file.input, candidates(file.offer, file.wishes, wanted));
    const bool broken = file.offer.facts.empty() || take_rejects(database).broken_quotes;
    drop_reject_tables(database);
    return !broken;
  };
  if (!look() && file.input.format == FileFormat::kCsv) {
    repair(database, file, file_index, options, refused, rows_read);
    static_cast<void>(look());
  }
}

void stage_file(Database& database, ReadFile& file, int file_index,
                const std::function<std::string(const TextSource&)>& statement,
                const ReadOptions& options, Refused& refused, std::uint64_t& rows_read) {
  const Database::OnProgress on_progress =
      options.progress ? Database::OnProgress([&](double done) {
        options.progress(fmt::format("reading {}", file.input.name), done);
      })
                       : Database::OnProgress();
  drop_reject_tables(database);
  std::string failure;
  try {
    database.execute(statement(text_source(file.input, file.columns)), on_progress);
  } catch (const base::Error& error) {
    failure = with_user_name(file.input, error.what());
  }
  RejectScan scan = take_rejects(database);
  drop_reject_tables(database);
  if (file.input.format == FileFormat::kCsv && (!failure.empty() || scan.broken_quotes)) {
    repair(database, file, file_index, options, refused, rows_read);
    failure.clear();
    try {
      database.execute(statement(text_source(file.input, file.columns)), on_progress);
    } catch (const base::Error& error) {
      failure = with_user_name(file.input, error.what());
    }
    scan = take_rejects(database);
    drop_reject_tables(database);
  }
  if (!failure.empty()) {
    throw base::Error(base::ExitCode::kDataUnusable,
                      fmt::format("{} cannot be read: {}", file.input.name, failure));
  }
  file.rejects = std::move(scan.rejects);
  rows_read += file.rejects.size();
  add_rejects(file.input, file.rejects, options.max_samples, refused);
}

RepairedCopies::~RepairedCopies() {
  for (const ReadFile& file : files_) {
    std::error_code ignored;
    if (file.input.is_copy) std::filesystem::remove(file.input.path, ignored);
  }
}

void sort_samples(Refused& refused) {
  for (auto& [reason, rows] : refused) {
    std::sort(rows.samples.begin(), rows.samples.end(),
              [](const RefusedSample& a, const RefusedSample& b) {
                return std::tie(a.file, a.line) < std::tie(b.file, b.line);
              });
  }
}

std::string refused_summary(const Refused& refused) {
  std::string out;
  for (const auto& [reason, rows] : refused) {
    if (rows.count == 0) continue;
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", refused_words(reason),
                       base::with_thousands(rows.count));
    if (!rows.samples.empty()) {
      const RefusedSample& sample = rows.samples.front();
      out += fmt::format(" (such as {}:{}: {})", sample.file, sample.line, sample.text);
    }
  }
  return out.empty() ? "no rows" : out;
}

}  // namespace vitrine::data
