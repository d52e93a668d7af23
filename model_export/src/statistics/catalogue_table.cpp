#include "statistics/catalogue_table.h"

namespace vitrine::statistics {

model::Catalogue read_catalogue(data::Database& database) {
  model::Catalogue catalogue;
  data::Rows rows = database.query(
      "SELECT id, category, brand, price, available, lower(title) FROM catalogue ORDER BY id");
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      catalogue.ids.emplace_back(chunk->text(0, i));
      catalogue.attributes.push_back({.category = std::string(chunk->text(1, i)),
                                      .brand = std::string(chunk->text(2, i)),
                                      .price = chunk->is_null(3, i)
                                                   ? layout::kNoPrice
                                                   : static_cast<float>(chunk->doubles(3)[i]),
                                      .available = chunk->is_null(4, i) || chunk->bools(4)[i]});
      catalogue.titles.emplace_back(chunk->text(5, i));
    }
  }
  return catalogue;
}

std::unordered_map<std::string, std::string> read_titles(data::Database& database) {
  std::unordered_map<std::string, std::string> titles;
  data::Rows rows = database.query("SELECT id, title FROM catalogue WHERE title IS NOT NULL");
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      titles.emplace(chunk->text(0, i), chunk->text(1, i));
    }
  }
  return titles;
}

}  // namespace vitrine::statistics
