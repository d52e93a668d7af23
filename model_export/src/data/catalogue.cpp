#include "data/catalogue.h"

#include <fmt/format.h>

#include "base/error.h"
#include "data/staging.h"
#include "data/value_sql.h"

namespace vitrine::data {

namespace {

constexpr std::string_view kRows = "vitrine_item_rows";
constexpr std::string_view kStaging = "vitrine_file_items";

/// SQL that makes 'a/b/c' from "a > b > c", "a|b|c" or ["a", "b", "c"].
std::string category_sql(const std::string& text) {
  return fmt::format(
      "nullif(trim(regexp_replace(CASE WHEN starts_with({0}, '[') AND json_valid({0}) THEN "
      "array_to_string(from_json({0}, '[\"VARCHAR\"]'), '/') ELSE {0} END, '\\s*[/>|]+\\s*', '/', "
      "'g'), ' /'), '')",
      text);
}

/// SQL that is false only for text that clearly says "not available". A catalogue without the
/// column offers all items. It avoids IN for the reason given in id_sql.
std::string available_sql(const std::string& text) {
  return fmt::format(
      "CASE WHEN TRY_CAST({0} AS DOUBLE) <= 0 OR regexp_full_match(regexp_replace(lower({0}), "
      "'[^a-z]', '', 'g'), "
      "'false|f|no|n|outofstock|soldout|unavailable|discontinued|inactive') THEN false ELSE true "
      "END",
      text);
}

std::string staging_sql(const TextSource& source) {
  return fmt::format(
      "CREATE OR REPLACE TABLE {} AS SELECT {} AS id, {} AS category, nullif(trim({}), '') AS "
      "brand, "
      "{} AS price, {} AS available, nullif(trim({}), '') AS title, CASE WHEN {} THEN 255 WHEN {} "
      "THEN {} ELSE 0 END::UTINYINT AS flaw FROM {}",
      kStaging, id_sql(text_or_null(source, "item_id")),
      category_sql(text_or_null(source, "category")), text_or_null(source, "brand"),
      amount_sql(text_or_null(source, "price")), available_sql(text_or_null(source, "available")),
      text_or_null(source, "title"), source.blank, source.malformed,
      static_cast<int>(RefusedReason::kMalformed), source.from);
}

void refuse(Database& database, const std::vector<ReadFile>& files, const std::string& from,
            RefusedReason reason, const ReadOptions& options, ItemsReport& report) {
  const std::int64_t count = database.query_int64(fmt::format("SELECT count(*) FROM {}", from));
  if (count == 0) return;
  report.refused[reason].count += static_cast<std::uint64_t>(count);
  std::map<std::size_t, std::vector<std::uint64_t>> by_file;
  Rows found = database.query(fmt::format("SELECT file, row FROM {} ORDER BY file, row LIMIT {}",
                                          from, options.max_samples));
  while (const Chunk* chunk = found.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      by_file[static_cast<std::size_t>(chunk->int32s(0)[i])].push_back(
          static_cast<std::uint64_t>(chunk->int64s(1)[i]));
    }
  }
  for (const auto& [file, rows] : by_file) {
    add_row_samples(database, files[file].input, files[file].rejects, {{reason, rows}},
                    options.max_samples, report.refused);
  }
}

ReadFile read_file(Database& database, const std::string& path, int index,
                   const ReadOptions& options, ItemsReport& report) {
  ReadFile file;
  file.input = inspect_file(database, path);
  file.columns = map_columns(file.input.columns, options.columns, kItemColumns, path);
  if (file.columns.count("item_id") == 0) {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format("{} has no column for the item's id; its columns are: {}. Name it with "
                    "--map items.item_id=COLUMN",
                    path, list_columns(file.input.columns)));
  }
  stage_file(
      database, file, index, [](const TextSource& source) { return staging_sql(source); }, options,
      report.refused, report.rows_read);
  database.execute(fmt::format(
      "INSERT INTO {} SELECT id, category, brand, CASE WHEN isfinite(price) AND price >= 0 THEN "
      "price END, available, title, CASE WHEN flaw <> 0 THEN flaw WHEN id IS NULL THEN {} WHEN "
      "strlen(id) > {} THEN {} ELSE 0 END, {}, rowid FROM {} WHERE flaw <> 255; DROP TABLE {}",
      kRows, static_cast<int>(RefusedReason::kEmptyItem), kLongestItemId,
      static_cast<int>(RefusedReason::kItemTooLong), index, kStaging, kStaging));
  return file;
}

}  // namespace

ItemsReport read_items(Database& database, const ReadOptions& options, std::string_view table) {
  ItemsReport report;
  report.files = expand_files(options.files);
  database.execute(fmt::format(
      "CREATE OR REPLACE TABLE {} (id VARCHAR, category VARCHAR, brand VARCHAR, price "
      "DOUBLE, available BOOLEAN, title VARCHAR, flaw UTINYINT, file INTEGER, row BIGINT)",
      kRows));
  std::vector<ReadFile> files;
  const RepairedCopies cleanup(files);
  for (std::size_t i = 0; i < report.files.size(); ++i) {
    files.push_back(read_file(database, report.files[i], static_cast<int>(i), options, report));
    close_original(files[i].input);
  }
  report.columns = files.front().columns;
  // From here on a repeated id is a reason to refuse a row, too.
  database.execute(fmt::format(
      "CREATE OR REPLACE TABLE {0} AS SELECT * REPLACE (CASE WHEN flaw = 0 AND row_number() OVER "
      "(PARTITION BY flaw, id ORDER BY file, row) > 1 THEN {1} ELSE flaw END AS flaw) FROM {0}",
      kRows, static_cast<int>(RefusedReason::kRepeatedId)));
  report.rows_read += static_cast<std::uint64_t>(
      database.query_int64(fmt::format("SELECT count(*) FROM {}", kRows)));
  for (const RefusedReason reason : {RefusedReason::kMalformed, RefusedReason::kEmptyItem,
                                     RefusedReason::kItemTooLong, RefusedReason::kRepeatedId}) {
    refuse(database, files,
           fmt::format("(SELECT * FROM {} WHERE flaw = {})", kRows, static_cast<int>(reason)),
           reason, options, report);
  }
  sort_samples(report.refused);
  database.execute(
      fmt::format("CREATE OR REPLACE TABLE {} AS SELECT id, category, brand, price, "
                  "available, title FROM {} WHERE flaw = 0 ORDER BY id; DROP TABLE {}",
                  table, kRows, kRows));
  Rows totals = database.query(
      fmt::format("SELECT count(*), count(DISTINCT category), count(DISTINCT brand), count(price), "
                  "count(*) FILTER (NOT available) FROM {}",
                  table));
  const Chunk* chunk = totals.next();
  const auto total = [chunk](std::size_t at) {
    return static_cast<std::uint64_t>(chunk->int64s(at)[0]);
  };
  report.rows_kept = total(0);
  report.categories = total(1);
  report.brands = total(2);
  report.with_price = total(3);
  report.unavailable = total(4);
  if (report.rows_kept == 0) {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format("no usable item in {}: {}; fix the export, or name the right columns with "
                    "--map items.item_id=COLUMN",
                    report.files.front(), refused_summary(report.refused)));
  }
  return report;
}

bool has_catalogue(Database& database) {
  return database.query_int64(
             "SELECT count(*) FROM information_schema.tables WHERE table_name = 'catalogue'") > 0;
}

}  // namespace vitrine::data
