#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "vitrine/format/bundle_layout.h"

namespace vitrine::model {

/// The best-known items of one country.
struct Market {
  std::string name;                                      // as the log writes it
  std::array<std::uint32_t, layout::kMarketSize> items;  // the best-known first; what is no item
                                                         // stands for nothing
};

}  // namespace vitrine::model
