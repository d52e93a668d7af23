#include "data/event_cleaning.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/progress.h"
#include "data/event_kind.h"
#include "data/time_column.h"

namespace vitrine::data {

namespace {

constexpr std::string_view kRemoved = "vitrine_removed_rows";
constexpr std::string_view kOwners = "vitrine_device_owners";
constexpr std::int64_t kDay = 86400;

/// Removes rows and counts them.
class Remover {
 public:
  Remover(Database& database, std::string rows, const std::vector<ReadFile>& files,
          const ReadOptions& options, ReadReport& report)
      : database_(database),
        rows_(std::move(rows)),
        files_(files),
        options_(options),
        report_(report) {}

  /// `selected`: a query of the rowids of the rows to remove. Returns their number.
  std::uint64_t remove(RefusedReason reason, const std::string& selected) {
    database_.execute(
        fmt::format("CREATE OR REPLACE TABLE {} AS SELECT file, row, rowid AS id FROM {} WHERE "
                    "rowid IN ({})",
                    kRemoved, rows_, selected));
    const auto count = static_cast<std::uint64_t>(
        database_.query_int64(fmt::format("SELECT count(*) FROM {}", kRemoved)));
    if (count != 0) {
      database_.execute(
          fmt::format("DELETE FROM {} WHERE rowid IN (SELECT id FROM {})", rows_, kRemoved));
      report_.rows_kept -= count;
      report_.refused[reason].count += count;
      add_samples(reason);
    }
    database_.execute(fmt::format("DROP TABLE {}", kRemoved));
    return count;
  }

 private:
  void add_samples(RefusedReason reason) {
    std::map<std::size_t, std::vector<std::uint64_t>> by_file;
    Rows found =
        database_.query(fmt::format("SELECT DISTINCT file, row FROM {} ORDER BY file, row "
                                    "LIMIT {}",
                                    kRemoved, options_.max_samples));
    while (const Chunk* chunk = found.next()) {
      for (std::size_t i = 0; i < chunk->size(); ++i) {
        by_file[static_cast<std::size_t>(chunk->int32s(0)[i])].push_back(
            static_cast<std::uint64_t>(chunk->int64s(1)[i]));
      }
    }
    for (const auto& [file, numbers] : by_file) {
      add_row_samples(database_, files_[file].input, files_[file].rejects, {{reason, numbers}},
                      options_.max_samples, report_.refused);
    }
  }

