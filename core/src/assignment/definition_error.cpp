#include "vitrine/assignment/definition_error.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <set>

#include "vitrine/assignment/definition.h"
#include "vitrine/assignment/json_text.h"

namespace vitrine::assignment {
namespace {

using nlohmann::json;

DefinitionError refuse(const std::string& where, const std::string& wanted, const json& value) {
  return {.field = "experiments" + where, .wanted = wanted, .found = json_text(value)};
}

/// Formats an index: "[3]".
std::string place(std::size_t index) {
  return std::string("[").append(std::to_string(index)) + ']';
}

bool is_text(const json& value) { return value.is_string(); }
bool is_name(const json& value) {
  return value.is_string() && !value.get_ref<const std::string&>().empty();
}
bool is_flag(const json& value) { return value.is_boolean(); }
bool is_version(const json& value) { return value == 1 || value == 2; }
bool is_share(const json& value) {
  return value.is_number() && value.get<double>() >= 0.0 && value.get<double>() <= 1.0;
}
bool is_count(const json& value) {
  return value.is_number_unsigned() && value.get<std::uint64_t>() <= 1'000'000;
}

using Check = bool (*)(const json&);

bool is_list(const json& value, Check check) {
  return value.is_array() && std::all_of(value.begin(), value.end(), check);
}

bool is_ranges(const json& value) {
  return is_list(value,
                 [](const json& range) { return range.size() == 2 && is_list(range, is_share); });
}

/// Returns a field of an object, or null when it is missing.
const json& field(const json& object, const char* name) {
  static const json none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

bool has(const json& object, const char* name, Check check, bool required = false) {
  const json& value = field(object, name);
  return value.is_null() ? !required : check(value);
}

bool is_ramp(const json& value) {
  if (!value.is_array() || value.empty()) return false;
  std::optional<std::int64_t> last;
  for (const json& step : value) {
    if (!step.is_object() || !has(step, "from", is_text, true) ||
        !has(step, "coverage", is_share, true)) {
      return false;
    }
    const auto time = parse_utc(step["from"]);
    if (!time || (last && *time <= *last)) return false;
    last = time;
  }
  return true;
}

bool adds_up(const json& weights) {
  if (!is_list(weights, is_share)) return false;
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0,
                                     [](double a, const json& b) { return a + b.get<double>(); });
  return sum >= 0.99 && sum <= 1.01;
}

bool is_amount(const json& value, double most) {
  return value.is_number() && value.get<double>() >= 0.01 && value.get<double>() <= most;
}

/// Checks a bandit by itself. The number of its priors is checked in bandit_error.
bool is_bandit(const json& value) {
  return value.is_object() &&
         (field(value, "method") == "thompson" || field(value, "method") == "epsilon-greedy") &&
         has(value, "priors",
             [](const json& priors) {
               return is_list(priors, [](const json& pair) {
                 return pair.size() == 2 &&
                        is_list(pair, [](const json& one) { return is_amount(one, 1e6); });
               });
             }) &&
         has(value, "epsilon", is_share) &&
         has(value, "hours", [](const json& hours) { return is_amount(hours, 8760.0); });
}

struct Field {
  const char* name;
  const char* wanted;
  Check check;
  bool required = false;
  bool one_for_each_variation = false;
};

/// In the order in which they are checked.
constexpr Field kFields[] = {
    {"key", "a text", is_name, true},
    {"variations", "a list of at least two",
     [](const json& value) { return value.is_array() && value.size() >= 2; }, true},
    {"meta", "an object with \"key\" and \"name\" for each variation",
     [](const json& value) {
       return is_list(value, [](const json& one) {
         return one.is_object() && has(one, "key", is_text) && has(one, "name", is_text);
       });
     },
     false, true},
    {"seed", "a text", is_text},
    {"hashVersion", "1 or 2", is_version},
    {"hashAttribute", "a text", is_name},
    {"fallbackAttribute", "a text", is_name},
    {"coverage", "a number from 0 to 1", is_share},
    {"ramp", R"(a list of {"from": "2026-03-01", "coverage": 0.1}, in the order of time)", is_ramp},
    {"weights", "a share for each variation, 1 together", adds_up, false, true},
    {"ranges", "[start, end] for each variation, from 0 to 1", is_ranges, false, true},
    {"namespace", "[name, start, end]",
     [](const json& value) {
       return value.is_array() && value.size() == 3 && is_name(value[0]) && is_share(value[1]) &&
              is_share(value[2]);
     }},
    {"filters", R"(a list of {"seed": text, "ranges": [[start, end]]})",
     [](const json& value) {
       return is_list(value, [](const json& one) {
         return one.is_object() && has(one, "seed", is_text, true) &&
                has(one, "ranges", is_ranges, true) && has(one, "attribute", is_name) &&
                has(one, "hashVersion", is_version);
       });
     }},
    {"holdout", "the key of another experiment", is_name},
    {"condition", "an object", [](const json& value) { return value.is_object(); }},
    {"parentConditions", R"(a list of {"id": text, "condition": object})",
     [](const json& value) {
       return is_list(value, [](const json& one) {
         return one.is_object() && has(one, "id", is_name, true) &&
                has(one, "condition", [](const json& c) { return c.is_object(); }, true);
       });
     }},
    {"force", "the index of a variation", is_count},
    {"active", "true or false", is_flag},
    {"status", "draft, running or stopped",
     [](const json& value) {
       return value == "draft" || value == "running" || value == "stopped";
     }},
    {"bucketVersion", "a whole number", is_count},
    {"minBucketVersion", "a whole number", is_count},
    {"disableStickyBucketing", "true or false", is_flag},
    {"bandit",
     "an object with \"method\", thompson or epsilon-greedy, and perhaps \"priors\" [a, b] above "
     "0 "
     "for each variation, \"epsilon\" from 0 to 1 and \"hours\"",
     is_bandit},
};

/// Checks the fields next to a bandit. Precondition: each field is valid by itself.
std::optional<DefinitionError> bandit_error(const json& entry, const std::string& at) {
  const json& bandit = field(entry, "bandit");
  if (bandit.is_null()) return std::nullopt;
  const json& priors = field(bandit, "priors");
  if (!priors.is_null() && priors.size() != entry["variations"].size()) {
    return refuse(at + ".bandit.priors", "two numbers for each variation", priors);
  }
  for (const char* name : {"weights", "ranges"}) {
    const json& value = field(entry, name);
    if (!value.is_null()) {
      return refuse(at + "." + name, "absent beside a \"bandit\", which has \"priors\"", value);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string DefinitionError::text() const {
  return '"' + field + "\" must be " + wanted + ", not " + found + '.';
}

std::optional<DefinitionError> definition_error(const json& list) {
  if (!list.is_array()) return refuse("", "a list", list);
  std::set<std::string> keys;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json& entry = list[i];
    const std::string at = place(i);
    if (!entry.is_object()) return refuse(at, "an object", entry);
    for (const Field& one : kFields) {
      const json& value = field(entry, one.name);
      if (value.is_null() && !one.required) continue;
      const bool each = !one.one_for_each_variation || value.size() == entry["variations"].size();
      if (!one.check(value) || !each) return refuse(at + "." + one.name, one.wanted, value);
    }
    const json& force = field(entry, "force");
    if (!force.is_null() && force.get<std::size_t>() >= entry["variations"].size()) {
      return refuse(at + ".force", "the index of a variation", force);
    }
    if (auto error = bandit_error(entry, at)) return error;
    if (!keys.insert(entry["key"]).second) {
      return refuse(at + ".key", "a key that no other experiment has", entry["key"]);
    }
  }
  const auto is_holdout = [&](const json& key) {
    return std::any_of(list.begin(), list.end(), [&](const json& other) {
      return other["key"] == key && field(other, "holdout").is_null();
    });
  };
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json& holdout = field(list[i], "holdout");
    if (!holdout.is_null() && (holdout == list[i]["key"] || !is_holdout(holdout))) {
      return refuse(place(i) + ".holdout", "the key of another experiment without a holdout",
                    holdout);
    }
  }
  return std::nullopt;
}

}  // namespace vitrine::assignment
