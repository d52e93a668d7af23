// libc++'s std::to_chars brings 115 KB of tables, and std::regex throws.
#include <emscripten/em_js.h>

#include <array>

#include "assignment/script_engine.h"

// clang-format off
EM_JS_DEPS(vitrine_script_engine, "$UTF8ToString,$stringToUTF8");

EM_JS(void, vitrine_number_text, (double number, char* text, int size), {
  stringToUTF8(String(number), text, size);
});

EM_JS(double, vitrine_text_number, (const char* text), {
  return Number(UTF8ToString(text));
});

EM_JS(bool, vitrine_matches_expression, (const char* text, const char* expression, bool fold), {
  try {
    return new RegExp(UTF8ToString(expression), fold ? "i" : "").test(UTF8ToString(text));
  } catch {
    return false;
  }
});
// clang-format on

namespace vitrine::assignment {

std::string number_text(double number) {
  std::array<char, 32> text{};  // 25 at most
  vitrine_number_text(number, text.data(), static_cast<int>(text.size()));
  return text.data();
}

double text_number(const std::string& text) { return vitrine_text_number(text.c_str()); }

bool matches_expression(const std::string& text, const std::string& expression, bool fold) {
  if (text.size() > kLongestSearched || expression.size() > kLongestExpression) return false;
  return vitrine_matches_expression(text.c_str(), expression.c_str(), fold);
}

}  // namespace vitrine::assignment
