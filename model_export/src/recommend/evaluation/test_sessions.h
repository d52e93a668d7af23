#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "data/database.h"
#include "vitrine/format/bundle.h"
#include "vitrine/ranking/session.h"

namespace vitrine::recommend {

/// Sessions to predict, in the item numbers of one bundle.
struct TestSessions {
  static constexpr std::uint32_t kUnknown = 0xFFFFFFFF;  // an item that the bundle does not have
  struct Range {
    std::uint64_t begin = 0, end = 0;
  };

  std::vector<std::uint64_t> offsets{0};  // [sessions + 1]
  std::vector<SessionEvent> events;       // oldest first in a session
  std::vector<bool> asked;                // whether an event has to be predicted; empty: all
  std::vector<std::uint32_t> markets;     // [sessions] or empty: where each was, or kUnknown
  std::vector<SessionEvent> past;         // known items of shoppers who come back, by shopper
  std::vector<Range> past_of;             // [sessions] or empty: the part of `past` before each

  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
  /// Whether event `e` has to be predicted, the first of a session apart.
  [[nodiscard]] bool is_asked(std::uint64_t e) const { return asked.empty() || asked[e]; }
  /// What is known of the shopper when session `s` begins: the last events of earlier sessions.
  [[nodiscard]] Session known_before(std::size_t s) const;
};

/// Where test sessions come from.
struct TestQuery {
  std::string sessions;   // session, item id, kind, perhaps asked, then perhaps the country, by
                          // session and position
  std::string past = {};  // shopper, session, item id, kind, of shoppers who have one of these
                          // sessions, by shopper, session and position; empty: nothing is known
};

[[nodiscard]] TestSessions read_test_sessions(data::Database& database, const TestQuery& query,
                                              const Bundle& bundle);

/// The part of `events` (a table of read_events) where `condition` holds for a row, as sessions to
/// predict, with all that `events` has of their shoppers before them. `asked`: condition on rows
/// that have to be predicted.
[[nodiscard]] TestQuery test_query(const std::string& events, const std::string& condition,
                                   const std::string& asked);

}  // namespace vitrine::recommend
