#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/input_file.h"

namespace vitrine::data {

/// The reason why a row of a file was refused. Rows are checked in this order.
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
  kTimeOutlier,
  kLeftOut,
  kOrderRepeated,
  kCapped,
  kDuplicate,
  kRepeatedId,
};

/// Returns a stable key for JSON, such as "empty_item_id".
[[nodiscard]] std::string_view refused_key(RefusedReason reason);

/// Returns a text for people, such as "empty item id".
[[nodiscard]] std::string_view refused_words(RefusedReason reason);

/// A refused row with its position in the file.
struct RefusedSample {
  std::string file;
  /// Counted from 1. The physical line, or the record in Parquet files and JSON arrays.
  std::uint64_t line = 0;
  /// The line with unprintable characters replaced, cut to 160 bytes.
  std::string text;
};

struct RefusedRows {
  std::uint64_t count = 0;
  std::vector<RefusedSample> samples;
};

using Refused = std::map<RefusedReason, RefusedRows>;

/// A CSV line that DuckDB could not read.
struct CsvReject {
  std::uint64_t offset = 0;  // number of unpacked bytes before it
  RefusedReason reason = RefusedReason::kMalformed;
};

/// Adds samples for `rows` to `refused[reason]`. `rows` are record numbers from 0 among the
/// readable records, ascending. `rejects` are the unreadable lines of the file, ascending.
void add_row_samples(Database& database, const InputFile& file,
                     const std::vector<CsvReject>& rejects,
                     const std::map<RefusedReason, std::vector<std::uint64_t>>& rows,
                     std::size_t max_samples, Refused& refused);

/// Counts `rejects` and adds samples of them to `refused`.
void add_rejects(const InputFile& file, const std::vector<CsvReject>& rejects,
                 std::size_t max_samples, Refused& refused);

/// Returns `text` without control characters and broken UTF-8. A text longer than `limit` bytes is
/// cut and gets "..." at its end.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 160);

}  // namespace vitrine::data
