#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/column_choice.h"
#include "data/read_options.h"

namespace vitrine::data {

/// Adds a doubt when neither the amounts of a column nor the user decide the sign of some of them.
void add_amount_doubt(const std::string& column, const ColumnFacts& facts,
                      const ReadOptions& options, std::vector<LogDoubt>& doubts);

/// Returns what the columns of a map hold in all files, in the order of `wanted`.
[[nodiscard]] std::vector<ChosenColumn> chosen_columns(const ColumnMap& columns,
                                                       std::span<const std::string_view> wanted,
                                                       const RunFacts& run);

}  // namespace vitrine::data
