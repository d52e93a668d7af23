#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::data {

/// The names that the exporter uses for the columns of an event log, in the order in which they are
/// searched for. `device_id` names a browser or a device, `user_id` a person; `offset` is added to
/// a time that is only a day; `sequence` is the order of events of the same time; `status` and
/// `cancelled_at` say that an order does not count.
inline constexpr std::string_view kEventColumns[] = {
    "session_id", "user_id",  "device_id", "item_id", "event",
    "timestamp",  "offset",   "sequence",  "price",   "quantity",
    "country",    "order_id", "event_id",  "status",  "cancelled_at"};

/// The names that the exporter uses for the columns of a catalogue. A sale price comes before a
/// price where it is filled. `published`, `visibility` and `item_status` say that an item is not
/// for sale yet or any more, `stock` how many pieces there are.
inline constexpr std::string_view kItemColumns[] = {
    "item_id", "category",  "brand",      "price",       "sale_price", "available",
    "stock",   "published", "visibility", "item_status", "title"};

/// Returns `name` in lower case without punctuation, and without the type that RecBole writes after
/// it ("item_id:token"). Two names with the same bare name mean the same column.
[[nodiscard]] std::string bare_name(std::string_view name);

/// Returns the common names of a role, as bare names, the most likely first. `items` is true for a
/// catalogue.
[[nodiscard]] std::vector<std::string_view> role_names(std::string_view role, bool items);

/// Returns true when `name` is a common name of a column of an event log or a catalogue.
[[nodiscard]] bool is_known_column(std::string_view name);

/// Maps the exporter's column name to the file's column, path, or paths with "|" between them.
using ColumnMap = std::map<std::string, std::string>;

/// Returns the exporter's name of the role before the "=" of --map. Throws Error(kUsage) when it is
/// none of `wanted`.
[[nodiscard]] std::string asked_role(const std::string& role, const std::string& source,
                                     std::span<const std::string_view> wanted);

/// Returns the column or path of a file that --map names; `paths` are those of the file. Throws
/// Error(kUsage), with a list of what exists, when there is none.
[[nodiscard]] std::string asked_column(const std::string& role, const std::string& source,
                                       const std::vector<std::string>& columns,
                                       const std::vector<std::string>& paths,
                                       const std::string& file);

/// Finds the column of the file for each of the exporter's columns by its name alone. `asked` maps
/// our names to the file's names (from --map) and is used first; then the common names are tried.
/// Case and punctuation are ignored. Each column is used once. Throws Error(kUsage), with a list of
/// the existing columns, when `asked` names one that does not exist.
[[nodiscard]] ColumnMap map_columns(const std::vector<std::string>& columns,
                                    const std::map<std::string, std::string>& asked,
                                    std::span<const std::string_view> wanted,
                                    const std::string& path);

/// Joins column names for messages as "a, b, c". A long list is cut.
[[nodiscard]] std::string list_columns(const std::vector<std::string>& columns);

}  // namespace vitrine::data
