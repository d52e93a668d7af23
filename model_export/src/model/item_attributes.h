#pragma once

#include <string>

#include "vitrine/format/bundle_layout.h"

namespace vitrine::model {

/// The catalogue's entry of one item. Missing values are empty texts and layout::kNoPrice.
struct ItemAttributes {
  std::string category;  // "Kitchen/Mugs"
  std::string brand;
  float price = layout::kNoPrice;
  bool available = true;
};

}  // namespace vitrine::model
