#include "vitrine/assignment/json_text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "assignment/script_engine.h"
#include "vitrine/assignment/script_value.h"
#include "vitrine/assignment/utf16.h"

namespace vitrine::assignment {
namespace {

using nlohmann::json;

constexpr int kDeepest = 64;  // lists and objects
constexpr std::string_view kDigits = "0123456789";

class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text) {}

  std::optional<json> all() {
    json value;
    if (!read(value, 0)) return std::nullopt;
    skip_space();
    if (!left_.empty()) return std::nullopt;
    return value;
  }

 private:
  void skip_space() {
    left_.remove_prefix(std::min(left_.find_first_not_of(" \t\n\r"), left_.size()));
  }

  /// Takes `token` if it comes next.
  bool take(std::string_view token) {
    if (!left_.starts_with(token)) return false;
    left_.remove_prefix(token.size());
    return true;
  }

  bool read(json& value, int depth) {
    skip_space();
    if (left_.empty()) return false;
    if (take("{")) return depth < kDeepest && read_object(value, depth);
    if (take("[")) return depth < kDeepest && read_list(value, depth);
    if (left_[0] == '"') {
      value = "";
      return read_text(value.get_ref<std::string&>());
    }
    if (take("null")) return true;
    if (take("true")) return value = true, true;
    if (take("false")) return value = false, true;
    return read_number(value);
  }

  bool read_list(json& value, int depth) {
    value = json::array();
    skip_space();
    if (take("]")) return true;
    do {
      value.push_back(nullptr);
      if (!read(value.back(), depth + 1)) return false;
      skip_space();
    } while (take(","));
    return take("]");
  }

  bool read_object(json& value, int depth) {
    value = json::object();
    skip_space();
    if (take("}")) return true;
    do {
      skip_space();
      std::string name;
      if (!read_text(name)) return false;
      skip_space();
      json& field = value[name];
      field = nullptr;
      if (!take(":") || !read(field, depth + 1)) return false;
      skip_space();
    } while (take(","));
    return take("}");
  }

  bool read_text(std::string& out) {
    if (!take("\"")) return false;
    while (!take("\"")) {
      if (left_.empty() || static_cast<unsigned char>(left_[0]) < 0x20) return false;
      if (left_[0] == '\\') {
        if (!read_escapes(out)) return false;
        continue;
      }
      out += left_[0];
      left_.remove_prefix(1);
    }
    return true;
  }

  /// Escapes that follow one another, since two of them may be one character.
  bool read_escapes(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    std::u16string units;
    while (take("\\")) {
      if (left_.empty()) return false;
      const std::size_t name = kNames.find(left_[0]);
      if (name != std::string_view::npos) {
        units += static_cast<char16_t>(kMeant[name]);
      } else if (left_[0] != 'u' || !read_unit(units)) {
        return false;
      }
      left_.remove_prefix(1);
    }
    out += utf8(units);
    return true;
  }

  /// Four hexadecimal digits; leaves the last.
  bool read_unit(std::u16string& units) {
    unsigned unit = 0;
    for (int i = 0; i < 4; ++i) {
      left_.remove_prefix(1);
      if (left_.empty()) return false;
      const std::size_t digit = std::string_view("0123456789abcdefABCDEF").find(left_[0]);
      if (digit == std::string_view::npos) return false;
      unit = unit * 16 + static_cast<unsigned>(digit > 15 ? digit - 6 : digit);
    }
    units += static_cast<char16_t>(unit);
    return true;
  }

  /// Returns the number of digits of `left_` from `at` on.
  [[nodiscard]] std::size_t digits(std::size_t at) const {
    return std::min(left_.find_first_not_of(kDigits, at), left_.size()) - at;
  }
  [[nodiscard]] bool is(std::size_t at, std::string_view any) const {
    return at < left_.size() && any.find(left_[at]) != std::string_view::npos;
  }

  bool read_number(json& value) {
    std::size_t end = is(0, "-") ? 1 : 0;
    const std::size_t first = end;
    end += digits(end);
    if (end == first || (left_[first] == '0' && end > first + 1)) return false;
    const bool whole = !is(end, ".eE");
    if (is(end, ".")) {
      const std::size_t places = digits(end + 1);
      if (places == 0) return false;
      end += 1 + places;
    }
    if (is(end, "eE")) {
      ++end;
      if (is(end, "+-")) ++end;
      const std::size_t places = digits(end);
      if (places == 0) return false;
      end += places;
    }
    const double number = text_number(std::string(left_.substr(0, end)));
    left_.remove_prefix(end);
    if (whole && std::fabs(number) < 9e15) {
      value = static_cast<std::int64_t>(number);
      if (number >= 0.0) value = static_cast<std::uint64_t>(number);
    } else {
      value = number;
    }
    return true;
  }

  std::string_view left_;
};

void write_quoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      constexpr char kHex[] = "0123456789abcdef";
      out += "\\u00";
      out += kHex[c / 16];
      out += kHex[c % 16];
    } else {
      out += c;
    }
  }
  out += '"';
}

void write(const json& value, std::string& out) {
  if (value.is_string()) return write_quoted(value.get_ref<const std::string&>(), out);
  if (!value.is_structured()) {
    const bool finite = !value.is_number() || std::isfinite(value.get<double>());
    out += finite ? script_text(value) : "null";
    return;
  }
  out += value.is_array() ? '[' : '{';
  bool first = true;
  for (auto at = value.begin(); at != value.end(); ++at) {
    if (!first) out += ',';
    first = false;
    if (value.is_object()) {
      write_quoted(at.key(), out);
      out += ':';
    }
    write(*at, out);
  }
  out += value.is_array() ? ']' : '}';
}

}  // namespace

std::optional<json> json_from(std::string_view text) { return Reader(text).all(); }

std::string json_text(const json& value) {
  std::string out;
  write(value, out);
  return out;
}

std::string json_quoted(std::string_view text) {
  std::string out;
  write_quoted(text, out);
  return out;
}

}  // namespace vitrine::assignment
