#pragma once

#include <string>
#include <unordered_map>

#include "data/database.h"
#include "model/catalogue.h"

namespace vitrine::statistics {

/// Reads the table `catalogue` of read_items.
[[nodiscard]] model::Catalogue read_catalogue(data::Database& database);

/// The titles of the table `catalogue` as they are written, by id.
[[nodiscard]] std::unordered_map<std::string, std::string> read_titles(data::Database& database);

}  // namespace vitrine::statistics
