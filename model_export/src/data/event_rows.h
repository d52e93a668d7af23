#pragma once

#include <string>

#include "data/database.h"
#include "data/read_options.h"
#include "data/staging.h"

namespace vitrine::data {

/// The columns that only some logs have. Rows of a large log take less memory without them.
struct RowColumns {
  bool device = false;
  bool order = false;
  bool sequence = false;
  bool place = false;  // among the rows of one record
  /// No column of the table: the session is an order, so that a refund of an order names it.
  bool session_is_order = false;
};

/// The table of refunds and cancellations beside a table of event rows.
inline constexpr std::string_view kTakenBack = "vitrine_taken_back";

/// Creates `table` for event rows that are not yet assigned to sessions:
///     session VARCHAR, user_key VARCHAR, item VARCHAR, kind UTINYINT, micros BIGINT (UTC), price
///     DOUBLE, quantity DOUBLE, country VARCHAR, row_hash UBIGINT (equal for rows that are equal in
///     all columns of their file, or that have the same id of the event), file INTEGER, row BIGINT,
///     and with `columns` device VARCHAR, order_key VARCHAR, sequence BIGINT, place
///     BIGINT
/// and kTakenBack with session, user_key, item, micros, device and order_key.
void create_event_rows(Database& database, const std::string& table, const RowColumns& columns);

/// Reads one file, whose columns are chosen, into `table` as file number `file_index`. Refused rows
/// and rows that are set aside are counted in `report`. `run` holds the facts of all files.
void read_event_rows(Database& database, ReadFile& file, int file_index, const RunFacts& run,
                     const ReadOptions& options, const RowColumns& columns,
                     const std::string& table, ReadReport& report);

/// Throws Error(kDataUnusable) for a file without a column for item, shopper or time, or with times
/// that are no dates.
void check_columns(const ReadFile& file, const RunFacts& run, const ReadOptions& options);

}  // namespace vitrine::data
