#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "vitrine/ranking/session.h"

namespace vitrine::model {

/// Sessions of a log that a model has to predict, and what their shoppers did before. Items are
/// places in `ids`: no bundle numbers them yet, so that several can be judged on the same sessions.
/// Memory: 5 bytes an event.
struct LoggedSessions {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// An earlier session, or one of those to predict, of a shopper.
  struct PastSession {
    std::uint64_t begin = 0;          // of its events in past_items; they end where the next begins
    bool starts_shopper = false;      // whether it is the first session of another shopper
    std::uint32_t predicted = kNone;  // the session to predict that it is, if it is one
  };

  std::vector<std::string> ids;

  std::vector<std::uint64_t> offsets{0};  // [sessions + 1]
  std::vector<std::uint32_t> items;       // oldest first in a session
  std::vector<EventKind> kinds;           // of each of these
  std::vector<bool> asked;                // whether an event has to be predicted; empty: all
  std::vector<std::string> countries;
  std::vector<std::uint32_t> country_of;  // [sessions] or empty: a place in `countries`

  std::vector<PastSession> past_sessions;  // by shopper, then by time; empty: nothing is known
  std::vector<std::uint32_t> past_items;
  std::vector<EventKind> past_kinds;

  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
};

}  // namespace vitrine::model
