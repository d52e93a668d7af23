#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "ingest/event_log.h"
#include "training/options.h"

namespace vitrine::train {

/// --events, --map and --session-gap: how commands are told what to read.
struct EventArguments {
  std::vector<std::string> files;
  std::vector<std::string> maps;  // "item_id=StockCode"
  std::string session_gap = "auto";

  void add_to(CLI::App& command);
  /// Throws Error(kUsage) for a --map that is no NAME=COLUMN.
  [[nodiscard]] ReadOptions read_options() const;
};

/// --threads and --memory, and the database opened with them.
struct MachineArguments {
  unsigned threads = 0;         // 0: one per core
  std::string memory = "1GB";  // DuckDB's share; more spills to disk

  void add_to(CLI::App& command);
  [[nodiscard]] unsigned thread_count() const;
  [[nodiscard]] Database open_database() const;
};

/// --items, --config, --max-bytes, --raw, --seed, --no-tune: what `train` and `backtest` share.
struct TrainArguments {
  std::string items;
  std::string config;
  std::string max_bytes;
  bool raw = false;
  bool no_tune = false;
  std::uint64_t seed = 1;

  void add_to(CLI::App& command);
  /// Reads the configuration. Throws Error.
  [[nodiscard]] TrainOptions train_options(const MachineArguments& machine) const;
};

/// 1500000, "800KB", "2MB" (decimal), "1GiB". Throws Error(kUsage) for anything else.
[[nodiscard]] std::uint64_t parse_bytes(const std::string& text);

/// What was read, for the metadata: counts and times, file names without folders.
[[nodiscard]] nlohmann::json describe(const ReadReport& report);

/// Warnings and refused rows in a few lines on stderr, so that a long training does not hide them.
void print_problems(const ReadReport& report);

}  // namespace vitrine::train
