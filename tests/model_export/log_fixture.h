#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "data/database.h"
#include "data/event_kind.h"
#include "statistics/event_log.h"
#include "vitrine/split_mix.h"

namespace vitrine {

/// One row of the table `events`.
struct LogEvent {
  std::int32_t session = 0;
  std::int32_t position = 0;
  std::string item;
  EventKind kind = EventKind::kView;
  std::int64_t time = 0;
  std::string country = {};  // empty: not known
  std::string user = {};     // empty: not known
};

/// Makes sessions of 1 to 14 events on `items` items, in which low numbers are more frequent. About
/// every tenth event removes an item from the cart.
inline std::vector<LogEvent> random_log(std::uint64_t seed, std::int32_t sessions,
                                        std::uint64_t items) {
  constexpr EventKind kKinds[] = {EventKind::kView,     EventKind::kView,   EventKind::kView,
                                  EventKind::kView,     EventKind::kView,   EventKind::kCart,
                                  EventKind::kPurchase, EventKind::kRemove, EventKind::kFavorite,
                                  EventKind::kOther};
  SplitMix random(seed);
  std::vector<LogEvent> log;
  for (std::int32_t session = 0; session < sessions; ++session) {
    const auto length = static_cast<std::int32_t>(1 + random.below(14));
    for (std::int32_t position = 0; position < length; ++position) {
      const double u = random.uniform();
      const auto item = static_cast<std::uint64_t>(u * u * static_cast<double>(items));
      log.push_back({.session = session,
                     .position = position,
                     .item = "item" + std::to_string(item),
                     .kind = kKinds[random.below(10)],
                     .time = 1600000000 + session * 7000 + position * 31});
    }
  }
  return log;
}

/// Makes the table `events` from `log`, in the form of read_events.
inline void make_events(data::Database& database, const std::vector<LogEvent>& log) {
  database.execute(
      "CREATE OR REPLACE TABLE events (session INTEGER, position INTEGER, item VARCHAR, user_key "
      "VARCHAR, kind UTINYINT, time BIGINT, price DOUBLE, quantity DOUBLE, "
      "country VARCHAR)");
  data::Appender appender = database.append_to("events");
  for (const LogEvent& event : log) {
    appender.add(event.session);
    appender.add(event.position);
    appender.add(event.item);
    if (event.user.empty()) {
      appender.add_null();
    } else {
      appender.add(event.user);
    }
    appender.add(static_cast<std::uint8_t>(event.kind));
    appender.add(event.time);
    appender.add_null();
    appender.add_null();
    if (event.country.empty()) {
      appender.add_null();
    } else {
      appender.add(event.country);
    }
    appender.end_row();
  }
  appender.close();
}

/// `log` as training reads it.
inline statistics::EventLog event_log(const std::vector<LogEvent>& log, unsigned threads = 2) {
  data::Database database({.threads = threads});
  make_events(database, log);
  return statistics::EventLog(std::move(database));
}

}  // namespace vitrine
