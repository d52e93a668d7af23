#pragma once

#include <string>

namespace vitrine::model {

/// The events that count, and their values.
struct EventSum {
  std::string event;  // a word of the log; "purchase" stands for all words of that kind
  std::string value;  // empty: 1 each; "revenue": price times quantity; else a column of numbers
};

}  // namespace vitrine::model
