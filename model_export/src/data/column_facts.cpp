#include "data/column_facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "data/event_kind.h"
#include "data/refused.h"
#include "data/value_sql.h"

namespace vitrine::data {

namespace {

constexpr std::size_t kCounts = 10;
constexpr std::size_t kSamples = 3;
constexpr std::string_view kTexts = "vitrine_column_texts";

/// Returns the path of the first element of the list that a path goes through.
std::string first_element(std::string path) {
  const std::size_t list = path.find("[]");
  return list == std::string::npos ? path : path.replace(list, 2, "[0]");
}

std::string facts_sql(const std::string& text, const FactKinds& kinds) {
  const std::string id = id_sql(text);
  const auto count = [](bool wanted, const std::string& condition) {
    return wanted ? fmt::format(", count(*) FILTER ({})", condition) : std::string(", 0::BIGINT");
  };
  const auto zeros = [](std::size_t number) {
    std::string out;
    for (std::size_t i = 0; i < number; ++i) out += ", 0::BIGINT";
    return out;
  };
  return fmt::format(", count(*), count({})", id) +
         count(kinds.ids, shopper_sql(text) + " IS NOT NULL") +
         count(kinds.ids, fmt::format("{} IN ('0', '0.0', '-1', '-1.0')", text)) +
         (kinds.ids ? fmt::format(", approx_count_distinct({})", text) : zeros(1)) +
         // Cheap conditions come first: most ids are no numbers, and have no point and no comma.
         count(
             kinds.ids,
             fmt::format("contains({0}, '.') AND regexp_full_match({0}, '-?[0-9]+[.]0+')", text)) +
         count(kinds.ids,
               fmt::format("{0} IS NOT NULL AND ({1} > ':' OR NOT regexp_full_match({1}, "
                           "'-?[0-9]+([.]0+)?'))",
                           id, text)) +
         count(kinds.lists, fmt::format("left(ltrim({0}), 1) IN ('[', '{{') AND "
                                        "regexp_full_match(trim({0}), '\\[.*\\]|\\{{.*\\}}')",
                                        text)) +
         count(kinds.lists,
               fmt::format("(contains({0}, ',') OR contains({0}, ';') OR contains({0}, '|')) AND "
                           "regexp_full_match(trim({0}), "
                           "'[^\\s,;|]+(\\s*[,;|]\\s*[^\\s,;|]+)+') AND left(ltrim({0}), 1) NOT "
                           "IN ('[', '{{')",
                           text)) +
         count(kinds.words,
               fmt::format("trim({0}) <> '' AND {1} <> {2}", text, event_meaning_sql(text),
                           static_cast<int>(EventMeaning::kOther))) +
         (kinds.times ? ", " + time_evidence_sql(text) : zeros(kTimeEvidenceColumns)) +
         (kinds.amounts ? ", " + amount_evidence_sql(text) : zeros(kAmountEvidenceColumns));
}

/// Returns how many of `delimited` values are lists of ids: all, if most values of the column are
/// or if the first id of most of them stands alone elsewhere; else none, for an id may have a
/// comma.
std::int64_t count_lists(Database& database, const TextSource& source, const std::string& text,
                         std::int64_t delimited, std::int64_t filled) {
  if (delimited * 2 >= filled) return delimited;
  if (delimited * 20 < filled) return 0;
  // DuckDB cannot note unreadable lines of two scans in one query, nor those of one column.
  database.execute(
      fmt::format("CREATE OR REPLACE TABLE {} AS SELECT {} AS text, {} AS row_hash FROM {}", kTexts,
                  text, source.row_hash, source.from));
  const std::int64_t alone = database.query_int64(fmt::format(
      "SELECT count(*) FROM (SELECT regexp_extract(trim(text), '^[^\\s,;|]+') AS id FROM {0} WHERE "
      "contains(text, ',') OR contains(text, ';') OR contains(text, '|')) SEMI JOIN (SELECT "
      "DISTINCT text AS id FROM {0}) USING (id)",
      kTexts));
  database.execute(fmt::format("DROP TABLE {}", kTexts));
  return alone * 2 >= delimited ? delimited : 0;
}

ColumnFacts read_facts(const Chunk& chunk, std::size_t at, std::int64_t& delimited) {
  ColumnFacts facts;
  const std::size_t first = at;
  const auto next = [&] { return chunk.int64s(at++)[0]; };
  facts.rows = next();
  facts.filled = next();
  facts.somebody = next();
  facts.zeros = next();
  facts.distinct = next();
  facts.decimals = next();
  facts.not_whole = next();
  facts.lists = next();
  delimited = next();
  facts.known_words = next();
  facts.time = read_time_evidence(chunk, first + kCounts);
  facts.amounts = read_amount_evidence(chunk, first + kCounts + kTimeEvidenceColumns);
  return facts;
}

}  // namespace

void ColumnFacts::add(const ColumnFacts& other) {
  rows += other.rows;
  filled += other.filled;
  somebody += other.somebody;
  zeros += other.zeros;
  distinct += other.distinct;
  decimals += other.decimals;
  not_whole += other.not_whole;
  lists += other.lists;
  known_words += other.known_words;
  time.add(other.time);
  amounts.add(other.amounts);
  for (const std::string& sample : other.samples) {
    if (samples.size() < kSamples &&
        std::find(samples.begin(), samples.end(), sample) == samples.end()) {
      samples.push_back(sample);
    }
  }
}

std::map<std::string, ColumnFacts> find_facts(Database& database, const InputFile& file,
                                              const std::map<std::string, FactKinds>& paths) {
  std::map<std::string, ColumnFacts> facts;
  if (paths.empty()) return facts;
  std::map<std::string, std::string> map;
  for (const auto& [path, kinds] : paths) map[path] = first_element(path);
  const TextSource source = text_source(file, map);
  std::string aggregates;
  std::string texts;
  for (const auto& [path, kinds] : paths) {
    aggregates += facts_sql(source.text.at(path), kinds);
    texts += (texts.empty() ? "" : ", ") + source.text.at(path);
  }
  try {
    Rows rows = database.query(fmt::format(
        "SELECT {} FROM {} WHERE NOT ({}) AND NOT ({}) AND {} IS NOT NULL", aggregates.substr(2),
        source.from, source.blank, source.malformed, source.row_hash));
    const Chunk* chunk = rows.next();
    constexpr std::size_t kEach = kCounts + kTimeEvidenceColumns + kAmountEvidenceColumns;
    std::size_t at = 0;
    for (const auto& [path, kinds] : paths) {
      std::int64_t delimited = 0;
      ColumnFacts& one = facts[path] = read_facts(*chunk, kEach * at++, delimited);
      if (delimited == 0) continue;
      one.lists += count_lists(database, source, source.text.at(path), delimited, one.filled);
    }
    Rows samples =
        database.query(fmt::format("SELECT {}, {} AS row_hash FROM {} WHERE NOT ({}) LIMIT 1000",
                                   texts, source.row_hash, source.from, source.malformed));
    while (const Chunk* part = samples.next()) {
      std::size_t column = 0;
      for (auto& [path, one] : facts) {
        for (std::size_t row = 0; row < part->size() && one.samples.size() < kSamples; ++row) {
          const std::string sample = printable(part->text(column, row), 40);
          if (sample.empty()) continue;
          ColumnFacts found;
          found.samples = {sample};
          one.add(found);
        }
        ++column;
      }
    }
  } catch (const base::Error&) {
    facts.clear();
  }
  return facts;
}

}  // namespace vitrine::data
