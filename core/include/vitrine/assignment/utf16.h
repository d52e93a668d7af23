#pragma once

#include <string>
#include <string_view>

namespace vitrine::assignment {

/// Converts `utf8` to UTF-16 code units, which the hash of experiments uses. Each byte that is not
/// UTF-8 becomes U+FFFD, so that every text has a hash.
[[nodiscard]] std::u16string utf16(std::string_view utf8);

/// `text` as UTF-8. Half of a pair of surrogates becomes U+FFFD.
[[nodiscard]] std::string utf8(std::u16string_view text);

}  // namespace vitrine::assignment
