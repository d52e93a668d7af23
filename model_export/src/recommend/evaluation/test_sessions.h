#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "data/database.h"
#include "vitrine/format/bundle.h"
#include "vitrine/visit/shopper.h"

namespace vitrine::recommend {

/// Sessions to predict, with the item numbers of one bundle.
struct TestSessions {
  /// Stands for an item that the bundle does not have.
  static constexpr std::uint32_t kUnknown = 0xFFFFFFFF;
  struct Range {
    std::uint64_t begin = 0, end = 0;
  };

  std::vector<std::uint64_t> offsets{0};  // [sessions + 1]
  std::vector<SessionEvent> events;       // in each session the oldest event first
  std::vector<bool> asked;                // true for events to predict; empty: all
  std::vector<std::uint32_t> markets;     // [sessions] or empty: the markets; some are kUnknown
  std::vector<SessionEvent> past;  // earlier events of returning shoppers, known items, by shopper
  std::vector<Range> past_of;      // [sessions] or empty: the part of `past` before each session

  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
  /// Returns true when event `e` has to be predicted. This does not apply to the first event of a
  /// session.
  [[nodiscard]] bool is_asked(std::uint64_t e) const { return asked.empty() || asked[e]; }
  /// Returns the shopper at the start of session `s`. Its history holds the last events of the
  /// shopper's earlier sessions, which are over.
  [[nodiscard]] Shopper known_before(std::size_t s) const;
};

/// Queries that read test sessions.
struct TestQuery {
  std::string sessions;   // columns: session, item id, kind, optionally asked, then optionally the
                          // country; ordered by session and position
  std::string past = {};  // columns: shopper, session, item id, kind; shoppers who have one of
                          // these sessions, ordered by shopper, session and position; empty: no
                          // earlier events are known
};

[[nodiscard]] TestSessions read_test_sessions(data::Database& database, const TestQuery& query,
                                              const Bundle& bundle);

/// Returns queries for the part of `events` (a table of read_events) whose rows fulfil `condition`,
/// with all earlier events of the same shoppers. `asked` is a condition on rows that have to be
/// predicted.
[[nodiscard]] TestQuery test_query(const std::string& events, const std::string& condition,
                                   const std::string& asked);

}  // namespace vitrine::recommend
