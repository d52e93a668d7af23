#include "data/item_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "data/column_choice.h"
#include "data/named_file.h"
#include "data/nested_paths.h"
#include "data/staging.h"
#include "data/value_sql.h"

namespace vitrine::data {

namespace {

constexpr std::size_t kMostColumns = 8;

bool is_asked(const ReadOptions& options) {
  return std::any_of(options.columns.begin(), options.columns.end(), [](const auto& entry) {
    const std::string key = bare_name(entry.first);
    return key == "itemid" || key == "id" || key == "item";
  });
}

/// Creates `table` (name VARCHAR: bare name of a column, id VARCHAR) with the different ids in each
/// column that may hold the item's id. Returns the names, the most likely first.
std::vector<std::string> collect(Database& database, const std::vector<std::string>& paths,
                                 bool items, const std::string& table) {
  std::vector<std::string> names;
  database.execute(fmt::format("CREATE OR REPLACE TABLE {} (name VARCHAR, id VARCHAR)", table));
  for (const std::string& path : paths) {
    const InputFile file = inspect_file(database, path);
    const ColumnsOfFile offer{
        .name = path, .columns = file.columns, .paths = find_paths(database, file), .facts = {}};
    std::vector<std::string> columns = candidates_for("item_id", offer, {}, items);
    if (columns.size() > kMostColumns) columns.resize(kMostColumns);
    for (const std::string& column : columns) {
      const std::string name = bare_name(column);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      const TextSource source = text_source(file, {{"item_id", column}});
      try {
        database.execute(fmt::format(
            "INSERT INTO {} SELECT DISTINCT {}, {} AS id FROM {} WHERE {} IS NOT NULL AND {} IS "
            "NOT "
            "NULL",
            table, sql_literal(name), whole_number_sql(id_sql(source.text.at("item_id"))),
            source.from, id_sql(source.text.at("item_id")), source.row_hash));
      } catch (const base::Error&) {
        // The file is repaired, or the error reported, when it is read.
      }
      drop_reject_tables(database);
    }
  }
  return names;
}

std::vector<std::string> paths_of(const std::vector<NamedFile>& files) {
  std::vector<std::string> paths;
  for (const NamedFile& file : files) paths.push_back(file.path);
  return paths;
}

/// Returns true when every file can be read twice, as a pipe cannot.
bool are_regular(const std::vector<std::string>& paths) {
  return std::all_of(paths.begin(), paths.end(), [](const std::string& path) {
    std::error_code error;
    return std::filesystem::is_regular_file(path, error);
  });
}

}  // namespace

void match_item_columns(Database& database, ReadOptions& events, ReadOptions& items) {
  if (is_asked(events) && is_asked(items)) return;
  const std::string logged = "vitrine_logged_ids";
  const std::string listed = "vitrine_listed_ids";
  const std::vector<std::string> log = paths_of(name_files(events.files));
  const std::vector<std::string> catalogue = expand_files(items.files);
  if (!are_regular(log) || !are_regular(catalogue)) return;
  const auto events_names = collect(database, log, false, logged);
  const auto items_names = collect(database, catalogue, true, listed);
  if (events_names.size() + items_names.size() > 2) {
    // Ids of the log that the catalogue has, as a share of those of the column.
    Rows rows = database.query(fmt::format(
        "WITH counts AS (SELECT name, count(DISTINCT id) AS ids FROM {0} GROUP BY name) SELECT "
        "l.name, c.name, count(DISTINCT l.id)::DOUBLE / any_value(counts.ids) FROM {0} l JOIN {1} "
        "c ON l.id = c.id JOIN counts ON counts.name = l.name GROUP BY ALL",
        logged, listed));
    const auto place = [](const std::vector<std::string>& names, std::string_view name) {
      return std::find(names.begin(), names.end(), name) - names.begin();
    };
    struct Pair {
      double share;
      std::ptrdiff_t rank;  // of both names together, the most likely is 0
      std::string logged, listed;
    };
    std::vector<Pair> pairs;
    double best = 0.0;
    while (const Chunk* chunk = rows.next()) {
      for (std::size_t row = 0; row < chunk->size(); ++row) {
        const std::string_view in_log = chunk->text(0, row);
        const std::string_view in_list = chunk->text(1, row);
        pairs.push_back({.share = chunk->doubles(2)[row],
                         .rank = place(events_names, in_log) + place(items_names, in_list),
                         .logged = std::string(in_log),
                         .listed = std::string(in_list)});
        best = std::max(best, pairs.back().share);
      }
    }
    // A column must be clearly better than one whose name is more likely.
    std::erase_if(pairs, [best](const Pair& pair) { return pair.share < best - 0.05; });
    const auto chosen =
        std::min_element(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
          return std::tie(a.rank, a.logged) < std::tie(b.rank, b.logged);
        });
    if (chosen != pairs.end()) {
      events.item_column = chosen->logged;
      items.item_column = chosen->listed;
    }
  }
  database.execute(fmt::format("DROP TABLE {}; DROP TABLE {}", logged, listed));
}

}  // namespace vitrine::data
