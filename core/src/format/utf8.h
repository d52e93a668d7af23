#pragma once

#include <string_view>

namespace vitrine {

/// Returns true when `text` is well-formed UTF-8 (Unicode 15, table 3-7): no surrogates and no
/// overlong forms.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace vitrine
