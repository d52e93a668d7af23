#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/columns.h"
#include "data/event_kind.h"
#include "data/refused.h"

namespace vitrine::data {

/// The files to read and the options for reading them.
struct ReadOptions {
  /// Paths or globs of CSV, JSON lines or Parquet files; plain, .gz or .zst. Their order does not
  /// matter.
  std::vector<std::string> files;
  /// Maps our column names to those of the file (--map). A file without a header has column0,
  /// column1, ...
  std::map<std::string, std::string> columns;
  /// The rule for sessions in a log without a session column. "30m", "45s", "2h" or "1d" without
  /// events end a session. "none" makes a shopper's whole history one session. "auto" means 30m, or
  /// "none" if 30m leaves fewer than two events a session.
  std::string session_gap = "auto";
  /// The number of sample lines kept for each reason of refusal.
  std::size_t max_samples = 5;
  /// The present time in seconds UTC. Later events are kept, with a warning. 0 means no such
  /// warning.
  std::int64_t now = 0;
  /// Called, possibly from another thread, with the current step and the fraction done (0..1).
  std::function<void(std::string_view step, double fraction)> progress;
};

/// The result of read_events.
struct ReadReport {
  std::uint64_t rows_read = 0;
  std::uint64_t rows_kept = 0;
  Refused refused;
  std::vector<std::string> warnings;
  std::int64_t first_time = 0;  // seconds UTC
  std::int64_t last_time = 0;
  std::uint64_t sessions = 0;
  std::uint64_t items = 0;
  std::uint64_t users = 0;
  std::array<std::uint64_t, kEventKinds> kinds{};
  std::vector<std::string> files;
  /// The columns of the first file. A warning names each file whose columns differ.
  ColumnMap columns;
  /// A text for people: "column session_id", "cut from user and time after 30 minutes of silence".
  std::string sessions_from;
  /// The seconds without events after which the page starts a new session; 0 means never.
  std::uint32_t session_gap = 1800;
  /// True when each session is the complete history of one user.
  bool whole_histories = false;

  [[nodiscard]] std::uint64_t rows_refused() const;
};

}  // namespace vitrine::data
