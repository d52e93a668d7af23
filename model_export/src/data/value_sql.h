#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vitrine::data {

/// In bytes. A longer text is not an id but probably a text in the wrong column.
inline constexpr std::int64_t kLongestItemId = 1024;

/// Returns SQL for an id as text; NULL when it is blank or one of the words with which tools write
/// a missing value.
[[nodiscard]] std::string id_sql(const std::string& text);

/// Returns SQL for an id that is a whole number written with zeros after the point ("700.0", as
/// DECIMAL columns and pandas write it) without them. Use it only for columns that hold nothing but
/// whole numbers.
[[nodiscard]] std::string whole_number_sql(const std::string& id);

/// Returns SQL for the id of a shopper: NULL also for the words that stand for nobody, such as
/// "guest" and "(not set)".
[[nodiscard]] std::string shopper_sql(const std::string& text);

}  // namespace vitrine::data
