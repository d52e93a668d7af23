#include "statistics/event_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "data/item_match.h"
#include "statistics/catalogue_table.h"
#include "statistics/floor.h"
#include "statistics/logged_sessions.h"
#include "statistics/markets.h"
#include "statistics/session_pieces.h"
#include "statistics/statistics.h"
#include "vitrine/format/content_hash.h"
#include "vitrine/split_mix.h"

namespace vitrine::statistics {
namespace {

/// Returns a fingerprint of the rows of a table in any order: their number, and the sum of their
/// hashes.
std::string fingerprint(data::Database& database, const std::string& table) {
  data::Rows rows =
      database.query(fmt::format("SELECT CAST(count(*) AS VARCHAR) || ':' || "
                                 "CAST(sum(CAST(hash(rows) AS HUGEINT)) AS VARCHAR) "
                                 "FROM {} AS rows",
                                 table));
  const data::Chunk* chunk = rows.next();
  return chunk == nullptr || chunk->size() == 0 || chunk->is_null(0, 0)
             ? std::string()
             : std::string(chunk->text(0, 0));
}

/// The pairs of two items, each once.
std::uint64_t count_unordered(const model::PairStatistics& pairs) {
  std::uint64_t count = 0;
  for (std::uint32_t a = 0; a < pairs.item_count; ++a) {
    for (std::uint64_t p = pairs.offsets[a]; p < pairs.offsets[a + 1]; ++p) {
      if (pairs.partner[p] > a) ++count;
    }
  }
  return count;
}

bool has_events(data::Database& database) {
  return database.query_int64(
             "SELECT count(*) FROM information_schema.tables WHERE table_name = 'events'") > 0;
}

/// `events`: the table, or its view with the floor of the options.
model::LogStatistics aggregate(data::Database& database, const StatisticsOptions& options,
                               const OnStep& on_step, std::string_view events) {
  model::LogStatistics statistics;
  on_step("counting items", 0.0);
  statistics.items = aggregate_items(database, options, events);
  on_step("counting pairs", 0.0);
  statistics.pairs = aggregate_pairs(database, options, statistics.items);
  on_step("reading sessions", 0.0);
  statistics.sessions = read_clicks(database);
  if (options.has_floor()) {
    model::FloorCounts& floor = statistics.floor;
    floor.min_shoppers = options.min_shoppers;
    floor.sessions = statistics.sessions.size();
    floor.pairs_left_out = statistics.pairs.left_out;
    floor.pairs = floor.pairs_left_out + count_unordered(statistics.pairs);
    SessionPieces cut = cut_sessions(statistics.sessions, statistics.pairs);
    floor.sessions_cut = cut.sessions_cut;
    statistics.sessions = std::move(cut.pieces);
  }
  return statistics;
}

}  // namespace

/// A table of events, which goes away with it.
class EventLog::Part final : public LogPart {
 public:
  /// `clean_up`: statements that drop what was made for this part.
  Part(data::Database& database, std::string table, std::string clean_up)
      : database_(database), table_(std::move(table)), clean_up_(std::move(clean_up)) {}
  ~Part() override {
    try {
      drop_floor(database_, table_);
      database_.execute(clean_up_);
    } catch (const base::Error&) {
      // The tables go with the database at the latest.
    }
  }

  double span_days() override {
    return static_cast<double>(database_.query_int64(
               fmt::format("SELECT coalesce(max(time) - min(time), 0) FROM {}", table_))) /
           86400.0;
  }
  model::ItemTable count_items(const StatisticsOptions& options) override {
    counted_ = options;
    return statistics::count_items(database_, options, events_for(options));
  }
  std::vector<model::Market> aggregate_markets(const StatisticsOptions& options,
                                               const model::ItemTable& items) override {
    if (counted_ != options) (void)count_items(options);
    return statistics::aggregate_markets(database_, options, items, events_for(options));
  }
  model::LogStatistics aggregate(const StatisticsOptions& options, const OnStep& on_step) override {
    counted_ = options;
    return statistics::aggregate(database_, options, on_step, events_for(options));
  }

