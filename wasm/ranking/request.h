#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ranking/abi.h"
#include "vitrine/format/bundle.h"
#include "vitrine/visit/recommender.h"

namespace vitrine::abi {

/// A ListRequest read from the words of an abi::Request. Keeps its rules, pins and plan from one
/// list to the next, so that reading allocates only for a list with more of them than any before.
class RequestReader {
 public:
  /// `words`: the input buffer, which JavaScript has filled; the request looks into it, and into
  /// this.
  [[nodiscard]] ListRequest read(std::span<const std::uint32_t> words, const Bundle& bundle);

 private:
  Plan plan_;
  std::vector<Pin> pins_;
  std::vector<Rule> rules_;
};

/// A time of JavaScript as the core has it: whole milliseconds, within 2^53 either way.
[[nodiscard]] std::int64_t time_of(double milliseconds);

}  // namespace vitrine::abi
