#pragma once

#include "data/database.h"
#include "data/read_options.h"

namespace vitrine::data {

/// Chooses, where a log or a catalogue has several columns that may hold the item's id (asin and
/// parent_asin, id and sku), the pair of columns whose values agree most, and sets `item_column` of
/// both options. Does nothing where --map names the column, where there is only one, and where no
/// pair agrees better than the first by name. Reads these columns of all files once more.
void match_item_columns(Database& database, ReadOptions& events, ReadOptions& items);

}  // namespace vitrine::data
