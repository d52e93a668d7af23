#pragma once

#include <cstdint>

namespace vitrine::statistics {

/// The resources that reading a log may take.
struct LogLimits {
  std::uint64_t memory = 0;  // bytes; more spills to temporary files. 0: 1.4 GB at most
  unsigned threads = 0;      // 0: one for each core
};

}  // namespace vitrine::statistics
