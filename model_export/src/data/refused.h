#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/input_file.h"

namespace vitrine::data {

/// Why a row of a file was not used. The order is the order in which a row is judged.
enum class RefusedReason : std::uint8_t {
  kMalformed = 1,
  kInvalidUtf8,
  kCancelled,
  kEmptyItem,
  kItemTooLong,
  kMissingShopper,
  kUnreadableTime,
  kTimeNotPositive,
  kTimeUnit,
  kTimeTooLate,
  kDuplicate,
  kRepeatedId,
};

/// Stable key for JSON, such as "empty_item_id".
[[nodiscard]] std::string_view refused_key(RefusedReason reason);

/// Words for people, such as "empty item id".
[[nodiscard]] std::string_view refused_words(RefusedReason reason);

/// A refused row as a person finds it again.
struct RefusedSample {
  std::string file;
  /// Counted from 1: the physical line; of Parquet files and JSON arrays the record.
  std::uint64_t line = 0;
  /// The line, made printable and cut to 160 bytes.
  std::string text;
};

struct RefusedRows {
  std::uint64_t count = 0;
  std::vector<RefusedSample> samples;
};

using Refused = std::map<RefusedReason, RefusedRows>;

/// A CSV line that could not be read, as DuckDB noted it.
struct CsvReject {
  std::uint64_t offset = 0;  // unpacked bytes before it
  RefusedReason reason = RefusedReason::kMalformed;
};

/// Adds samples for `rows` (record numbers from 0 among the readable records, ascending) to
/// `refused[reason]`. `rejects` are the unreadable lines of the file, ascending.
void add_row_samples(Database& database, const InputFile& file,
                     const std::vector<CsvReject>& rejects,
                     const std::map<RefusedReason, std::vector<std::uint64_t>>& rows,
                     std::size_t max_samples, Refused& refused);

/// Counts `rejects` and adds samples of them.
void add_rejects(const InputFile& file, const std::vector<CsvReject>& rejects,
                 std::size_t max_samples, Refused& refused);

/// `text` without control characters and broken UTF-8, at most `limit` bytes and "..." after them.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 160);

}  // namespace vitrine::data
