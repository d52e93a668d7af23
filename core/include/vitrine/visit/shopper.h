#pragma once

#include <cstdint>
#include <span>

#include "vitrine/ranking/session.h"

namespace vitrine {

/// Returns true when a session with its last event at `last` has ended by `now`. A session ends
/// after a pause of more than `gap` seconds; with a `gap` of 0 it never ends. Times are
/// milliseconds since 1970, UTC, with an absolute value below 2^53. A clock that was set back ends
/// no session.
[[nodiscard]] constexpr bool session_ended(std::int64_t last, std::int64_t now, std::uint32_t gap) {
  return gap > 0 && now - last > std::int64_t{1000} * gap;
}

/// The history of one shopper: the latest events, cut into sessions by the pauses between them.
/// Fixed memory, about 800 bytes.
class Shopper {
 public:
  /// `session_gap`: see session_ended, and layout::Settings. With 0 only end_session ends sessions.
  explicit Shopper(std::uint32_t session_gap = 0) : session_gap_(session_gap) {}

  /// Adds an event of `time` (see session_ended), later than all before it. It starts a session
  /// after a pause, after end_session(), and where it says so itself. Forgets the oldest event
  /// beyond Session::kCapacity.
  void record(SessionEvent event, std::int64_t time = 0);

  /// Ends the running session whatever the time: the next event starts another. This is for
  /// histories that say by themselves where a session ends.
  void end_session() { ended_ = true; }

  /// Forgets all events.
  void clear();

  /// Oldest first. The span holds until the next change.
  [[nodiscard]] std::span<const SessionEvent> events() const { return session_.events(); }

  /// Returns true when all events belong to sessions that have ended by `now`.
  [[nodiscard]] bool session_over(std::int64_t now = 0) const;

  /// The events of the session that is running at `now`; empty if it is over.
  [[nodiscard]] std::span<const SessionEvent> running(std::int64_t now = 0) const;

 private:
  Session session_;
  std::int64_t last_ = 0;  // time of the last event
  std::uint32_t session_gap_;
  bool ended_ = false;  // by end_session, with no event since
};

}  // namespace vitrine
