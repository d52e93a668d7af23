#include "vitrine/assignment/condition.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "assignment/script_engine.h"
#include "vitrine/assignment/script_value.h"
#include "vitrine/assignment/utf16.h"

namespace vitrine::assignment {
namespace {

using nlohmann::json;

bool is_operators(const json& value) {
  return !value.empty() &&
         std::all_of(value.items().begin(), value.items().end(),
                     [](const auto& item) { return item.key().starts_with('$'); });
}

/// Converts a version to a text that sorts in the order of versions: numbers are padded, and a
/// release sorts after its pre-releases.
std::string version(const json& value) {
  std::string text = value.is_string() || value.is_number() ? script_text(value) : "";
  if (text.empty()) text = "0";
  if (text[0] == 'v') text.erase(0, 1);
  text.resize(std::min(text.find('+'), text.size()));
  std::string out;
  int parts = 0;
  for (std::size_t start = 0; start <= text.size(); ++parts) {
    const std::size_t end = std::min(text.find_first_of("-.", start), text.size());
    const std::string part = text.substr(start, end - start);
    if (parts > 0) out += '-';
    const bool number = !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
    if (number && part.size() < 5) out.append(5 - part.size(), ' ');
    out += part;
    start = end + 1;
  }
  return parts == 3 ? out + "-~" : out;
}

/// The letters of a text, in UTF-16, that an expression sees. The page has the same limit, so that
/// a long text of an address cannot stop it.
constexpr std::size_t kSeen = 1000;

/// Returns true for a reference to a group, and for looking ahead or behind. The page matches
/// expressions without backtracking, and such an expression matches nothing there.
bool needs_backtracking(std::string_view expression) {
  bool in_class = false;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const std::string_view rest = expression.substr(i);
    if (rest.front() == '\\') {
      const char next = rest.size() > 1 ? rest[1] : '\0';
      if (!in_class && ((next >= '1' && next <= '9') || next == 'k')) return true;
      ++i;
    } else if (in_class) {
      in_class = rest.front() != ']';
    } else if (rest.front() == '[') {
      in_class = true;
    } else if (rest.starts_with("(?=") || rest.starts_with("(?!") || rest.starts_with("(?<=") ||
               rest.starts_with("(?<!")) {
      return true;
    }
  }
  return false;
}

bool is_match(const json& value, const json& pattern, bool fold) {
  const std::string expression = script_text(pattern);
  if (needs_backtracking(expression)) return false;
  std::string text = script_text(value);
  if (text.size() > kSeen) text = utf8(utf16(text).substr(0, kSeen));
  return matches_expression(text, expression, fold);
}

/// Compares as === does: lists and objects are never equal, because they are never the same object.
bool is_same(const json& a, const json& b) {
  if (a.is_structured() || b.is_structured()) return false;
  return a == b;
}

bool is_in(const json& value, const json& list, bool fold) {
  const auto among = [&](const json& one) {
    return std::any_of(list.begin(), list.end(), [&](const json& wanted) {
      if (fold && one.is_string() && wanted.is_string()) {
        return script_folded(one) == script_folded(wanted);
      }
      return is_same(one, wanted);
    });
  };
  return value.is_array() ? std::any_of(value.begin(), value.end(), among) : among(value);
}

std::string_view type_name(const json& value) {
  if (value.is_null()) return "null";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  if (value.is_string()) return "string";
  return value.is_boolean() ? "boolean" : "number";
}

/// Compares by `<`, `<=`, `>` or `>=`. Two texts are compared by their UTF-16 code units.
template <typename Compare>
bool ordered(const json& a, const json& b, const Compare& compare) {
  if (a.is_string() && b.is_string()) {
    return compare(utf16(a.get_ref<const std::string&>()), utf16(b.get_ref<const std::string&>()));
  }
  return compare(script_number(a), script_number(b));  // false when one is not a number
}

class Evaluation {
 public:
  explicit Evaluation(const json& groups) : groups_(groups) {}

  [[nodiscard]] bool fulfils(const json& attributes, const json& condition) const {
    if (!condition.is_object()) return false;
    return std::all_of(condition.items().begin(), condition.items().end(), [&](const auto& item) {
      const json& wanted = item.value();
      if (item.key() == "$or") return any(attributes, wanted);
      if (item.key() == "$nor") return !any(attributes, wanted);
      if (item.key() == "$not") return !fulfils(attributes, wanted);
      if (item.key() == "$and") {
        return !wanted.is_array() ||
               std::all_of(wanted.begin(), wanted.end(),
                           [&](const json& part) { return fulfils(attributes, part); });
      }
      return fits(attribute_at(attributes, item.key()), wanted);
    });
  }

