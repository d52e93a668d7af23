#pragma once

#include <string>

namespace vitrine::data {

/// Returns a BOOLEAN expression over a VARCHAR expression: false for text that says "not for sale"
/// (0, "no", "out of stock", "https://schema.org/OutOfStock", "archived", and the same words in
/// other languages), true for text that says the opposite, NULL for a blank or an unknown text.
[[nodiscard]] std::string for_sale_sql(const std::string& text);

}  // namespace vitrine::data
