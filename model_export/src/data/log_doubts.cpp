#include "data/log_doubts.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/progress.h"
#include "data/catalogue.h"

namespace vitrine::data {

namespace {

constexpr std::int64_t kYear1995 = 788918400;

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return fmt::format("{:.0f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

/// The likely remedy for rows that were refused for `reason`.
std::string_view remedy(RefusedReason reason) {
  switch (reason) {
    case RefusedReason::kMalformed:
      return "export the file again with quotes around texts";
    case RefusedReason::kInvalidUtf8:
      return "convert it with: iconv -f LATIN1 -t UTF-8";
    case RefusedReason::kEmptyItem:
    case RefusedReason::kItemTooLong:
      return "name the column of the item with --map item_id=COLUMN";
    case RefusedReason::kMissingShopper:
      return "name a column that is filled for guests, too, with --map user_id=COLUMN or "
             "session_id=COLUMN";
    case RefusedReason::kUnreadableTime:
    case RefusedReason::kTimeNotPositive:
    case RefusedReason::kTimeTooLate:
    case RefusedReason::kTimeUnit:
      return "name the time with --map timestamp=COLUMN, or give --time-unit or --date-order";
    case RefusedReason::kDuplicate:
      return "look for files that were exported twice";
    default:
      return "`vitrine validate` shows which and why";
  }
}

void doubt_refused(ReadReport& report) {
  // Rows that the user or the shop itself takes out are no mistake of the reading.
  std::uint64_t count = 0;
  RefusedReason most = RefusedReason::kMalformed;
  for (const auto& [reason, rows] : report.refused) {
    if (reason == RefusedReason::kCancelled || reason == RefusedReason::kLeftOut ||
        reason == RefusedReason::kCapped) {
      continue;
    }
    count += rows.count;
    if (report.refused.count(most) == 0 || rows.count > report.refused[most].count) most = reason;
  }
  if (count * 10 <= report.rows_read) return;
  report.doubts.push_back(
      {"many_rows_refused",
       fmt::format("{} of the rows are refused, most for: {}; {}", percent(count, report.rows_read),
                   refused_words(most), remedy(most))});
}

void doubt_times(Database& database, std::string_view table, ReadReport& report) {
  const auto early = static_cast<std::uint64_t>(database.query_int64(
      fmt::format("SELECT count(*) FROM {} WHERE time < {}", table, kYear1995)));
  if (2 * early <= report.rows_kept) return;
  report.doubts.push_back(
      {"times_before_1995",
       fmt::format("{} of the times lie before 1995; name another column with --map "
                   "timestamp=COLUMN, or give --time-unit",
                   percent(early, report.rows_kept))});
}

void doubt_frequent_items(Database& database, std::string_view table, ReadReport& report) {
  constexpr std::int64_t kFewestSessions = 20;
  // Sessions with one item say nothing about what stands beside everything.
  Rows rows = database.query(fmt::format(
      "WITH longer AS (SELECT session FROM {0} GROUP BY session HAVING min(item) <> max(item)) "
      "SELECT item, count(DISTINCT session), (SELECT count(*) FROM longer) FROM {0} SEMI JOIN "
      "longer USING (session) GROUP BY item HAVING count(DISTINCT session) > 0.6 * (SELECT "
      "count(*) FROM longer) ORDER BY 2 DESC, 1 LIMIT 3",
      table));
  std::string items;
  std::string names;
  std::int64_t all = 0;
  std::int64_t most = 0;
  while (const Chunk* chunk = rows.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      const std::string item = printable(chunk->text(0, row), 40);
      items += fmt::format("{}\"{}\"", items.empty() ? "" : ", ", item);
      names += (names.empty() ? "" : ",") + item;
      most = std::max(most, chunk->int64s(1)[row]);
      all = chunk->int64s(2)[row];
    }
  }
  if (items.empty() || all < kFewestSessions || report.items < 10) return;
  report.doubts.push_back(
      {"item_in_most_sessions",
       fmt::format("{} stands in up to {} of the sessions with several items; if it is postage, a "
                   "bag or a coupon, give --leave-out {}",
                   items,
                   percent(static_cast<std::uint64_t>(most), static_cast<std::uint64_t>(all)),
                   names)});
}

void doubt_case(Database& database, std::string_view table, bool catalogue, ReadReport& report) {
  const std::string ids =
      catalogue ? fmt::format("(SELECT item FROM {} UNION ALL SELECT id FROM catalogue)", table)
                : std::string(table);
  Rows rows = database.query(
      fmt::format("SELECT min(item), max(item), count(*) OVER () FROM {} GROUP BY lower(item) "
                  "HAVING min(item) <> max(item) ORDER BY count(*) DESC, 1 LIMIT 1",
                  ids));
  const Chunk* chunk = rows.next();
  if (chunk == nullptr || chunk->size() == 0) return;
  report.doubts.push_back(
      {"ids_differ_by_case",
       fmt::format("{} ids of items differ only by upper and lower case, such as \"{}\" and "
                   "\"{}\"; they are different items; write them alike",
                   base::with_thousands(static_cast<std::uint64_t>(chunk->int64s(2)[0])),
                   printable(chunk->text(0, 0), 40), printable(chunk->text(1, 0), 40))});
}

void doubt_catalogue(Database& database, std::string_view table, ReadReport& report) {
  const auto known = static_cast<std::uint64_t>(database.query_int64(
      fmt::format("SELECT count(*) FROM {} SEMI JOIN catalogue ON item = id", table)));
  report.events_in_catalogue = known;
  if (2 * known >= report.rows_kept) return;
  const auto example = [&](const std::string& sql) {
    return printable(database.query_text(fmt::format("SELECT coalesce(min(x), '') FROM ({})", sql)),
                     40);
  };
  report.doubts.push_back(
      {"events_not_in_catalogue",
       fmt::format(
           "the catalogue knows {} of the events; the log has ids such as \"{}\", the "
           "catalogue such as \"{}\"; name the column with the same ids with --map "
           "item_id=COLUMN or items.item_id=COLUMN",
           percent(known, report.rows_kept),
           example(fmt::format("SELECT item AS x FROM {} ANTI JOIN catalogue ON item = id", table)),
           example("SELECT id AS x FROM catalogue"))});
}

}  // namespace

void find_doubts(Database& database, std::string_view table, ReadReport& report) {
  const bool catalogue = has_catalogue(database);
  doubt_refused(report);
  doubt_times(database, table, report);
  if (catalogue) doubt_catalogue(database, table, report);
  doubt_frequent_items(database, table, report);
  doubt_case(database, table, catalogue, report);
}

}  // namespace vitrine::data
