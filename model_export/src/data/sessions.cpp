#include "data/sessions.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"

namespace vitrine::data {

namespace {

constexpr std::int64_t kAutoGap = 30 * 60;
constexpr std::int64_t kAuto = -1;
constexpr std::string_view kCut = "vitrine_cut_rows";
constexpr std::string_view kNumbers = "vitrine_session_numbers";
constexpr std::string_view kShared = "vitrine_shared_sessions";

std::string gap_words(std::int64_t seconds) {
  if (seconds % 86400 == 0) return fmt::format("{} days", seconds / 86400);
  if (seconds % 3600 == 0) return fmt::format("{} hours", seconds / 3600);
  if (seconds % 60 == 0) return fmt::format("{} minutes", seconds / 60);
  return fmt::format("{} seconds", seconds);
}

constexpr std::string_view kFileOrder = "vitrine_file_order";

/// The columns of an event, after `key` and `part`.
constexpr std::string_view kEvent = "user_key, item, kind, micros, price, quantity, country, tie";

/// Returns the order of events of the same time, as an integer expression over `rows`.
std::string tie_sql(Database& database, const std::string& rows, const RowColumns& columns) {
  const std::int64_t all = database.query_int64(fmt::format("SELECT count(*) FROM {}", rows));
  const std::int64_t times = database.query_int64(
      fmt::format("SELECT approx_count_distinct(hash(session, user_key, micros)) FROM {}", rows));
  const std::string in_record = columns.place ? "least(place, 1023)" : "0";
  const auto after_sequence = [&](const std::string& order) {
    return columns.sequence
               ? fmt::format(
                     "greatest(coalesce(sequence, 0), 0)::HUGEINT * 18446744073709551616 + "
                     "({})",
                     order)
               : order;
  };
  // The number of times is an estimate, which is wrong by a few percent.
  if (times * 10 >= all * 8) {
    return after_sequence(
        fmt::format("(kind::UBIGINT << 60) | ({}::UBIGINT << 50) | (row_hash >> 14)", in_record));
  }
  database.execute(fmt::format(
      "CREATE OR REPLACE TABLE {} AS SELECT file, row_number() OVER (ORDER BY first, last, rows, "
      "content) AS place FROM (SELECT file, min(micros) AS first, max(micros) AS last, count(*) AS "
      "rows, bit_xor(row_hash) AS content FROM {} GROUP BY file)",
      kFileOrder, rows));
  std::string place = "CASE file";
  Rows files = database.query(fmt::format("SELECT file, place FROM {}", kFileOrder));
  while (const Chunk* chunk = files.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      place += fmt::format(" WHEN {} THEN {}", chunk->int32s(0)[i], chunk->int64s(1)[i]);
    }
  }
  database.execute(fmt::format("DROP TABLE {}", kFileOrder));
  return after_sequence(fmt::format(
      "(({} END)::UBIGINT << 50) | (row::UBIGINT << 10) | {}::UBIGINT", place, in_record));
}

/// Returns a SELECT of the rows that have a session id, with `key` and `part`.
std::string rows_with_session_sql(Database& database, const std::string& rows,
                                  const std::string& tie, const RowColumns& columns,
                                  const ReadOptions& options, ReadReport& report) {
  // A shopper may log in within a session, but the device stays the same.
  const std::string owner = columns.device ? "coalesce(device, user_key)" : "user_key";
  // A session id that restarts for every shopper ("visit 1") stands for several sessions.
  database.execute(fmt::format(
      "CREATE OR REPLACE TABLE {0} AS SELECT session FROM {1} WHERE session IS NOT NULL AND {2} IS "
      "NOT NULL GROUP BY session HAVING min({2}) <> max({2})",
      kShared, rows, owner));
  const std::int64_t shared = database.query_int64(fmt::format("SELECT count(*) FROM {}", kShared));
  std::string key = "session";
  report.sessions_from =
      fmt::format("column {}", options.columns.empty() && report.columns.count("session_id") == 0
                                   ? "session_id"
                                   : report.columns["session_id"]);
  if (shared != 0) {
    key = fmt::format(
        "CASE WHEN session IN (SELECT session FROM {}) THEN session || chr(31) || coalesce({}, '') "
        "ELSE session END",
        kShared, owner);
    report.sessions_from += " together with the user";
    report.warnings.push_back(fmt::format(
        "{} session ids belong to several users; each user's part becomes a separate session",
        shared));
  }
  return fmt::format(
      "SELECT key, 0 AS part, {} FROM (SELECT *, {} AS key, {} AS tie FROM {} WHERE session IS NOT "
      "NULL)",
      kEvent, key, tie, rows);
}

/// Creates kCut from the rows that have a user but no session id. `part` numbers the sessions of
/// each user.
void cut_by_silence(Database& database, const std::string& rows, const std::string& tie,
                    std::int64_t gap, ReadReport& report) {
  const bool is_auto = gap == kAuto;
  if (is_auto) gap = kAutoGap;
  const auto create = [&](const std::string& part) {
    report.session_gap = part == "0" ? 0 : static_cast<std::uint32_t>(gap);
    report.whole_histories = part == "0" && report.sessions_from.empty();
    database.execute(
        fmt::format("CREATE OR REPLACE TABLE {} AS SELECT user_key AS key, {}::INTEGER AS part, {} "
                    "FROM (SELECT *, {} AS tie FROM {} WHERE session IS NULL)",
                    kCut, part, kEvent, tie, rows));
  };
  std::string words = "whole history of each user";
  if (gap != 0) {
    database.execute(fmt::format(
        "CREATE OR REPLACE TABLE {0} AS SELECT user_key AS key, (sum(starts) OVER (PARTITION BY "
        "user_key ORDER BY micros, tie ROWS UNBOUNDED PRECEDING))::INTEGER AS part, {1} FROM "
        "(SELECT *, CASE WHEN micros // 1000000 - lag(micros // 1000000) OVER (PARTITION BY "
        "user_key ORDER BY micros, tie) <= {2} THEN 0 ELSE 1 END AS starts FROM (SELECT *, {3} AS "
        "tie FROM {4} WHERE session IS NULL))",
        kCut, kEvent, gap, tie, rows));
    report.session_gap = static_cast<std::uint32_t>(gap);
    words = fmt::format("cut from user and time after {} of silence", gap_words(gap));
    const std::int64_t events = database.query_int64(fmt::format("SELECT count(*) FROM {}", kCut));
    const std::int64_t sessions = database.query_int64(
        fmt::format("SELECT count(*) FROM (SELECT DISTINCT key, part FROM {})", kCut));
    if (is_auto && events < 2 * sessions) {
      create("0");
      words = fmt::format(
          "whole history of each user (30 minutes of silence would leave {:.2f} events a session)",
          static_cast<double>(events) / static_cast<double>(sessions));
    }
  } else {
    create("0");
  }
  report.sessions_from += report.sessions_from.empty() ? words : "; where it is empty, " + words;
}

}  // namespace

