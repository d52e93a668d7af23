#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::data {

/// Our names of the columns of an event log, in the order in which they are looked for.
inline constexpr std::string_view kEventColumns[] = {
    "session_id", "user_id", "item_id", "event", "timestamp", "price", "quantity", "country"};

/// Our names of the columns of a catalogue.
inline constexpr std::string_view kItemColumns[] = {"item_id", "category",  "brand",
                                                    "price",   "available", "title"};

/// True when `name` is a usual name of one of our columns, of either kind of file.
[[nodiscard]] bool is_known_column(std::string_view name);

/// Our name -> the column of the file that plays it.
using ColumnMap = std::map<std::string, std::string>;

/// Finds out which column of a file plays which role. `asked` (our name -> the file's, from --map)
/// goes first, then the usual synonyms; case and punctuation do not count. `wanted` is
/// kEventColumns or kItemColumns. A column is used once.
/// Throws Error(kUsage), with the columns that there are, when `asked` names a role or a column
/// that does not exist.
[[nodiscard]] ColumnMap map_columns(const std::vector<std::string>& columns,
                                    const std::map<std::string, std::string>& asked,
                                    std::span<const std::string_view> wanted,
                                    const std::string& path);

/// "a, b, c": for messages; long lists are cut.
[[nodiscard]] std::string list_columns(const std::vector<std::string>& columns);

}  // namespace vitrine::data
