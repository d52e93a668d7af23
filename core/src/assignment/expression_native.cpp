#include <regex>

#include "assignment/expression.h"

namespace vitrine::assignment {

bool matches_expression(const std::string& text, const std::string& expression, bool fold) {
  if (text.size() > kLongestSearched || expression.size() > kLongestExpression) return false;
  try {
    const auto flags =
        std::regex::ECMAScript | (fold ? std::regex::icase : std::regex::flag_type{});
    return std::regex_search(text, std::regex(expression, flags));
  } catch (const std::regex_error&) {
    return false;
  }
}

}  // namespace vitrine::assignment