  Database& database_;
  std::string rows_;
  const std::vector<ReadFile>& files_;
  const ReadOptions& options_;
  ReadReport& report_;
};

struct DayCount {
  std::int64_t day = 0;
  std::int64_t rows = 0;
};

/// Returns the first and the last day of the log without the few rows that lie far outside: at most
/// one in 200, and further away than twice the span of the other rows and than 30 days. A wrong
/// clock in one row must not move the present of the whole log.
std::optional<std::pair<std::int64_t, std::int64_t>> days_without_outliers(
    const std::vector<DayCount>& days) {
  constexpr std::int64_t kFewestRows = 100;
  constexpr std::int64_t kOneIn = 200;
  constexpr std::int64_t kShortestGap = 30;
  std::int64_t rows = 0;
  for (const DayCount& day : days) rows += day.rows;
  if (rows < kFewestRows) return std::nullopt;
  const std::int64_t few = std::max<std::int64_t>(1, rows / kOneIn);
  // The span without the outermost rows on both sides.
  std::size_t first = 0;
  std::size_t last = days.size() - 1;
  for (std::int64_t before = days[first].rows; before <= few; before += days[++first].rows) {
  }
  for (std::int64_t after = days[last].rows; after <= few; after += days[--last].rows) {
  }
  if (first > last) return std::nullopt;
  const std::int64_t gap = std::max(kShortestGap, 2 * (days[last].day - days[first].day));
  while (first > 0 && days[first].day - days[first - 1].day <= gap) --first;
  while (last + 1 < days.size() && days[last + 1].day - days[last].day <= gap) ++last;
  return std::pair(days[first].day, days[last].day);
}

void remove_outliers(Database& database, const std::string& rows, Remover& remover,
                     ReadReport& report) {
  std::vector<DayCount> days;
  Rows found = database.query(fmt::format(
      "SELECT micros // {}, count(*) FROM {} GROUP BY ALL ORDER BY ALL", kDay * 1'000'000, rows));
  while (const Chunk* chunk = found.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      days.push_back({.day = chunk->int64s(0)[i], .rows = chunk->int64s(1)[i]});
    }
  }
  if (days.empty()) return;
  const auto kept = days_without_outliers(days);
  if (!kept || (kept->first == days.front().day && kept->second == days.back().day)) return;
  const std::uint64_t count = remover.remove(
      RefusedReason::kTimeOutlier,
      fmt::format("SELECT rowid FROM {0} WHERE micros // {1} NOT BETWEEN {2} AND {3}", rows,
                  kDay * 1'000'000, kept->first, kept->second));
  report.warnings.push_back(fmt::format(
      "{} rows lie far outside of the time of all others ({} to {} UTC) and are refused; check "
      "the clock that wrote them",
      base::with_thousands(count), format_time(kept->first * kDay),
      format_time((kept->second + 1) * kDay - 1)));
}

/// A refund takes back the purchases of its order, or the shopper's last purchase of the item.
void remove_taken_back(Database& database, const std::string& rows, const RowColumns& columns,
                       Remover& remover) {
  if (database.query_int64(fmt::format("SELECT count(*) FROM {}", kTakenBack)) == 0) return;
  const std::string order = columns.order ? "order_key" : "NULL::VARCHAR AS order_key";
  const std::string bought = fmt::format(
      "(SELECT rowid AS id, {}, session, item, micros, coalesce(user_key, session) AS buyer, "
      "lead(micros) OVER (PARTITION BY coalesce(user_key, session), item ORDER BY "
      "micros) AS next FROM {} WHERE kind = {})",
      order, rows, static_cast<int>(EventMeaning::kPurchase));
  const std::string of_session =
      columns.session_is_order
          ? fmt::format(
                " UNION SELECT b.id FROM {} b JOIN {} t ON t.session = b.session WHERE "
                "t.item IS NULL AND coalesce(t.micros >= b.micros, true)",
                bought, kTakenBack)
          : std::string();
  remover.remove(
      RefusedReason::kCancelled,
      fmt::format("SELECT b.id FROM {0} b JOIN {1} t ON t.order_key = b.order_key WHERE (t.item IS "
                  "NULL OR t.item = b.item) AND coalesce(t.micros >= b.micros, true) UNION SELECT "
                  "b.id FROM {0} b JOIN {1} t ON coalesce(t.user_key, t.session) = b.buyer AND "
                  "t.item = b.item WHERE (t.order_key IS NULL OR b.order_key IS NULL) AND t.micros "
                  ">= b.micros AND (b.next IS NULL OR t.micros < b.next){2}",
                  bought, kTakenBack, of_session));
}

void remove_repeated_orders(const std::string& rows, Remover& remover) {
  remover.remove(
      RefusedReason::kOrderRepeated,
      fmt::format("SELECT id FROM (SELECT rowid AS id, micros, min(micros) OVER (PARTITION BY "
                  "order_key, item) AS first FROM {} WHERE kind = {} AND order_key IS NOT NULL) "
                  "WHERE micros > first",
                  rows, static_cast<int>(EventMeaning::kPurchase)));
}

/// Of rows that are equal in every column of their file, or that have the same id, one is kept.
void remove_duplicates(const std::string& rows, Remover& remover) {
  // Comparing hashes first finds the few possible duplicates without keeping all the text of a
  // large log in memory.
  constexpr std::string_view kHash = "hash(row_hash, item, kind, micros)";
  remover.remove(
      RefusedReason::kDuplicate,
      fmt::format("SELECT id FROM (SELECT rowid AS id, row_number() OVER (PARTITION BY row_hash, "
                  "session, user_key, item, kind, micros ORDER BY file, row) AS copy FROM {1} "
                  "WHERE {0} IN (SELECT h FROM (SELECT {0} AS h FROM {1}) GROUP BY h HAVING "
                  "count(*) > 1)) WHERE copy > 1",
                  kHash, rows));
}

/// Keeps the latest events of shoppers with far more events than others, and says who they are.
void cap_shoppers(Database& database, const std::string& rows, const ReadOptions& options,
                  Remover& remover, ReadReport& report) {
  constexpr std::int64_t kFewestShoppers = 20;
  constexpr std::int64_t kLeast = 200;
  constexpr std::int64_t kTimes = 3;
  const std::string shopper = "coalesce(user_key, chr(30) || session)";
  std::int64_t most = options.most_events.value_or(0);
  if (!options.most_events) {
    Rows found = database.query(
        fmt::format("SELECT count(*), coalesce(quantile_disc(n, 0.95), 0) FROM (SELECT count(*) AS "
                    "n FROM {} GROUP BY {})",
                    rows, shopper));
    const Chunk* chunk = found.next();
    if (chunk->int64s(0)[0] < kFewestShoppers) return;
    most = std::max(kLeast, kTimes * chunk->int64s(1)[0]);
  }
  if (most <= 0) return;
  std::string names;
  std::uint64_t shoppers = 0;
  Rows found = database.query(
      fmt::format("SELECT {0}, count(*), count(*) OVER () FROM {1} GROUP BY {0} HAVING count(*) > "
                  "{2} ORDER BY count(*) DESC, 1 LIMIT 3",
                  shopper, rows, most));
  while (const Chunk* chunk = found.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      std::string_view name = chunk->text(0, i);
      if (name.starts_with('\x1e') || name.starts_with('\x1f')) name.remove_prefix(1);
      names += fmt::format("{}\"{}\" ({} events)", names.empty() ? "" : ", ", printable(name, 40),
                           base::with_thousands(static_cast<std::uint64_t>(chunk->int64s(1)[i])));
      shoppers = static_cast<std::uint64_t>(chunk->int64s(2)[i]);
    }
  }
  if (shoppers == 0) return;
  const std::uint64_t count = remover.remove(
      RefusedReason::kCapped,
      fmt::format("SELECT id FROM (SELECT rowid AS id, row_number() OVER (PARTITION BY {0} ORDER "
                  "BY micros DESC, row_hash, item) AS place FROM {1} WHERE {0} IN (SELECT {0} FROM "
                  "{1} GROUP BY {0} HAVING count(*) > {2})) WHERE place > {2}",
                  shopper, rows, most));
  report.warnings.push_back(fmt::format(
      "{} shoppers have more than {} events, such as {}; of each the latest {} count, and {} do "
      "not; --most-events sets another limit",
      base::with_thousands(shoppers), base::with_thousands(static_cast<std::uint64_t>(most)), names,
      base::with_thousands(static_cast<std::uint64_t>(most)), base::with_thousands(count)));
}

