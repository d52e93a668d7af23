#include "base/markup.h"

#include <fmt/format.h>

namespace vitrine::base {

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') {
          out += "\xEF\xBF\xBD";
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string visible(std::string_view text, bool lines) {
  std::string out;
  out.reserve(text.size());
  const auto escape = [&out](unsigned char c) { out += fmt::format("\\x{:02x}", c); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (c == 0xc2 && next >= 0x80 && next < 0xa0) {  // a control character of C1, in UTF-8
      escape(next);
      ++i;
    } else if ((c < 0x20 && !(lines && c == '\n')) || c == 0x7f) {
      escape(c);
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace vitrine::base
