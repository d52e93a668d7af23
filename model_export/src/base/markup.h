#pragma once

#include <string>
#include <string_view>

namespace vitrine::base {

/// Returns `text` as it may stand in HTML or XML, within an element or a quoted attribute. Control
/// characters, which XML does not allow, become U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace vitrine::base
