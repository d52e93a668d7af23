#pragma once

#include <string>

#include "vitrine/format/bundle_layout.h"

namespace vitrine::model {

/// What the catalogue says of one item. Empty text and layout::kNoPrice where it says nothing.
struct ItemAttributes {
  std::string category;  // "Kitchen/Mugs"
  std::string brand;
  float price = layout::kNoPrice;
  bool available = true;
};

}  // namespace vitrine::model
