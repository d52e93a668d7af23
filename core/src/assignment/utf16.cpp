#include "vitrine/assignment/utf16.h"

namespace vitrine::assignment {
namespace {

/// Returns the number of bytes of the first character of `text`, or 0 when it does not start with a
/// character.
std::size_t character_length(std::string_view text, char32_t& point) {
  const auto byte = [&](std::size_t at) -> unsigned {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const auto more = [&](std::size_t at) { return (byte(at) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80U) {
    point = lead;
    return 1;
  }
  if (lead >= 0xC2U && lead < 0xE0U && more(1)) {
    point = (lead & 0x1FU) << 6U | (byte(1) & 0x3FU);
    return 2;
  }
  if (lead >= 0xE0U && lead < 0xF0U && more(1) && more(2)) {
    point = (lead & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    const bool surrogate = point >= 0xD800 && point < 0xE000;
    return point >= 0x800 && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0U && lead < 0xF5U && more(1) && more(2) && more(3)) {
    point = (lead & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U |
            (byte(3) & 0x3FU);
    return point >= 0x10000 && point < 0x110000 ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::u16string utf16(std::string_view utf8) {
  std::u16string out;
  out.reserve(utf8.size());
  while (!utf8.empty()) {
    char32_t point = 0xFFFD;
    const std::size_t length = character_length(utf8, point);
    if (length == 0) point = 0xFFFD;
    if (point >= 0x10000) {
      out += static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10U));
      out += static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FFU));
    } else {
      out += static_cast<char16_t>(point);
    }
    utf8.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string utf8(std::u16string_view text) {
  std::string out;
  const auto append = [&out](char32_t bits) { out += static_cast<char>(bits); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t point = text[i];
    if (point >= 0xD800 && point < 0xE000) {
      const bool pair = point < 0xDC00 && i + 1 < text.size() && (text[i + 1] & 0xFC00U) == 0xDC00U;
      point = pair ? 0x10000 + ((point - 0xD800) << 10U) + (text[++i] - 0xDC00U) : 0xFFFD;
    }
    if (point < 0x80) {
      append(point);
      continue;
    }
    const unsigned more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;  // bytes after the first
    constexpr unsigned kLead[] = {0, 0xC0, 0xE0, 0xF0};
    append(kLead[more] | (point >> (6 * more)));
    for (unsigned byte = more; byte-- > 0;) append(0x80U | ((point >> (6 * byte)) & 0x3FU));
  }
  return out;
}

}  // namespace vitrine::assignment
