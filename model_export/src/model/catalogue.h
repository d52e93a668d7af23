#pragma once

#include <string>
#include <vector>

#include "model/item_attributes.h"

namespace vitrine::model {

/// The catalogue's items, sorted by id. All vectors have one entry an item.
struct Catalogue {
  std::vector<std::string> ids;
  std::vector<ItemAttributes> attributes;
  std::vector<std::string> titles;  // in lower case; empty where there is none
};

}  // namespace vitrine::model