 private:
  /// Returns the table that statistics are made of: all events, or the view with a floor, which is
  /// made once.
  const std::string& events_for(const StatisticsOptions& options) {
    if (!options.has_floor()) return table_;
    if (floor_of_ != options.min_shoppers) {
      floor_ = make_floor(database_, table_, options.min_shoppers);
      floor_of_ = options.min_shoppers;
    }
    return floor_;
  }

  data::Database& database_;
  std::string table_;
  std::string clean_up_;
  std::optional<StatisticsOptions> counted_;  // the options of the table `items`
  std::string floor_;                         // the view
  std::uint32_t floor_of_ = 0;                // its shoppers; 0: there is none
};

EventLog::EventLog(const LogLimits& limits)
    : EventLog(data::Database({.memory_limit = limits.memory, .threads = limits.threads})) {}
EventLog::EventLog(data::Database database)
    : database_(std::make_unique<data::Database>(std::move(database))) {}
EventLog::EventLog(EventLog&&) noexcept = default;
EventLog& EventLog::operator=(EventLog&&) noexcept = default;
EventLog::~EventLog() = default;

data::ReadReport EventLog::read_events(const data::ReadOptions& options) {
  is_split_ = false;
  return data::read_events(*database_, options);
}

void EventLog::match_item_columns(data::ReadOptions& events, data::ReadOptions& items) {
  data::match_item_columns(*database_, events, items);
}

data::ItemsReport EventLog::read_items(const data::ReadOptions& options) {
  return data::read_items(*database_, options);
}

std::int64_t EventLog::events() { return database_->query_int64("SELECT count(*) FROM events"); }

void EventLog::split(const LogSplit& split) {
  const SplitConditions conditions = conditions_of(split, "events");
  database_->execute(fmt::format(
      "CREATE OR REPLACE TABLE parted AS SELECT *, ({}) AS tested, ({}) AS asked, ({}) AS trained "
      "FROM (SELECT * REPLACE ((row_number() OVER (PARTITION BY session ORDER BY position) - "
      "1)::INTEGER AS position), count(*) OVER w AS length, min(time) OVER w AS started, "
      "max(time) OVER w AS ended FROM events WHERE kind <> 4 WINDOW w AS (PARTITION BY session));"
      "CREATE OR REPLACE TABLE events AS SELECT * EXCLUDE (length, started, ended, tested, asked, "
      "trained) FROM parted WHERE trained",
      conditions.test, conditions.asked, conditions.train));
  is_split_ = true;
}

std::vector<std::string> EventLog::hide_items(double share, std::uint64_t seed) {
  std::vector<std::string> hidden;
  database_->execute("CREATE OR REPLACE TABLE hidden_items (id VARCHAR)");
  {
    data::Rows rows = database_->query(
        "SELECT DISTINCT id FROM catalogue SEMI JOIN events ON catalogue.id = events.item ORDER BY "
        "id");
    data::Appender appender = database_->append_to("hidden_items");
    while (const data::Chunk* chunk = rows.next()) {
      for (std::size_t i = 0; i < chunk->size(); ++i) {
        const std::string_view id = chunk->text(0, i);
        const std::uint64_t hash = content_hash(std::as_bytes(std::span(id)));
        if (SplitMix(hash + seed).uniform() >= share) continue;
        hidden.emplace_back(id);
        appender.add(id);
        appender.end_row();
      }
    }
    appender.close();
  }
  database_->execute(
      "CREATE OR REPLACE TABLE events AS SELECT * FROM events ANTI JOIN hidden_items ON "
      "events.item = hidden_items.id");
  return hidden;
}

model::LoggedSessions EventLog::test_sessions() {
  return is_split_ ? read_logged_sessions(*database_, "parted", "tested", "asked")
                   : read_logged_sessions(*database_, "events");
}

model::ItemTable EventLog::count_items(const StatisticsOptions& options) {
  if (!has_events(*database_)) return {};
  const std::string events =
      options.has_floor() ? make_floor(*database_, "events", options.min_shoppers) : "events";
  return statistics::count_items(*database_, options, events);
}

std::unordered_map<std::string, std::string> EventLog::titles() {
  if (!data::has_catalogue(*database_)) return {};
  return read_titles(*database_);
}

std::vector<EventLog::SessionLength> EventLog::session_lengths() {
  std::vector<SessionLength> lengths;
  data::Rows rows = database_->query(
      "SELECT length, count(*) FROM (SELECT count(*) AS length FROM events GROUP BY session) "
      "GROUP BY length ORDER BY length");
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      lengths.push_back({.events = chunk->int64s(0)[i], .sessions = chunk->int64s(1)[i]});
    }
  }
  return lengths;
}

