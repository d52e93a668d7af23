#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vitrine::model {

/// The items of a log by number: the most popular first. All vectors have one entry an item.
struct ItemTable {
  std::vector<std::string> ids;
  std::vector<std::int64_t> events;
  std::vector<double> popularity;  // events weighted by kind and age
};

}  // namespace vitrine::model
