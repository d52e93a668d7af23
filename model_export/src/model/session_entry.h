#pragma once

#include <cstdint>

namespace vitrine::model {

/// One weight of the item-to-item matrix B of the session model.
struct SessionEntry {
  std::uint32_t source = 0;
  std::uint32_t target = 0;
  float weight = 0.0F;
};

}  // namespace vitrine::model
