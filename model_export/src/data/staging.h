#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/column_choice.h"
#include "data/database.h"
#include "data/input_file.h"
#include "data/read_options.h"
#include "data/refused.h"

namespace vitrine::data {

/// A file whose rows were read. It is kept so that refused rows can be found in it again.
struct ReadFile {
  InputFile input;
  std::vector<CsvReject> rejects;
  ColumnMap columns;
  /// Columns and the paths of nested values, and what they hold.
  ColumnsOfFile offer;
  ColumnWishes wishes;
  /// The kind of all events of the file, if it was given with the file.
  std::optional<EventMeaning> kind;
};

/// Opens a file and finds out what its columns hold: fills `input`, `offer` and `wishes`. `wanted`
/// is kEventColumns or kItemColumns. A CSV file that DuckDB cannot read to its end is repaired, as
/// in stage_file, and the lines that the repair costs are counted.
void inspect_columns(Database& database, ReadFile& file, const std::string& path, int file_index,
                     std::span<const std::string_view> wanted, const ReadOptions& options,
                     Refused& refused, std::uint64_t& rows_read);

/// Runs the statement that `statement` makes of a file's source. Lines that could not be read are
/// counted in `refused` and `rows_read`. When DuckDB cannot read a CSV file to its end (a quote
/// that never closes, mixed line ends), repair_csv makes a copy without the faults, which is read
/// instead; from then on `file.input.path` is the copy, and `file_index` is part of its name.
/// Throws Error(kDataUnusable) when the file cannot be read even so.
void stage_file(Database& database, ReadFile& file, int file_index,
                const std::function<std::string(const TextSource&)>& statement,
                const ReadOptions& options, Refused& refused, std::uint64_t& rows_read);

/// Removes the copies of files in its destructor, so also when an exception is thrown.
class RepairedCopies {
 public:
  explicit RepairedCopies(const std::vector<ReadFile>& files) : files_(files) {}
  ~RepairedCopies();
  RepairedCopies(const RepairedCopies&) = delete;
  RepairedCopies& operator=(const RepairedCopies&) = delete;

 private:
  const std::vector<ReadFile>& files_;
};

/// Sorts the samples of each reason by file and line.
void sort_samples(Refused& refused);

/// Returns "empty item id: 12 (such as a.csv:3: ...), ..." for messages.
[[nodiscard]] std::string refused_summary(const Refused& refused);

}  // namespace vitrine::data