/// Keeps, of the events of shoppers with one event only, as many for each item as are in proportion
/// to its other events. Crawlers without cookies look like many such shoppers, and would decide
/// what is popular.
void cap_single_events(const std::string& rows, Remover& remover, ReadReport& report) {
  // A row is removed beyond this number for an item, and beyond twice the usual proportion.
  constexpr std::int64_t kLeast = 20;
  const std::string shopper = "coalesce(user_key, chr(30) || session)";
  const std::string marked = fmt::format(
      "(SELECT rowid AS id, item, row_hash, {0} IN (SELECT {0} FROM {1} GROUP BY {0} HAVING "
      "count(*) = 1) AS single FROM {1})",
      shopper, rows);
  const std::uint64_t count = remover.remove(
      RefusedReason::kCapped,
      fmt::format(
          "WITH marked AS {0}, items AS (SELECT item, count(*) FILTER (single) AS ones, "
          "count(*) FILTER (NOT single) AS others FROM marked GROUP BY item), usual AS "
          "(SELECT coalesce(quantile_disc(ones / others, 0.5), 0) AS share FROM items WHERE "
          "others >= 5), most AS (SELECT item, greatest({1}, 2 * (share + 0.05) * others) AS "
          "n FROM items, usual WHERE ones > {1}) SELECT id FROM (SELECT id, item, "
          "row_number() OVER (PARTITION BY item ORDER BY row_hash, id) AS place FROM marked "
          "WHERE single) JOIN most USING (item) WHERE place > n AND EXISTS (SELECT 1 FROM "
          "items WHERE others >= 5)",
          marked, kLeast));
  if (count == 0) return;
  report.warnings.push_back(
      fmt::format("{} events of shoppers with no other event do not count: they are far more than "
                  "usual for their items; --most-events 0 counts them",
                  base::with_thousands(count)));
}

}  // namespace

void join_devices_and_users(Database& database, const std::string& rows,
                            const RowColumns& columns) {
  if (!columns.device) return;
  database.execute(fmt::format(
      "CREATE OR REPLACE TABLE {0} AS SELECT device, min(user_key) AS owner FROM {1} WHERE device "
      "IS NOT NULL AND user_key IS NOT NULL GROUP BY device HAVING min(user_key) = max(user_key)",
      kOwners, rows));
  // A device may be called as a user is.
  for (const std::string& table : {rows, std::string(kTakenBack)}) {
    database.execute(
        fmt::format("UPDATE {0} SET user_key = coalesce((SELECT owner FROM {1} WHERE {1}.device = "
                    "{0}.device), chr(31) || device) WHERE user_key IS NULL AND device IS NOT NULL",
                    table, kOwners));
  }
  database.execute(fmt::format("DROP TABLE {}", kOwners));
}

void remove_what_does_not_count(Database& database, const std::string& rows,
                                const RowColumns& columns, const std::vector<ReadFile>& files,
                                const ReadOptions& options, ReadReport& report) {
  Remover remover(database, rows, files, options, report);
  if (!options.leave_out.empty()) {
    std::string items;
    for (const std::string& item : options.leave_out) {
      items += (items.empty() ? "" : ", ") + sql_literal(item);
    }
    remover.remove(RefusedReason::kLeftOut,
                   fmt::format("SELECT rowid FROM {} WHERE item IN ({})", rows, items));
  }
  remove_outliers(database, rows, remover, report);
  remove_duplicates(rows, remover);
  remove_taken_back(database, rows, columns, remover);
  if (columns.order) remove_repeated_orders(rows, remover);
  database.execute(fmt::format("DROP TABLE {}", kTakenBack));
  cap_shoppers(database, rows, options, remover, report);
  if (options.most_events != 0) cap_single_events(rows, remover, report);
}

}  // namespace vitrine::data
