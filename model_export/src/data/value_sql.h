#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/input_file.h"

namespace vitrine::data {

/// In bytes. A longer text is not an id but probably a text in the wrong column.
inline constexpr std::int64_t kLongestItemId = 1024;

/// Returns the VARCHAR expression of a column, or NULL when the file does not have it.
[[nodiscard]] std::string text_or_null(const TextSource& source, std::string_view role);

/// Returns SQL for an id as text; NULL when it is blank or one of the words with which tools write
/// a missing value.
[[nodiscard]] std::string id_sql(const std::string& text);

/// Returns SQL for a DOUBLE from text such as "12.5", "12,50", "$1,299.00"; NULL when there is no
/// number.
[[nodiscard]] std::string amount_sql(const std::string& text);

}  // namespace vitrine::data
