// The engine of JavaScript is the one that the page uses, and so the wasm needs no engine of its
// own.
#include <emscripten/em_js.h>

#include "assignment/expression.h"

// clang-format off
EM_JS(bool, vitrine_matches_expression, (const char* text, const char* expression, bool fold), {
  try {
    return new RegExp(UTF8ToString(expression), fold ? "i" : "").test(UTF8ToString(text));
  } catch {
    return false;
  }
});
// clang-format on

namespace vitrine::assignment {

bool matches_expression(const std::string& text, const std::string& expression, bool fold) {
  if (text.size() > kLongestSearched || expression.size() > kLongestExpression) return false;
  return vitrine_matches_expression(text.c_str(), expression.c_str(), fold);
}

}  // namespace vitrine::assignment