EventLog::PairEvents EventLog::pair_events(const StatisticsOptions& options) {
  data::Rows rows = database_->query(fmt::format(
      "SELECT coalesce(sum(n) FILTER (n BETWEEN 2 AND {0}), 0)::BIGINT, count(*) FILTER (n = 1), "
      "coalesce(sum(n) FILTER (n > {0}), 0)::BIGINT, coalesce(sum(removed), 0)::BIGINT FROM "
      "(SELECT count(*) FILTER (kind <> 4) AS n, count(*) FILTER (kind = 4) AS removed FROM events "
      "GROUP BY session)",
      options.longest_session));
  const data::Chunk* chunk = rows.next();
  return {.used = chunk->int64s(0)[0],
          .alone = chunk->int64s(1)[0],
          .long_session = chunk->int64s(2)[0],
          .removed = chunk->int64s(3)[0]};
}

std::int64_t EventLog::items_not_in_catalogue() {
  return database_->query_int64(
      "SELECT count(*) FROM (SELECT DISTINCT item FROM events) WHERE item NOT IN (SELECT id FROM "
      "catalogue)");
}

model::TrainingData EventLog::training_data(const StatisticsOptions& options,
                                            const OnStep& on_step) {
  std::string events = "events";
  if (options.has_floor()) {
    on_step("counting shoppers", 0.0);
    events = make_floor(*database_, events, options.min_shoppers);
  }
  model::TrainingData data;
  data.statistics = aggregate(*database_, options, on_step, events);
  const model::ItemTable& items = data.statistics.items;
  data.markets = aggregate_markets(*database_, options, items, events);
  data.recent_events =
      count_recent_events(*database_, options, items.ids.size(), model::kRecentDays, events);
  data.catalogue = catalogue();
  data.new_items = new_item_counts(options);
  if (options.has_floor()) {
    model::FloorCounts& floor = data.statistics.floor;
    const model::FloorCounts counts = count_floor(*database_, "events", options.min_shoppers);
    floor.items = counts.items;
    floor.items_left_out = counts.items_left_out;
    floor.events = counts.events;
    floor.events_left_out = counts.events_left_out;
    drop_floor(*database_, "events");
  }
  return data;
}

std::optional<model::Catalogue> EventLog::catalogue() {
  if (!data::has_catalogue(*database_)) return std::nullopt;
  return read_catalogue(*database_);
}

std::optional<model::NewItemCounts> EventLog::new_item_counts(const StatisticsOptions& options) {
  if (!data::has_catalogue(*database_)) return std::nullopt;
  // An item is known from its first event on, or from its min_shoppers-th shopper on.
  data::Rows rows = database_->query(fmt::format(
      "WITH cut AS (SELECT quantile_disc(time, 0.9) AS time FROM events), "
      "named AS (SELECT item, kind, time, coalesce(user_key, chr(31) || session) AS shopper FROM "
      "events), "
      "counts AS (SELECT count(DISTINCT shopper) FILTER (events.time < cut.time) AS early, "
      "count(events.item) FILTER (events.time >= cut.time) AS late "
      "FROM catalogue CROSS JOIN cut LEFT JOIN named AS events ON events.item = catalogue.id AND "
      "kind <> 4 WHERE available GROUP BY catalogue.id) "
      "SELECT count(*) FILTER (early < {0}), CAST(coalesce(sum(late) FILTER (early < {0}), 0) AS "
      "BIGINT), count(*) FILTER (early >= {0}), CAST(coalesce(sum(late) FILTER (early >= {0}), 0) "
      "AS BIGINT) FROM counts",
      options.has_floor() ? options.min_shoppers : 1));
  const data::Chunk* chunk = rows.next();
  const auto number = [chunk](std::size_t column) { return chunk->int64s(column)[0]; };
  return model::NewItemCounts{.new_items = number(0),
                              .new_item_events = number(1),
                              .other_items = number(2),
                              .other_item_events = number(3)};
}

