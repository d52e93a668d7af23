#include "vitrine/ranking/session.h"

#include <cassert>

namespace vitrine {

std::span<const SessionEvent> running_session(std::span<const SessionEvent> events) {
  for (std::size_t i = events.size(); i-- > 0;) {
    if (events[i].starts_session) return events.subspan(i);
  }
  return events;
}

std::size_t weigh_history(std::span<const SessionEvent> events, bool is_over, Decay decay,
                          std::span<const float, kEventKinds> kind_weights, std::span<Source> out) {
  assert(out.size() >= Session::kCapacity);
  const std::size_t used = std::min(events.size(), Session::kCapacity);
  std::size_t count = 0;
  // Powers are computed by repeated multiplication, because exp() differs between C libraries.
  float session = is_over ? decay.opening : 1.0F;
  float age = session;
  bool earlier = is_over;
  for (std::size_t distance = 0; distance < used && age > 0.0F; ++distance) {
    const SessionEvent& event = events[events.size() - 1 - distance];
    const float weight = age * kind_weights[static_cast<std::size_t>(event.kind)];
    age *= decay.event;
    const bool is_earlier = earlier;
    if (event.starts_session) {
      age = session *= decay.session;
      earlier = true;
    }
    if (!(weight > 0.0F)) continue;
    const auto seen = out.first(count);
    if (std::any_of(seen.begin(), seen.end(),
                    [&](const Source& source) { return source.item == event.item; })) {
      continue;
    }
    out[count++] = {.item = event.item, .weight = weight, .earlier = is_earlier};
  }
  return count;
}

}  // namespace vitrine
