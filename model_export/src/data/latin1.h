#pragma once

#include <string>
#include <string_view>

namespace vitrine::data {

/// Returns true for text in Latin-1: it has no character of UTF-8 beyond ASCII, and every other
/// byte beyond ASCII is a letter or a sign that stands alone, as those of European languages do.
/// `is_cut`: the text is the beginning of a longer one, of at least 4 bytes.
[[nodiscard]] bool is_latin1(std::string_view text, bool is_cut);

/// Writes a copy of a file in Windows-1252, which has all characters of Latin-1, as UTF-8. The file
/// may be compressed. Makes the folder of `to`. Throws Error(kIo) when it cannot write.
void recode_latin1(const std::string& from, const std::string& to);

}  // namespace vitrine::data
