#include "data/chosen_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/progress.h"

namespace vitrine::data {

void add_amount_doubt(const std::string& column, const ColumnFacts& facts,
                      const ReadOptions& options, std::vector<LogDoubt>& doubts) {
  const AmountRule rule = decide_amounts(facts.amounts, options.decimal_comma);
  if (rule.undecided == 0) return;
  const auto decimal = [](bool is) { return is ? "decimals" : "thousands"; };
  doubts.push_back(
      {"decimal_sign",
       fmt::format("{} amounts in the column {} have one sign before three digits, and the others "
                   "do not decide: 1.299 is read with {}, 1,299 with {}; give --decimal point or "
                   "--decimal comma",
                   base::with_thousands(static_cast<std::uint64_t>(rule.undecided)), column,
                   decimal(rule.decimal_point), decimal(rule.decimal_comma))});
}

std::vector<ChosenColumn> chosen_columns(const ColumnMap& columns,
                                         std::span<const std::string_view> wanted,
                                         const RunFacts& run) {
  std::vector<ChosenColumn> chosen;
  for (const std::string_view role : wanted) {
    const auto found = columns.find(std::string(role));
    if (found == columns.end()) continue;
    const ColumnFacts facts = facts_of(run, found->second);
    chosen.push_back({.role = found->first,
                      .column = found->second,
                      .filled = std::min(1.0, facts.share(facts.filled)),
                      .samples = facts.samples});
  }
  return chosen;
}

}  // namespace vitrine::data
