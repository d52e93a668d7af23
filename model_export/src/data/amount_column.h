#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "data/database.h"

namespace vitrine::data {

/// The forms of the values of a column of amounts. Counts of several files can be added.
struct AmountEvidence {
  std::int64_t points = 0;          // "." is surely a decimal sign: 12.5, 1,299.00
  std::int64_t commas = 0;          // "," is surely a decimal sign: 12,50, 1.299,00
  std::int64_t unclear_points = 0;  // 1.299
  std::int64_t unclear_commas = 0;  // 1,299
  std::int64_t unclear_marked = 0;  // those with a currency: 1.299 EUR

  void add(const AmountEvidence& other);
};

/// The number of columns of amount_evidence_sql.
inline constexpr std::size_t kAmountEvidenceColumns = 5;

/// Returns aggregates of type BIGINT over the VARCHAR expression `text`, in the order of the
/// members of AmountEvidence.
[[nodiscard]] std::string amount_evidence_sql(const std::string& text);

/// Reads the row that amount_evidence_sql made, from column `at` on.
[[nodiscard]] AmountEvidence read_amount_evidence(const Chunk& chunk, std::size_t at);

/// The rule for a sign that is followed by three digits: "1.299", "1,299". Every other amount says
/// itself which of its signs is the decimal one.
struct AmountRule {
  bool decimal_point = true;
  bool decimal_comma = false;
  /// The number of amounts whose sign neither they themselves nor the others decide.
  std::int64_t undecided = 0;
};

/// Decides how to read a column. `comma` comes from the flag --decimal.
[[nodiscard]] AmountRule decide_amounts(const AmountEvidence& evidence,
                                        std::optional<bool> comma = {});

/// Returns SQL for a DOUBLE from text such as "12.5", "12,50", "$1,299.00", "1 299,50 EUR"; the
/// first amount of a range; NULL when there is no number.
[[nodiscard]] std::string amount_sql(const std::string& text, const AmountRule& rule = {});

}  // namespace vitrine::data