 private:
  [[nodiscard]] bool any(const json& attributes, const json& wanted) const {
    if (!wanted.is_array() || wanted.empty()) return true;
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const json& part) { return fulfils(attributes, part); });
  }

  /// Returns true when a value matches `wanted`, which is a plain value or an object of operators
  /// that must all hold.
  [[nodiscard]] bool fits(const json& value, const json& wanted, bool fold = false) const {
    if (wanted.is_string()) {
      return fold ? script_folded(value) == script_folded(wanted)
                  : script_text(value) == wanted.get_ref<const std::string&>();
    }
    if (wanted.is_number()) return script_number(value) == wanted.get<double>();
    if (wanted.is_boolean()) return !value.is_null() && script_truth(value) == wanted.get<bool>();
    if (wanted.is_null()) return value.is_null();
    if (wanted.is_array() || !is_operators(wanted)) return value == wanted;
    return std::all_of(wanted.items().begin(), wanted.items().end(),
                       [&](const auto& item) { return operate(item.key(), value, item.value()); });
  }

  [[nodiscard]] bool operate(std::string_view name, const json& value, const json& operand) const {
    if (name == "$eq") return is_same(value, operand);
    if (name == "$ne") return !is_same(value, operand);
    if (name == "$lt") return ordered(value, operand, std::less<>());
    if (name == "$lte") return ordered(value, operand, std::less_equal<>());
    if (name == "$gt") return ordered(value, operand, std::greater<>());
    if (name == "$gte") return ordered(value, operand, std::greater_equal<>());
    if (name == "$veq") return version(value) == version(operand);
    if (name == "$vne") return version(value) != version(operand);
    if (name == "$vlt") return version(value) < version(operand);
    if (name == "$vlte") return version(value) <= version(operand);
    if (name == "$vgt") return version(value) > version(operand);
    if (name == "$vgte") return version(value) >= version(operand);
    if (name == "$exists") return script_truth(operand) == !value.is_null();
    if (name == "$not") return !fits(value, operand);
    if (name == "$size") return value.is_array() && fits(value.size(), operand);
    if (name == "$regex") return is_match(value, operand, false);
    if (name == "$regexi") return is_match(value, operand, true);
    if (name == "$notRegex") return !is_match(value, operand, false);
    if (name == "$notRegexi") return !is_match(value, operand, true);
    if (name == "$type") return operand == type_name(value);
    return operate_on_lists(name, value, operand);
  }

  [[nodiscard]] bool operate_on_lists(std::string_view name, const json& value,
                                      const json& operand) const {
    if (name == "$in") return operand.is_array() && is_in(value, operand, false);
    if (name == "$ini") return operand.is_array() && is_in(value, operand, true);
    if (name == "$nin") return operand.is_array() && !is_in(value, operand, false);
    if (name == "$nini") return operand.is_array() && !is_in(value, operand, true);
    if (name == "$inGroup") return is_in(value, group(operand), false);
    if (name == "$notInGroup") return !is_in(value, group(operand), false);
    if (name == "$elemMatch") {
      return value.is_array() && operand.is_object() &&
             std::any_of(value.begin(), value.end(), [&](const json& element) {
               if (!script_truth(element)) return false;
               return is_operators(operand) ? fits(element, operand) : fulfils(element, operand);
             });
    }
    if (name == "$all" || name == "$alli") {
      return operand.is_array() && value.is_array() &&
             std::all_of(operand.begin(), operand.end(), [&](const json& wanted) {
               return std::any_of(value.begin(), value.end(), [&](const json& element) {
                 return fits(element, wanted, name == "$alli");
               });
             });
    }
    return false;
  }

  [[nodiscard]] const json& group(const json& name) const {
    static const json none = json::array();
    const std::string key = script_text(name);
    const bool found = groups_.is_object() && groups_.contains(key) && groups_[key].is_array();
    return found ? groups_[key] : none;
  }

  const json& groups_;
};

}  // namespace

const json& attribute_at(const json& attributes, std::string_view path) {
  static const json none;
  const json* value = &attributes;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t dot = std::min(path.find('.', start), path.size());
    const std::string name(path.substr(start, dot - start));
    if (!value->is_object() || !value->contains(name)) return none;
    value = &(*value)[name];
    start = dot + 1;
  }
  return *value;
}

bool fulfils(const json& attributes, const json& condition, const json& groups) {
  return Evaluation(groups).fulfils(attributes, condition);
}

}  // namespace vitrine::assignment
