#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/logged_sessions.h"
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

/// Returns the sessions of a log, with the item numbers of `bundle`.
[[nodiscard]] TestSessions test_sessions_for(const Bundle& bundle,
                                             const model::LoggedSessions& logged);

}  // namespace vitrine::recommend
