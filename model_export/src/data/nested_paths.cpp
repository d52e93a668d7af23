#include "data/nested_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"

namespace vitrine::data {

namespace {

constexpr int kDeepest = 4;
constexpr std::size_t kMostPaths = 1000;
// A structure is found by recursion. A text with more brackets than this may be nested as deep.
constexpr int kMostBrackets = 5000;

/// Paths of one column; "[]" at its end stands for a list whose elements are looked into.
class PathCollector {
 public:
  PathCollector(std::set<std::string>& paths, std::set<std::string>& entries)
      : paths_(paths), entries_(entries) {}

  void collect(const nlohmann::json& structure, const std::string& path, int depth, bool in_list) {
    if (paths_.size() >= kMostPaths || depth > kDeepest) return;
    if (structure.is_object()) {
      for (const auto& [name, value] : structure.items()) {
        if (name.empty() || name.find_first_of(".[]|") != std::string::npos) continue;
        collect(value, path.empty() ? name : path + "." + name, depth + 1, in_list);
      }
    } else if (structure.is_array()) {
      if (in_list || structure.empty() || path.empty()) return;
      const nlohmann::json& element = structure.front();
      if (element.is_object() && element.contains("key") && element.contains("value")) {
        entries_.insert(path);
      } else {
        collect(element, path + "[]", depth + 1, true);
      }
    } else if (!path.empty()) {
      paths_.insert(path);
    }
  }

 private:
  std::set<std::string>& paths_;
  std::set<std::string>& entries_;
};

/// Returns the text column `column` of a file as JSON text, NULL where it is none.
std::string json_sql(const std::string& text) {
  return fmt::format(
      "CASE WHEN left(ltrim({0}), 1) IN ('{{', '[') AND strlen({0}) - strlen(replace(replace({0}, "
      "'[', ''), '{{', '')) < {1} THEN CASE WHEN json_valid({0}) THEN {0} WHEN "
      "json_valid(replace({0}, '''', '\"')) THEN replace({0}, '''', '\"') END END",
      text, kMostBrackets);
}

std::vector<std::string> texts_of(Database& database, const std::string& sql) {
  std::vector<std::string> texts;
  Rows rows = database.query(sql);
  while (const Chunk* chunk = rows.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) texts.emplace_back(chunk->text(0, row));
  }
  return texts;
}

/// Adds the paths in `json`, an expression over `from`, below `column` (empty: the whole record).
void add_paths(Database& database, const TextSource& source, const std::string& json,
               const std::string& column, std::set<std::string>& paths) {
  // DuckDB cannot note unreadable lines of a single column, so all columns are looked at.
  const std::string from =
      fmt::format("(SELECT * FROM {} WHERE {} IS NOT NULL)", source.from, source.row_hash);
  std::set<std::string> entries;
  PathCollector collector(paths, entries);
  for (const std::string& text : texts_of(
           database, fmt::format("SELECT DISTINCT json_structure(j)::VARCHAR FROM (SELECT {} AS j "
                                 "FROM {}) WHERE j IS NOT NULL",
                                 json, from))) {
    const nlohmann::json structure = nlohmann::json::parse(text, nullptr, false);
    if (!structure.is_discarded()) collector.collect(structure, column, 0, false);
  }
  for (const std::string& list : entries) {
    std::string path = "$";
    if (list.size() > column.size())
      path += (column.empty() ? "." : "") + list.substr(column.size());
    for (const std::string& key :
         texts_of(database, fmt::format("SELECT DISTINCT unnest(json_extract_string(j, {})) FROM "
                                        "(SELECT {} AS j FROM {}) WHERE j IS NOT NULL",
                                        sql_literal(path + "[*].key"), json, from))) {
      if (key.empty() || key.find_first_of("[]|") != std::string::npos) continue;
      if (paths.size() < kMostPaths) paths.insert(list + "[" + key + "]");
    }
  }
}

}  // namespace

std::vector<std::string> find_paths(Database& database, const InputFile& file) {
  std::vector<std::string> all = file.columns;
  std::set<std::string> paths;
  try {
    if (file.format == FileFormat::kJsonLines || file.format == FileFormat::kJsonArray) {
      const TextSource source = text_source(file, {});
      add_paths(database, source, json_sql("line"), "", paths);
    } else {
      std::map<std::string, std::string> map;
      for (const std::string& column : file.columns) map[column] = column;
      const TextSource source = text_source(file, map);
      // All columns in one query: DuckDB cannot note unreadable lines of a single column.
      std::string counts;
      for (const std::string& column : file.columns) {
        counts += fmt::format(", count({})", json_sql(source.text.at(column)));
      }
      std::vector<std::string> nested;
      {
        Rows rows = database.query(fmt::format("SELECT {} FROM (SELECT * FROM {} LIMIT 1000)",
                                               counts.substr(2), source.from));
        const Chunk* chunk = rows.next();
        for (std::size_t i = 0; i < file.columns.size(); ++i) {
          if (chunk->int64s(i)[0] != 0) nested.push_back(file.columns[i]);
        }
      }
      for (const std::string& column : nested) {
        add_paths(database, source, json_sql(source.text.at(column)), column, paths);
      }
    }
  } catch (const base::Error&) {
    // DuckDB cannot read this file to its end. The staging step repairs it or reports the error.
  }
  drop_reject_tables(database);
  for (const std::string& path : paths) {
    if (std::find(all.begin(), all.end(), path) == all.end()) all.push_back(path);
  }
  return all;
}

}  // namespace vitrine::data
