#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/input_file.h"

namespace vitrine::data {

/// Bytes; what is longer is no id but a page of text in the wrong column.
inline constexpr std::int64_t kLongestItemId = 1024;

/// The VARCHAR expression of a role, NULL when the file does not have it.
[[nodiscard]] std::string text_or_null(const TextSource& source, std::string_view role);

/// An id as text, NULL where it is blank or where a tool has written its word for "nothing".
[[nodiscard]] std::string id_sql(const std::string& text);

/// DOUBLE from text such as "12.5", "12,50", "$1,299.00"; NULL when there is no number.
[[nodiscard]] std::string amount_sql(const std::string& text);

}  // namespace vitrine::data
