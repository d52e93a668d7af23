#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace vitrine::base {

/// One line on stderr that says how far a long step is, how fast it goes and how long it still
/// takes. Silent when stderr is not a terminal, unless forced, so that logs stay readable.
///
/// Not thread-safe: one thread reports at a time. `update` may be called often; it draws at most
/// five times a second.
class Progress {
 public:
  /// `total` is in `unit`s; 0 means unknown, then only the count and the rate are drawn.
  Progress(std::string label, std::uint64_t total, std::string unit, bool forced = false);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Sets the number of units done so far.
  void update(std::uint64_t done);

  /// Sets the fraction done, for steps whose units are unknown. Clamped to 0..1.
  void update_fraction(double fraction);

  /// Erases the line. The destructor does it as well.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  void draw(double fraction, const std::string& rate);
  bool due();

  std::string label_;
  std::string unit_;
  std::uint64_t total_;
  Clock::time_point start_;
  Clock::time_point last_drawn_;
  bool enabled_;
  bool drawn_ = false;
};

/// "1,234,567": counts for people.
[[nodiscard]] std::string with_thousands(std::uint64_t value);

/// "850 ms", "12 s", "3 min 5 s".
[[nodiscard]] std::string human_duration(double seconds);

/// True when stderr is a terminal.
[[nodiscard]] bool stderr_is_terminal();

}  // namespace vitrine::base
