#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::data {

/// How a CSV file is written.
struct CsvDialect {
  char delimiter = ',';
  /// '"' where quotes are doubled (RFC 4180), '\\' where a backslash protects them.
  char escape = '"';
  bool has_header = true;
  /// From the header, made unique; column0, column1, ... where there is none.
  std::vector<std::string> columns;
};

/// Reads the dialect off the beginning of a file. `known` tells whether a cell is a column name
/// that we know; such a cell in the first row makes it a header. DuckDB's own sniffer is not used:
/// read as text only, it takes a first row of data for a header, and its answer depends on a
/// sample that a few malformed lines upset.
[[nodiscard]] CsvDialect sniff_csv(std::string_view head, bool (*known)(std::string_view));

/// Splits records off CSV text, quotes respected. Knows nothing of files: feed it physical lines.
class CsvRecordScanner {
 public:
  explicit CsvRecordScanner(const CsvDialect& dialect) : dialect_(&dialect) {}

  /// Takes the next physical line (without its line end). True when the record is complete with
  /// it, false when a quoted field goes on in the next line.
  [[nodiscard]] bool feed(std::string_view line);

  /// Forgets an unfinished record.
  void reset() noexcept { in_quotes_ = false; }

  [[nodiscard]] bool in_quotes() const noexcept { return in_quotes_; }

 private:
  const CsvDialect* dialect_;
  bool in_quotes_ = false;
};

/// The cells of one complete record, unquoted.
[[nodiscard]] std::vector<std::string> split_csv(std::string_view record,
                                                 const CsvDialect& dialect);

/// Writes a copy of the CSV file `from` to `to` in which every record that never closes its quotes
/// is an empty line, and every line ends with "\n"; line numbers stay the same. One stray quote
/// otherwise swallows the rest of a file.
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
