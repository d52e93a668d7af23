#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ingest/database.h"
#include "vitrine/bundle.h"
#include "vitrine/session.h"

namespace vitrine::train {

/// Sessions to predict, in the item numbers of one bundle.
struct TestSessions {
  static constexpr std::uint32_t kUnknown = 0xFFFFFFFF;  // an item that the bundle does not have
  std::vector<std::uint64_t> offsets{0};                 // [sessions + 1]
  std::vector<SessionEvent> events;                      // oldest first in a session
  std::vector<bool> asked;  // whether an event has to be predicted; empty: all
  /// Whether event `e` has to be predicted, the first of a session apart.
  [[nodiscard]] bool is_asked(std::uint64_t e) const { return asked.empty() || asked[e]; }
  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
};

/// Reads (session, item id, kind) or (session, item id, kind, asked) from `query`, which orders by
/// session and position.
[[nodiscard]] TestSessions read_test_sessions(Database& database, const std::string& query,
                                              const Bundle& bundle);

}  // namespace vitrine::train
