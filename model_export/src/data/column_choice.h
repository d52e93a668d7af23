#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/column_facts.h"
#include "data/columns.h"

namespace vitrine::data {

/// Facts of a run: of all files together, by the bare name of the path (and "[]" for a list), so
/// that each column decides for all files.
using RunFacts = std::map<std::string, ColumnFacts>;

/// The columns and paths of a file, of which some are chosen.
struct ColumnsOfFile {
  std::string name;                  // of the file, for messages
  std::vector<std::string> columns;  // top level
  std::vector<std::string> paths;    // columns, then nested values
  std::map<std::string, ColumnFacts> facts;
};

/// The wishes of the user and of the log's format.
struct ColumnWishes {
  /// From --map: role to column, path, or several with "|" between them.
  std::map<std::string, std::string> asked;
  /// From --from: role to paths, the first that exists counts.
  std::map<std::string, std::vector<std::string>> preset;
  /// Bare names to prefer for the item's id, because they hold what the other side has: see
  /// item_match.h. May be empty.
  std::string item_column;
  /// True when the kind of the events is known without a column.
  bool kind_is_given = false;
};

/// Returns the paths of a file that may have a role in an event log or a catalogue, by their names,
/// with what has to be counted of them.
[[nodiscard]] std::map<std::string, FactKinds> candidates(const ColumnsOfFile& file,
                                                          const ColumnWishes& wishes,
                                                          std::span<const std::string_view> wanted);

/// Returns the paths that may have one role, the most likely first.
[[nodiscard]] std::vector<std::string> candidates_for(std::string_view role,
                                                      const ColumnsOfFile& file,
                                                      const ColumnWishes& wishes, bool items);

/// Chooses the column of each role in an event log by names and by what the columns hold in all
/// files (`run`). A column that is empty in more than half of the rows is neither session nor
/// shopper while another one is filled. Throws Error(kUsage) for a wrong --map.
[[nodiscard]] ColumnMap choose_event_columns(const ColumnsOfFile& file, const ColumnWishes& wishes,
                                             const RunFacts& run);

/// The same for a catalogue.
[[nodiscard]] ColumnMap choose_item_columns(const ColumnsOfFile& file, const ColumnWishes& wishes,
                                            const RunFacts& run);

/// Adds the facts of a file to those of the run. `rows` of every entry becomes the number of rows
/// of all files, so that a file without the column counts as empty.
void add_to_run(const std::map<std::string, ColumnFacts>& facts, RunFacts& run);

/// Returns the facts of a chosen column, path or "a|b" of a run; empty facts when there are none.
[[nodiscard]] ColumnFacts facts_of(const RunFacts& run, const std::string& column);

/// Returns the number of rows in which a shopper's column names somebody: "0" counts only when it
/// is not written for guests.
[[nodiscard]] std::int64_t somebody_in(const ColumnFacts& facts);

/// Returns true when "0" stands for many shoppers: it has far more rows than a shopper.
[[nodiscard]] bool zero_is_nobody(const ColumnFacts& facts);

/// Returns true for a column whose name is that of an order, a basket or an invoice.
[[nodiscard]] bool is_order_column(std::string_view column);

}  // namespace vitrine::data
