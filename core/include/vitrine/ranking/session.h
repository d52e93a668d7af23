#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace vitrine {

/// The kinds of events. Values index layout::Settings::kind_weights.
enum class EventKind : std::uint8_t {
  kView = 0,
  kCart = 1,
  kPurchase = 2,
  kFavorite = 3,
  kRemove = 4,  // taken out of the cart
  kOther = 5,
};
inline constexpr std::size_t kEventKinds = 6;

/// By value.
inline constexpr std::array<std::string_view, kEventKinds> kEventKindNames = {
    "view", "cart", "purchase", "favorite", "remove", "other"};

struct SessionEvent {
  std::uint32_t item = 0;
  EventKind kind = EventKind::kView;
  bool starts_session = false;  // what lies before it belongs to earlier sessions
};

/// The last events of one shopper, oldest first, from the running session and earlier ones. The
/// memory is fixed.
class Session {
 public:
  /// More events add nothing to a ranking, because the weight of the oldest has decayed to noise.
  static constexpr std::size_t kCapacity = 100;

  /// Adds an event; drops the oldest one when full. O(kCapacity) then, else O(1).
  void record(SessionEvent event) {
    if (size_ == kCapacity) {
      std::copy(events_.begin() + 1, events_.end(), events_.begin());
      --size_;
    }
    events_[size_++] = event;
  }
  void clear() { size_ = 0; }
  [[nodiscard]] std::span<const SessionEvent> events() const { return {events_.data(), size_}; }

 private:
  std::array<SessionEvent, kCapacity> events_{};
  std::size_t size_ = 0;
};

/// An item that a ranking starts from, and its weight.
struct Source {
  std::uint32_t item = 0;
  float weight = 0.0F;
  bool earlier = false;  // of an earlier session

  bool operator==(const Source&) const = default;
};

/// Returns the events of the latest session.
[[nodiscard]] std::span<const SessionEvent> running_session(std::span<const SessionEvent> events);

/// The decay of an event's weight with its age.
struct Decay {
  float event = 1.0F;    // over that of the next event of its session; (0, 1]
  float session = 1.0F;  // of a session's last event over that of the next session's; [0, 1]
  float opening = 1.0F;  // of the last session's last event while the next one has none; [0, 1]
};

/// The distinct items of `events` (oldest first), latest first, each with the weight of its latest
/// event: decay.session^(sessions since) * decay.event^(events since, in its session) *
/// kind_weights[kind], all times decay.opening if the latest session `is_over`. Items of weight 0
/// are left out. Looks at the last Session::kCapacity events. Writes to `out`, returns how many.
/// Precondition: out holds Session::kCapacity.
std::size_t weigh_history(std::span<const SessionEvent> events, bool is_over, Decay decay,
                          std::span<const float, kEventKinds> kind_weights, std::span<Source> out);

}  // namespace vitrine
