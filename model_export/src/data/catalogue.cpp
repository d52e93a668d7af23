#include "data/catalogue.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/progress.h"
#include "data/amount_column.h"
#include "data/availability.h"
#include "data/chosen_columns.h"
#include "data/staging.h"
#include "data/value_sql.h"

namespace vitrine::data {

namespace {

constexpr std::string_view kRows = "vitrine_item_rows";
constexpr std::string_view kStaging = "vitrine_file_items";

/// SQL that makes 'a/b/c' from "a > b > c", "a|b|c" or ["a", "b", "c"]. `listed` is true for a
/// column that has several paths with commas between them, of which the first is taken; a comma
/// after a backslash belongs to a name.
std::string category_sql(const std::string& text, bool listed) {
  const std::string path =
      listed ? fmt::format("replace(regexp_extract({}, '^(?:[^,\\\\]|\\\\.)*'), '\\,', ',')", text)
             : text;
  return fmt::format(
      "nullif(trim(regexp_replace(CASE WHEN starts_with({0}, '[') AND json_valid({0}) THEN "
      "array_to_string(from_json(CASE WHEN json_type({0}, '$[0]') = 'ARRAY' THEN json_extract({0}, "
      "'$[0]') ELSE {0} END, '[\"VARCHAR\"]'), '/') ELSE {1} END, '\\s*[/>|]+\\s*', '/', 'g'), ' "
      "/'), '')",
      text, path);
}

constexpr std::string_view kSaleWords[] = {"available", "stock", "published", "visibility",
                                           "item_status"};

/// SQL that is false for an item that is not for sale. A catalogue that says nothing offers all
/// items. The flag decides where there is one; a stock of 0 may be ordered all the same.
std::string available_sql(const TextSource& source) {
  const auto says = [&source](std::string_view role) {
    return for_sale_sql(text_or_null(source, role));
  };
  return fmt::format(
      "(coalesce({}, {}, true) AND coalesce({}, true) AND coalesce({}, true) AND coalesce({}, "
      "true))",
      says("available"), says("stock"), says("published"), says("visibility"), says("item_status"));
}

/// SQL for a word about the availability that is not known, NULL where there is none.
std::string unknown_word_sql(const TextSource& source) {
  std::string sql = "coalesce(";
  for (const std::string_view role : kSaleWords) {
    const std::string text = text_or_null(source, role);
    sql += fmt::format("CASE WHEN trim({0}) <> '' AND {1} IS NULL THEN {0} END, ", text,
                       for_sale_sql(text));
  }
  return sql + "NULL::VARCHAR)";
}

std::string staging_sql(const TextSource& source, const ReadFile& file, const RunFacts& run,
                        const ReadOptions& options) {
  const auto column = [&file](const std::string& role) {
    const auto found = file.columns.find(role);
    return found == file.columns.end() ? std::string() : found->second;
  };
  const auto amount = [&](const std::string& role) {
    const std::string sql =
        amount_sql(text_or_null(source, role),
                   decide_amounts(facts_of(run, column(role)).amounts, options.decimal_comma));
    return fmt::format("CASE WHEN isfinite({0}) AND {0} >= 0 THEN {0} END", sql);
  };
  const ColumnFacts ids = facts_of(run, column("item_id"));
  std::string id = id_sql(text_or_null(source, "item_id"));
  if (ids.decimals > 0 && ids.not_whole == 0) id = whole_number_sql(id);
  const bool listed = column("category").find(':') == std::string::npos &&
                      bare_name(column("category")) == "categories";
  return fmt::format(
      "CREATE OR REPLACE TABLE {} AS SELECT {} AS id, {} AS category, nullif(trim({}), '') AS "
      "brand, coalesce(nullif({}, 0), {}) AS price, {} AS available, {} AS unknown_word, "
      "nullif(trim({}), '') AS title, {} AS record, CASE WHEN {} THEN 255 WHEN {} THEN {} ELSE 0 "
      "END::UTINYINT AS flaw FROM {}",
      kStaging, id, category_sql(text_or_null(source, "category"), listed),
      text_or_null(source, "brand"), amount("sale_price"), amount("price"), available_sql(source),
      unknown_word_sql(source), text_or_null(source, "title"),
      source.record.empty() ? "NULL::BIGINT" : source.record, source.blank, source.malformed,
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

void check_columns(const ReadFile& file) {
  if (file.columns.count("item_id") != 0) return;
  throw base::Error(
      base::ExitCode::kDataUnusable,
      fmt::format("{} has no column for the item's id; its columns are: {}. Name it with "
                  "--map items.item_id=COLUMN",
                  file.input.name, list_columns(file.offer.paths)));
}

void read_file(Database& database, ReadFile& file, int index, const RunFacts& run,
               const ReadOptions& options, ItemsReport& report) {
  stage_file(
      database, file, index,
      [&](const TextSource& source) { return staging_sql(source, file, run, options); }, options,
      report.refused, report.rows_read);
  database.execute(fmt::format(
      "INSERT INTO {} SELECT id, category, brand, price, available, title, unknown_word, CASE WHEN "
      "flaw <> 0 THEN flaw WHEN id IS NULL THEN {} WHEN strlen(id) > {} THEN {} ELSE 0 END, {}, "
      "coalesce(record, rowid) FROM {} WHERE flaw <> 255; DROP TABLE {}",
      kRows, static_cast<int>(RefusedReason::kEmptyItem), kLongestItemId,
      static_cast<int>(RefusedReason::kItemTooLong), index, kStaging, kStaging));
}

void warn_about_unknown_words(Database& database, ItemsReport& report) {
  Rows rows = database.query(fmt::format(
      "SELECT unknown_word, count(*), sum(count(*)) OVER ()::BIGINT FROM {} WHERE unknown_word IS "
      "NOT NULL AND flaw = 0 GROUP BY unknown_word ORDER BY count(*) DESC, unknown_word LIMIT 5",
      kRows));
  std::string words;
  std::int64_t all = 0;
  while (const Chunk* chunk = rows.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      words += fmt::format("{}\"{}\" ({})", words.empty() ? "" : ", ",
                           printable(chunk->text(0, row), 40), chunk->int64s(1)[row]);
      all = chunk->int64s(2)[row];
    }
  }
  if (words.empty()) return;
  report.warnings.push_back(
      fmt::format("{} items are for sale although their availability is not understood: {}",
                  base::with_thousands(static_cast<std::uint64_t>(all)), words));
}

}  // namespace

ItemsReport read_items(Database& database, const ReadOptions& options, std::string_view table) {
  ItemsReport report;
  report.files = expand_files(options.files);
  database.execute(fmt::format(
      "CREATE OR REPLACE TABLE {} (id VARCHAR, category VARCHAR, brand VARCHAR, price "
      "DOUBLE, available BOOLEAN, title VARCHAR, unknown_word VARCHAR, flaw UTINYINT, file "
      "INTEGER, row BIGINT)",
      kRows));
  std::vector<ReadFile> files(report.files.size());
  const RepairedCopies cleanup(files);
  RunFacts run;
  for (std::size_t i = 0; i < files.size(); ++i) {
    inspect_columns(database, files[i], report.files[i], static_cast<int>(i), kItemColumns, options,
                    report.refused, report.rows_read);
    add_to_run(files[i].offer.facts, run);
    if (files[i].input.recoded) {
      report.warnings.push_back(
          fmt::format("{} is no UTF-8; it is read as Latin-1 (Windows-1252)", report.files[i]));
    }
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    files[i].columns = choose_item_columns(files[i].offer, files[i].wishes, run);
    check_columns(files[i]);
    read_file(database, files[i], static_cast<int>(i), run, options, report);
    close_original(files[i].input);
  }
  report.columns = files.front().columns;
  report.chosen = chosen_columns(report.columns, kItemColumns, run);
  for (const std::string role : {"price", "sale_price"}) {
    if (report.columns.count(role) == 0) continue;
    add_amount_doubt(report.columns[role], facts_of(run, report.columns[role]), options,
                     report.doubts);
  }
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
  warn_about_unknown_words(database, report);
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
