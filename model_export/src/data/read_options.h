#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/columns.h"
#include "data/event_kind.h"
#include "data/refused.h"
#include "data/time_column.h"

namespace vitrine::data {

/// The files to read and the options for reading them.
struct ReadOptions {
  /// Paths or globs of CSV, JSON lines or Parquet files; plain, .gz or .zst. Their order does not
  /// matter. "purchase=PATH" means that all events of these files are purchases; so with each kind.
  std::vector<std::string> files;
  /// Maps our column names to those of the file (--map): a column, a path such as
  /// "items[].item_id", or several with "|" between them, of which the first with a value counts. A
  /// file without a header has column0, column1, ...
  std::map<std::string, std::string> columns;
  /// The name of a well-known format (--from); empty: found out from the columns.
  std::string preset;
  /// The bare name of the column that holds the item's id, if the file has it: see item_match.h.
  std::string item_column;
  /// The unit of times that are numbers (--time-unit), the order of day and month in dates such as
  /// 1/2/2024 (--date-order), and the decimal sign of amounts such as 1.299 (--decimal). Nothing:
  /// each column decides.
  std::optional<TimeUnit> time_unit;
  std::optional<bool> day_first;
  std::optional<bool> decimal_comma;
  /// Items whose rows are left out (--leave-out), such as postage.
  std::vector<std::string> leave_out;
  /// The rule for sessions in a log without a session column. "30m", "45s", "2h" or "1d" without
  /// events end a session. "none" makes a shopper's whole history one session. "auto" means 30m, or
  /// "none" if 30m leaves fewer than two events a session.
  std::string session_gap = "auto";
  /// The largest number of events that one shopper may add (--most-events); of more, the latest
  /// count. 0: no limit. Nothing: three times what 95 % of the shoppers stay below, and at least
  /// 200, so that no crawler decides what is popular.
  std::optional<std::int64_t> most_events;
  /// The number of sample lines kept for each reason of refusal.
  std::size_t max_samples = 5;
  /// The present time in seconds UTC. Later events are kept, with a warning. 0 means no such
  /// warning.
  std::int64_t now = 0;
  /// Called, possibly from another thread, with the current step and the fraction done (0..1).
  std::function<void(std::string_view step, double fraction)> progress;
};

/// Something about a log that is probably not meant so. `--strict` refuses such a log.
struct LogDoubt {
  std::string code;     // stable, such as "times_before_1995"
  std::string message;  // text for people that says what to do
};

/// A column that was chosen for a role, and what it holds in all files of the run.
struct ChosenColumn {
  std::string role;
  std::string column;
  double filled = 0.0;               // share of the rows
  std::vector<std::string> samples;  // up to three values
};

/// The result of read_events. Every row is in exactly one of rows_kept, `refused` and `set_aside`.
struct ReadReport {
  /// Rows; each element of a list of items is one.
  std::uint64_t rows_read = 0;
  std::uint64_t rows_kept = 0;
  Refused refused;
  /// Rows of events that are no steps of a session, by meaning: impressions, refunds, searches ...
  std::array<std::uint64_t, kEventMeanings> set_aside{};
  std::vector<std::string> warnings;
  std::vector<LogDoubt> doubts;
  std::int64_t first_time = 0;  // seconds UTC
  std::int64_t last_time = 0;
  std::uint64_t sessions = 0;
  std::uint64_t items = 0;
  std::uint64_t users = 0;
  /// Events whose item the catalogue has; nothing without a catalogue.
  std::optional<std::uint64_t> events_in_catalogue;
  std::array<std::uint64_t, kEventKinds> kinds{};
  std::vector<std::string> files;
  /// The columns of the first file. A warning names each file whose columns differ.
  ColumnMap columns;
  /// The same with what they hold, in the order of kEventColumns.
  std::vector<ChosenColumn> chosen;
  /// A text for people: "column session_id", "cut from user and time after 30 minutes of silence".
  std::string sessions_from;
  /// The seconds without events after which the page starts a new session; 0 means never.
  std::uint32_t session_gap = 1800;
  /// True when each session is the complete history of one user.
  bool whole_histories = false;

  [[nodiscard]] std::uint64_t rows_refused() const;
  [[nodiscard]] std::uint64_t rows_set_aside() const;
};

}  // namespace vitrine::data
