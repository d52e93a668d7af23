#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::data {

/// The names that the exporter uses for the columns of an event log, in the order in which they are
/// searched for.
inline constexpr std::string_view kEventColumns[] = {
    "session_id", "user_id", "item_id", "event", "timestamp", "price", "quantity", "country"};

/// The names that the exporter uses for the columns of a catalogue.
inline constexpr std::string_view kItemColumns[] = {"item_id", "category",  "brand",
                                                    "price",   "available", "title"};

/// Returns true when `name` is a common name of a column of an event log or a catalogue.
[[nodiscard]] bool is_known_column(std::string_view name);

/// Maps the exporter's column name to the file's column name.
using ColumnMap = std::map<std::string, std::string>;

/// Finds the column of the file for each of the exporter's columns. `asked` maps our names to the
/// file's names (from --map) and is used first; then the common synonyms are tried. Case and
/// punctuation are ignored. `wanted` is kEventColumns or kItemColumns. Each column is used once.
/// Throws Error(kUsage), with a list of the existing columns, when `asked` names one that does not
/// exist.
[[nodiscard]] ColumnMap map_columns(const std::vector<std::string>& columns,
                                    const std::map<std::string, std::string>& asked,
                                    std::span<const std::string_view> wanted,
                                    const std::string& path);

/// Joins column names for messages as "a, b, c". A long list is cut.
[[nodiscard]] std::string list_columns(const std::vector<std::string>& columns);

}  // namespace vitrine::data
