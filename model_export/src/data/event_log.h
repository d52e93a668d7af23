#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/columns.h"
#include "data/database.h"
#include "data/event_kind.h"
#include "data/refused.h"

namespace vitrine::data {

/// What to read and how to understand it.
struct ReadOptions {
  /// Paths or globs; CSV, JSON lines or Parquet, plain or .gz or .zst. Their order does not matter.
  std::vector<std::string> files;
  /// Our column name -> the file's (--map). A file without a header has column0, column1, ...
  std::map<std::string, std::string> columns;
  /// Where a log has no session column: "30m", "45s", "2h", "1d" of silence end a session, "none"
  /// makes a shopper's whole history one session, "auto" is 30m unless that leaves fewer than two
  /// events a session, then none.
  std::string session_gap = "auto";
  /// Sample lines kept for each reason of refusal.
  std::size_t max_samples = 5;
  /// Seconds UTC; events later than this are kept but warned about. 0: no such warning.
  std::int64_t now = 0;
  /// Told, possibly from another thread, what is being done and which fraction of it (0..1).
  std::function<void(std::string_view step, double fraction)> progress;
};

/// What read_events found.
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
  /// Of the first file; where another differs, a warning says so.
  ColumnMap columns;
  /// Words for people: "column session_id", "cut from user and time after 30 minutes of silence".
  std::string sessions_from;
  /// Seconds of silence that end a session of a shopper in the page; 0: none does.
  std::uint32_t session_gap = 1800;
  /// Whether every session is all that one user ever did.
  bool whole_histories = false;

  [[nodiscard]] std::uint64_t rows_refused() const;
};

/// Reads event logs into `table`, which is replaced if it exists:
///     session INTEGER, position INTEGER, item VARCHAR, user_key VARCHAR or NULL, kind UTINYINT,
///     time BIGINT (seconds UTC), price DOUBLE or NULL, quantity DOUBLE or NULL,
///     country VARCHAR or NULL
/// Sessions are numbered 0.. by their first time, then by their text; `position` counts 0.. within
/// a session by time, then file, then row. The answer depends on neither the order of
/// `options.files` nor the number of threads.
///
/// Throws Error: kIo for a missing file, kUsage for a wrong --map or --session-gap, kDataUnusable
/// when a file is empty, binary or cut off, lacks a needed column, or no row is usable.
ReadReport read_events(Database& database, const ReadOptions& options,
                       std::string_view table = "events");

}  // namespace vitrine::data