std::int64_t parse_session_gap(const std::string& text) {
  if (text == "auto") return kAuto;
  if (text == "none") return 0;
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  const std::int64_t seconds = unit == "s"   ? 1
                               : unit == "m" ? 60
                               : unit == "h" ? 3600
                               : unit == "d" ? 86400
                                             : 0;
  if (error != std::errc{} || seconds == 0 || value <= 0 || value > 100000000) {
    throw base::Error(
        base::ExitCode::kUsage,
        fmt::format("--session-gap {}: write auto, none, or a time such as 30m, 45s, 2h, 1d",
                    text));
  }
  return value * seconds;
}

void build_sessions(Database& database, const std::string& rows, const RowColumns& columns,
                    const ReadOptions& options, std::string_view table, ReadReport& report) {
  const std::int64_t gap = parse_session_gap(options.session_gap);
  const Database::OnProgress on_progress =
      options.progress
          ? Database::OnProgress([&](double done) { options.progress("building sessions", done); })
          : Database::OnProgress();
  const std::int64_t with_session =
      database.query_int64(fmt::format("SELECT count(session) FROM {}", rows));
  const std::int64_t without =
      database.query_int64(fmt::format("SELECT count(*) - count(session) FROM {}", rows));
  const std::string tie = tie_sql(database, rows, columns);
  std::string keyed;
  if (with_session != 0) {
    keyed = rows_with_session_sql(database, rows, tie, columns, options, report);
  }
  if (without != 0) {
    cut_by_silence(database, rows, tie, gap, report);
    if (with_session == 0) database.execute(fmt::format("DROP TABLE {}", rows));
    keyed = keyed.empty() ? fmt::format("FROM {}", kCut)
                          : fmt::format("{} UNION ALL SELECT chr(31) || key, part, {} FROM {}",
                                        keyed, kEvent, kCut);
  }
  database.execute(fmt::format(
      "CREATE OR REPLACE TABLE {} AS SELECT key, part, (row_number() OVER (ORDER BY first, key, "
      "part) - 1)::INTEGER AS session FROM (SELECT key, part, min(micros) AS first FROM ({}) GROUP "
      "BY key, part)",
      kNumbers, keyed));
  database.execute(
      fmt::format("CREATE OR REPLACE TABLE {} AS SELECT session, (row_number() OVER (PARTITION BY "
                  "session ORDER BY micros, tie) - 1)::INTEGER AS position, item, user_key, kind, "
                  "micros // 1000000 AS time, price, quantity, country FROM ({}) JOIN {} USING "
                  "(key, part) ORDER BY session, position",
                  table, keyed, kNumbers),
      on_progress);
  report.sessions = static_cast<std::uint64_t>(
      database.query_int64(fmt::format("SELECT count(*) FROM {}", kNumbers)));
  for (const std::string_view done : {std::string_view(rows), kCut, kNumbers, kShared}) {
    database.execute(fmt::format("DROP TABLE IF EXISTS {}", done));
  }
}

}  // namespace vitrine::data
