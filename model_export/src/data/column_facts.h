#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/amount_column.h"
#include "data/input_file.h"
#include "data/time_column.h"

namespace vitrine::data {

/// The content of one column or path of a file. Counts of several files can be added.
struct ColumnFacts {
  std::int64_t rows = 0;
  std::int64_t filled = 0;       // not blank and no word for a missing value
  std::int64_t somebody = 0;     // the same, and no word for nobody, such as "guest"
  std::int64_t zeros = 0;        // "0", "-1": what some shops write for guests
  std::int64_t distinct = 0;     // about
  std::int64_t decimals = 0;     // 700.0
  std::int64_t not_whole = 0;    // filled and no whole number
  std::int64_t lists = 0;        // [..], {..} or ids with commas, semicolons or bars between them
  std::int64_t known_words = 0;  // words of the vocabulary of events
  TimeEvidence time;
  AmountEvidence amounts;
  std::vector<std::string> samples;  // up to three different values, from the beginning

  void add(const ColumnFacts& other);
  /// From 0 to 1.
  [[nodiscard]] double share(std::int64_t count) const {
    return rows == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(rows);
  }
};

/// The counts to make of a column besides its rows and those that are filled. The other counts
/// stay 0.
struct FactKinds {
  bool ids = false;
  bool lists = false;
  bool words = false;
  bool times = false;
  bool amounts = false;
};

/// Counts what paths of a file hold; a path with "[]" by the first element of its list. Reads the
/// file once, and some columns twice. Returns nothing when DuckDB cannot read the file to its end.
/// The tables of unreadable lines stay: see drop_reject_tables.
[[nodiscard]] std::map<std::string, ColumnFacts> find_facts(
    Database& database, const InputFile& file, const std::map<std::string, FactKinds>& paths);

}  // namespace vitrine::data
