#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::data {

/// The place of a value in a record: a column, and the way to the value inside of it.
/// `properties.product_id` is a field of an object, `items[].item_id` a field of each element of a
/// list, `items[0].item_id` that of its first element, and `event_params[ga_session_id]` the value
/// of the element whose "key" is "ga_session_id" (as BigQuery exports of GA4 write parameters).
struct RecordPath {
  struct Step {
    enum class Kind : std::uint8_t { kField, kIndex, kEntry, kEach };
    Kind kind = Kind::kField;
    std::string name;  // of the field or the entry; the digits of an index
  };
  std::string column;
  std::vector<Step> steps;

  /// Returns true when the path has "[]", so that one record has several values.
  [[nodiscard]] bool has_list() const;
};

/// Reads a path over one of `columns`. A column that is called exactly `text` comes first, so that
/// a column may be called "a.b". An empty `column` in the result means that there is no such
/// column.
[[nodiscard]] RecordPath parse_path(std::string_view text, std::span<const std::string> columns);

/// Returns the parts of "a|b|c". A column that is called exactly `text` is the only part.
[[nodiscard]] std::vector<std::string> path_alternatives(std::string_view text,
                                                         std::span<const std::string> columns);

/// Returns the JSON pointer (RFC 6901) of steps that are fields and indices, such as "/items/0".
[[nodiscard]] std::string json_pointer(std::span<const RecordPath::Step> steps);

/// Returns a VARCHAR expression: the value at `steps` in the VARCHAR expression `json`, NULL where
/// `json` is not valid JSON. `steps` has no kEach.
[[nodiscard]] std::string json_value_sql(const std::string& json,
                                         std::span<const RecordPath::Step> steps);

/// Returns a VARCHAR[] expression: the elements of a list as text. The list is a JSON array at
/// `steps` in `json`, an array as Python or PostgreSQL write it, or ids with commas, semicolons or
/// bars between them. It is empty where there is no value.
[[nodiscard]] std::string list_sql(const std::string& json,
                                   std::span<const RecordPath::Step> steps);

}  // namespace vitrine::data
