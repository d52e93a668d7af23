#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace vitrine::base {

/// A progress line on stderr for a long step: the fraction done, the rate and the remaining time.
/// It prints nothing when stderr is not a terminal, unless forced, so that log files stay readable.
///
/// Not thread-safe: only one thread may report at a time. `update` may be called often; it draws at
/// most five times a second.
class Progress {
 public:
  /// `total` is the number of `unit`s to do. 0 means unknown; then only the count and the rate are
  /// drawn.
  Progress(std::string label, std::uint64_t total, std::string unit, bool forced = false);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Sets the number of units done so far.
  void update(std::uint64_t done);

  /// Sets the fraction done, for steps without a known number of units. Clamped to 0..1.
  void update_fraction(double fraction);

  /// Erases the line. The destructor does the same.
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

/// Formats a count for people: "1,234,567".
[[nodiscard]] std::string with_thousands(std::uint64_t value);

/// Formats a duration for people: "850 ms", "12 s", "3 min 5 s".
[[nodiscard]] std::string human_duration(double seconds);

/// Returns true when stderr is a terminal.
[[nodiscard]] bool stderr_is_terminal();

}  // namespace vitrine::base
