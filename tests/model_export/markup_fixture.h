#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

/// Returns the reason why `markup` is not well-formed XML, or an empty text. It checks the rules
/// that matter for our pages: tags close in order, attributes are quoted, & starts a known entity.
/// It skips the doctype.
inline std::string flaw_of(std::string_view markup) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < markup.size();) {
    const auto here = [&] { return std::string(markup.substr(at, 60)); };
    if (markup[at] == '&') {
      const std::size_t end = markup.find(';', at);
      const std::string_view entity = markup.substr(at, end - at + 1);
      bool known = false;
      for (const std::string_view one : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
        known = known || entity == one;
      }
      if (!known) return "no entity: " + here();
      at = end + 1;
      continue;
    }
    if (markup[at] != '<') {
      ++at;
      continue;
    }
    if (markup.substr(at).starts_with("<!DOCTYPE html>")) {
      at += 15;
      continue;
    }
    const std::size_t name_at = at + (markup[at + 1] == '/' ? 2 : 1);
    std::size_t end = name_at;
    while (end < markup.size() && (std::isalnum(static_cast<unsigned char>(markup[end])) != 0))
      ++end;
    const std::string name(markup.substr(name_at, end - name_at));
    if (name.empty()) return "no tag: " + here();
    bool quoted = false;
    std::size_t close = end;
    for (; close < markup.size() && (quoted || markup[close] != '>'); ++close) {
      if (markup[close] == '"') quoted = !quoted;
      if (markup[close] == '<') return "a tag within a tag: " + here();
      if (markup[close] == '=' && !quoted && markup[close + 1] != '"')
        return "not quoted: " + here();
    }
    if (close == markup.size()) return "a tag that never ends: " + here();
    if (name_at == at + 2) {
      if (open.empty() || open.back() != name) return "closed but not open: " + here();
      open.pop_back();
    } else if (markup[close - 1] != '/') {
      open.push_back(name);
    }
    at = close + 1;
  }
  return open.empty() ? "" : "never closed: " + open.back();
}

inline std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

}  // namespace vitrine
