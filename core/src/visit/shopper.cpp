#include "vitrine/visit/shopper.h"

namespace vitrine {

void Shopper::record(SessionEvent event, std::int64_t time) {
  event.starts_session = event.starts_session || session_over(time);
  session_.record(event);
  last_ = time;
  ended_ = false;
}

void Shopper::clear() {
  session_.clear();
  ended_ = false;
}

bool Shopper::session_over(std::int64_t now) const {
  return ended_ || (!events().empty() && session_ended(last_, now, session_gap_));
}

std::span<const SessionEvent> Shopper::running(std::int64_t now) const {
  return session_over(now) ? std::span<const SessionEvent>() : running_session(events());
}

}  // namespace vitrine
