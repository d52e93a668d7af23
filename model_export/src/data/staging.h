#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "data/columns.h"
#include "data/event_log.h"
#include "data/input_file.h"
#include "data/refused.h"

namespace vitrine::data {

/// A file whose rows were read, kept so that refused rows can be found in it again.
struct ReadFile {
  InputFile input;
  std::vector<CsvReject> rejects;
  ColumnMap columns;
};

/// Runs the statement that `statement` makes of a file's source and takes note of the lines that
/// could not be read: counted in `refused` and `rows_read`. A CSV file that DuckDB cannot get
/// through (a quote that never closes, mixed line ends) is copied with its faults removed
/// (repair_csv), read again, and `file.input.path` is the copy from then on; `file_index` makes
/// the copy's name. Throws Error(kDataUnusable) when the file cannot be read even so.
void stage_file(Database& database, ReadFile& file, int file_index,
                const std::function<std::string(const TextSource&)>& statement,
                const ReadOptions& options, Refused& refused, std::uint64_t& rows_read);

/// Drops what DuckDB noted about unreadable lines; needed after each statement over a text_source.
void drop_reject_tables(Database& database);

/// Removes the repaired copies of files when it goes, also when an exception flies.
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

/// "empty item id: 12 (such as a.csv:3: ...), ..." for messages.
[[nodiscard]] std::string refused_summary(const Refused& refused);

}  // namespace vitrine::data
