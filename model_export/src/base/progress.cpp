#include "base/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace vitrine::base {

namespace {

constexpr std::chrono::milliseconds kRedrawInterval{200};

std::string human_rate(double per_second) {
  if (per_second >= 1e6) return fmt::format("{:.1f} M", per_second / 1e6);
  if (per_second >= 1e3) return fmt::format("{:.1f} k", per_second / 1e3);
  return fmt::format("{:.1f} ", per_second);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Progress::Progress(std::string label, std::uint64_t total, std::string unit, bool forced)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      start_(Clock::now()),
      last_drawn_(start_),
      enabled_(forced || stderr_is_terminal()) {}

Progress::~Progress() { finish(); }

bool Progress::due() {
  if (!enabled_) return false;
  const auto now = Clock::now();
  if (now - last_drawn_ < kRedrawInterval) return false;
  last_drawn_ = now;
  return true;
}

void Progress::update(std::uint64_t done) {
  if (!due()) return;
  const double elapsed = std::max(seconds_since(start_), 1e-3);
  const std::string rate = fmt::format("{} {}, {}{}/s", with_thousands(done), unit_,
                                       human_rate(static_cast<double>(done) / elapsed), unit_);
  const double fraction =
      total_ == 0 ? -1.0 : static_cast<double>(done) / static_cast<double>(total_);
  draw(fraction, rate);
}

void Progress::update_fraction(double fraction) {
  if (!due()) return;
  draw(fraction, {});
}

void Progress::draw(double fraction, const std::string& rate) {
  std::string line = label_;
  if (fraction >= 0.0) line += fmt::format("  {:3.0f} %", std::min(fraction, 1.0) * 100.0);
  if (!rate.empty()) line += "  " + rate;
  // Below one percent the estimate changes too much to be useful.
  if (fraction >= 0.01 && fraction < 1.0) {
    const double elapsed = seconds_since(start_);
    line += fmt::format("  {} left", human_duration(elapsed * (1.0 - fraction) / fraction));
  }
  fmt::print(stderr, "\r{}\x1b[K", line);
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::finish() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

std::string with_thousands(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string human_duration(double seconds) {
  if (seconds < 1.0) return fmt::format("{:.0f} ms", seconds * 1000.0);
  const auto rounded = static_cast<std::int64_t>(seconds + 0.5);
  if (rounded < 60) return fmt::format("{} s", rounded);
  if (rounded < 3600) return fmt::format("{} min {} s", rounded / 60, rounded % 60);
  return fmt::format("{} h {} min", rounded / 3600, rounded % 3600 / 60);
}

bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace vitrine::base
