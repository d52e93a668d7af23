#pragma once

#include <string>
#include <string_view>

namespace vitrine::assignment {

/// `utf8` as UTF-16 code units, which the hash of experiments takes. Bytes that are not UTF-8
/// become U+FFFD, one each, so that every text has a place.
[[nodiscard]] std::u16string utf16(std::string_view utf8);

}  // namespace vitrine::assignment
