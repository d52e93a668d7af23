#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/database.h"
#include "data/read_options.h"

namespace vitrine::data {

/// The result of read_items.
struct ItemsReport {
  std::uint64_t rows_read = 0;
  std::uint64_t rows_kept = 0;
  Refused refused;
  std::vector<std::string> warnings;
  std::vector<LogDoubt> doubts;
  std::vector<std::string> files;
  ColumnMap columns;
  std::vector<ChosenColumn> chosen;
  std::uint64_t categories = 0;
  std::uint64_t brands = 0;
  std::uint64_t with_price = 0;
  std::uint64_t unavailable = 0;
};

/// Reads catalogue files into `table`, which is replaced if it exists. Each id gives one row, the
/// first by file and row:
///     id VARCHAR, category VARCHAR ('a/b/c' or NULL), brand VARCHAR or NULL, price DOUBLE or NULL,
///     available BOOLEAN (true when the files do not say), title VARCHAR or NULL
/// The session gap and the present time in `options` are not used. The order of the files does not
/// change the result. Throws the same errors as read_events.
ItemsReport read_items(Database& database, const ReadOptions& options,
                       std::string_view table = "catalogue");

/// Returns true when read_items has created the table `catalogue`.
[[nodiscard]] bool has_catalogue(Database& database);

}  // namespace vitrine::data