HeldOutSessions EventLog::hold_out(HoldOut part) {
  constexpr double kEvents = 1.2e6;
  const auto sessions = static_cast<double>(
      database_->query_int64("SELECT CAST(coalesce(max(session) + 1, 0) AS BIGINT) FROM events"));
  const auto count = static_cast<double>(events());
  const double last = part == HoldOut::kLastSessions ? std::floor(0.9 * sessions) : sessions;
  const double from =
      std::max(0.0, std::floor(last - sessions * std::min(1.0, kEvents / std::max(count, 1.0))));
  const std::string in_part = fmt::format("session >= {} AND kind <> 4", from);
  std::string asked;  // condition on rows; all others may be learnt from
  switch (part) {
    case HoldOut::kLastSessions:
      asked = fmt::format("session >= {}", last);
      break;
    case HoldOut::kLastEvents:
      asked = "place = length AND length >= 3";
      break;
    case HoldOut::kLatestEvents:
      asked = fmt::format("time > (SELECT quantile_disc(time, 0.9) FROM events WHERE {})", in_part);
      break;
  }
  database_->execute(fmt::format(
      "CREATE OR REPLACE TABLE tuning_events AS SELECT *, {1} AS asked FROM (SELECT *, "
      "row_number() OVER "
      "(PARTITION BY session ORDER BY position) AS place, count(*) OVER (PARTITION BY session) AS "
      "length FROM events WHERE {0});"
      "CREATE OR REPLACE TABLE early AS SELECT * FROM tuning_events WHERE NOT asked",
      in_part, asked));
  auto early = std::make_unique<Part>(*database_, "early", "DROP TABLE early");
  HeldOutSessions held_out;
  held_out.sessions =
      read_logged_sessions(*database_, "tuning_events",
                           "session IN (SELECT session FROM tuning_events WHERE asked)", "asked");
  held_out.fingerprint = fingerprint(*database_, "tuning_events");
  if (data::has_catalogue(*database_)) {
    held_out.fingerprint.append(" ").append(fingerprint(*database_, "catalogue"));
  }
  database_->execute("DROP TABLE tuning_events");
  if (database_->query_int64("SELECT count(*) FROM early") > 0) held_out.early = std::move(early);
  return held_out;
}

HeldOutOpenings EventLog::hold_out_openings() {
  database_->execute(
      "CREATE OR REPLACE TABLE starts AS SELECT session, min(time) AS start FROM events GROUP BY "
      "session; CREATE OR REPLACE VIEW before_openings AS SELECT * FROM events WHERE time < "
      "(SELECT quantile_disc(start, 0.9) FROM starts)");
  HeldOutOpenings held_out;
  held_out.before = std::make_unique<Part>(
      *database_, "before_openings",
      "DROP VIEW before_openings; DROP TABLE starts; DROP TABLE IF EXISTS items");
  data::Rows rows = database_->query(
      "SELECT item, country FROM (SELECT item, country, row_number() OVER (PARTITION BY session "
      "ORDER BY position) AS place, session FROM events JOIN starts USING (session) WHERE kind <> "
      "4 AND start >= (SELECT quantile_disc(start, 0.9) FROM starts)) WHERE place = 1 ORDER BY "
      "session");
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      held_out.openings.push_back({std::string(chunk->text(0, i)), std::string(chunk->text(1, i))});
    }
  }
  return held_out;
}

}  // namespace vitrine::statistics
