#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "commands/read_flags.h"
#include "data/catalogue.h"
#include "data/event_log.h"
#include "recommend/training/training_report.h"
#include "statistics/event_log.h"

namespace vitrine::commands {

/// More threads than this are a slip.
inline constexpr std::uint64_t kMostThreads = 1024;

/// Accepts a whole number in decimal digits, from 0 to `most`. Without it a number that is too
/// large or negative would be taken for another one.
[[nodiscard]] CLI::Validator whole_number(std::uint64_t most = UINT64_MAX);

/// --threads and --memory, and the log opened with them.
struct MachineArguments {
  unsigned threads = 0;        // 0: one per core
  std::string memory = "2GB";  // DuckDB's share; more spills to disk

  void add_to(CLI::App& command);
  [[nodiscard]] unsigned thread_count() const;
  [[nodiscard]] statistics::LogLimits log_limits() const;
  /// A log that nothing was read into yet.
  [[nodiscard]] statistics::EventLog open_log() const;
};

/// --config, --max-bytes, --raw, --seed, --tune, --no-tune, --min-shoppers: the flags that `train`
/// and `backtest` share.
struct TrainArguments {
  std::string config;
  std::string max_bytes;
  bool raw = false;
  bool no_tune = false;
  std::optional<double> tune_minutes;
  std::optional<std::uint32_t> min_shoppers;
  std::uint64_t seed = 1;

  void add_to(CLI::App& command);
  /// Reads the configuration. Throws Error.
  [[nodiscard]] recommend::TrainOptions train_options(const MachineArguments& machine) const;
};

/// Parses the JSON of a file. Throws Error: kIo when it cannot be read, kUsage when it is not JSON.
[[nodiscard]] nlohmann::json read_json(const std::string& path);

/// A result on stdout, indented, keys in alphabetical order. Text that is not UTF-8 is replaced.
void print_json(const nlohmann::json& result);

/// Parses a size: 1500000, "800KB", "2MB" (decimal), "1GiB". Throws Error(kUsage) for any other
/// text.
[[nodiscard]] std::uint64_t parse_bytes(const std::string& text);

/// The reports of read_log.
struct LogAndItems {
  data::ReadReport events;
  std::optional<data::ItemsReport> items;  // if the flags name a catalogue
};

/// Reads the catalogue, if the flags name one, and then the events, so that the report of the
/// events knows the catalogue. Throws what the reading throws; with --strict also
/// Error(kDataUnusable) when the log is probably not read as it is meant.
[[nodiscard]] LogAndItems read_log(
    statistics::EventLog& log, const ReadFlags& flags,
    const std::function<void(std::string_view step, double share)>& progress);

/// Prints one line about what the least number of shoppers left out; nothing without one.
void print_floor(const recommend::TrainingReport& training);

/// Prints one line about the catalogue's items without events from the report of a training; prints
/// nothing when there are none.
void print_new_items(const recommend::TrainingReport& training);

/// Prints on stderr what became of the rows, in a few lines, and the warnings, so that the output
/// of a long training does not hide them.
void print_problems(const LogAndItems& read);

/// Returns "4,500 missing session or user, 12 exact duplicate" and the like; empty without any.
[[nodiscard]] std::string refused_text(const data::Refused& refused);

/// Returns "12 impression, 3 refund" and the like; empty without any.
[[nodiscard]] std::string set_aside_text(const data::ReadReport& report);

}  // namespace vitrine::commands
