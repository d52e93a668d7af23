#include "vitrine/session.h"

#include <cassert>

namespace vitrine {

std::size_t weigh_history(std::span<const SessionEvent> events, float decay,
                          std::span<const float, kEventKinds> kind_weights, std::span<Source> out) {
  assert(out.size() >= Session::kCapacity);
  const std::size_t used = std::min(events.size(), Session::kCapacity);
  std::size_t count = 0;
  float age = 1.0F;  // decay^distance by repeated multiplication: exp() differs between C libraries
  for (std::size_t distance = 0; distance < used; ++distance, age *= decay) {
    const SessionEvent& event = events[events.size() - 1 - distance];
    const float weight = age * kind_weights[static_cast<std::size_t>(event.kind)];
    if (!(weight > 0.0F)) continue;
    const auto seen = out.first(count);
    if (std::any_of(seen.begin(), seen.end(),
                    [&](const Source& source) { return source.item == event.item; })) {
      continue;
    }
    out[count++] = {.item = event.item, .weight = weight};
  }
  return count;
}

}  // namespace vitrine
