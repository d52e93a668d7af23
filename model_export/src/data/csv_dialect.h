#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::data {

/// The dialect of a CSV file.
struct CsvDialect {
  char delimiter = ',';
  /// The escape character: '"' when quotes are doubled (RFC 4180), '\\' when a backslash precedes
  /// them.
  char escape = '"';
  bool has_header = true;
  /// Lines before the header or the first record: "sep=;" and comments that start with "#".
  std::size_t skipped_lines = 0;
  /// The unique names from the header, or column0, column1, ... when there is no header.
  std::vector<std::string> columns;
};

/// Detects the dialect from the beginning of a file. `known` returns true for a column name that we
/// know; one such cell makes the first row a header. DuckDB's own sniffer is not used for two
/// reasons: for text columns it takes a first row of data for a header, and a few malformed lines
/// in its sample change its answer.
[[nodiscard]] CsvDialect sniff_csv(std::string_view head, bool (*known)(std::string_view));

/// Finds the ends of CSV records in physical lines, with quotes respected. It does not read files.
class CsvRecordScanner {
 public:
  explicit CsvRecordScanner(const CsvDialect& dialect) : dialect_(&dialect) {}

  /// Adds the next physical line (without its line end). Returns true when the line completes a
  /// record, and false when a quoted field continues in the next line.
  [[nodiscard]] bool feed(std::string_view line);

  /// Discards an unfinished record.
  void reset() noexcept { in_quotes_ = false; }

  [[nodiscard]] bool in_quotes() const noexcept { return in_quotes_; }

 private:
  const CsvDialect* dialect_;
  bool in_quotes_ = false;
};

/// Returns the cells of one complete record without quotes.
[[nodiscard]] std::vector<std::string> split_csv(std::string_view record,
                                                 const CsvDialect& dialect);

/// The result of repair_csv, which copies the CSV file `from` to `to`. In the copy every record
/// that never closes its quotes is an empty line, and every line ends with "
/// ". Line numbers stay the same. Without the repair, one stray quote hides the rest of the file.
struct RepairedCsv {
  struct Line {
    std::uint64_t number = 0;
    std::string text;
  };
  std::uint64_t refused = 0;
  std::vector<Line> samples;  // the first `max_samples`
};
[[nodiscard]] RepairedCsv repair_csv(const std::string& from, const std::string& to,
                                     const CsvDialect& dialect, std::size_t max_samples);

}  // namespace vitrine::data
