#include "data/latin1.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "data/byte_stream.h"

namespace vitrine::data {

namespace {

namespace fs = std::filesystem;

/// Returns the length of the character at the start of `text`, 0 where it is no valid UTF-8.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const std::size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  return length;
}

}  // namespace

bool is_latin1(std::string_view text, bool is_cut) {
  // The last character may be cut off.
  if (is_cut) text.remove_suffix(4);
  bool found = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) continue;
    const bool alone = i + 1 == text.size() || static_cast<unsigned char>(text[i + 1]) < 0x80;
    const bool letter = byte == 0x80 || (byte >= 0xa0 && byte < 0xfe);
    if (!alone || !letter || character_length(text.substr(i)) > 1) return false;
    found = true;
  }
  return found;
}

void recode_latin1(const std::string& from, const std::string& to) {
  // The characters 0x80 to 0x9f of Windows-1252.
  constexpr std::array<char16_t, 32> kWindows = {
      0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
      0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};
  fs::create_directories(fs::path(to).parent_path());
  std::ofstream out(to, std::ios::binary);
  ByteStream stream(from);
  std::string text;
  while (true) {
    const std::string_view block = stream.next();
    if (block.empty()) break;
    text.clear();
    for (const char c : block) {
      const auto byte = static_cast<unsigned char>(c);
      const unsigned code = byte >= 0x80 && byte < 0xa0 ? kWindows.at(byte - 0x80U) : byte;
      if (code < 0x80) {
        text += c;
      } else if (code < 0x800) {
        text += static_cast<char>(0xc0U | (code >> 6U));
        text += static_cast<char>(0x80U | (code & 0x3fU));
      } else {
        text += static_cast<char>(0xe0U | (code >> 12U));
        text += static_cast<char>(0x80U | ((code >> 6U) & 0x3fU));
        text += static_cast<char>(0x80U | (code & 0x3fU));
      }
    }
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  out.close();
  if (!out) {
    throw base::Error(base::ExitCode::kIo,
                      fmt::format("cannot write {}; set TMPDIR to a folder with space", to));
  }
}

}  // namespace vitrine::data
