#pragma once

#include <string>
#include <string_view>

namespace vitrine::base {

/// Returns `text` as it may stand in HTML or XML, within an element or a quoted attribute. Control
/// characters, which XML does not allow, become U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

/// Returns `text` as it may stand on a terminal: control characters, which a terminal would obey,
/// become "\x1b" and the like. With `lines`, line feeds stay.
[[nodiscard]] std::string visible(std::string_view text, bool lines = false);

}  // namespace vitrine::base
