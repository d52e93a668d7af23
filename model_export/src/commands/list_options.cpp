#include "commands/list_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <string_view>

#include "base/error.h"
#include "base/input.h"
#include "base/json.h"

namespace vitrine::commands {
namespace {

constexpr std::uint32_t kUnknown = 0xFFFFFFFF;

base::Error unusable(const std::string& what) {
  return {base::ExitCode::kDataUnusable, fmt::format("--options: {}. See docs/sdk.md.", what)};
}

/// Returns the object at `name`, or an empty one.
nlohmann::json object(const nlohmann::json& parent, const char* name) {
  const nlohmann::json found = parent.value(name, nlohmann::json::object());
  if (!found.is_object()) throw unusable(fmt::format("\"{}\" must be an object", name));
  return found;
}

/// Throws for a key that is none of `known`: a misspelt wish would silently not be granted.
void check_keys(const nlohmann::json& object, const std::string& where,
                std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw unusable(fmt::format("there is no option \"{}\"{}; it has {}", key, where,
                               fmt::join(known.begin(), known.end(), ", ")));
  }
}

double number(const nlohmann::json& parent, const char* name, double least, double most,
              double otherwise) {
  if (!parent.contains(name)) return otherwise;
  const nlohmann::json& found = parent[name];
  if (!found.is_number() || !(found.get<double>() >= least) || !(found.get<double>() <= most)) {
    throw unusable(fmt::format("\"{}\" must be a number from {} to {}", name, least, most));
  }
  return found.get<double>();
}

std::optional<bool> flag(const nlohmann::json& parent, const char* name) {
  if (!parent.contains(name)) return std::nullopt;
  if (!parent[name].is_boolean()) throw unusable(fmt::format("\"{}\" must be true or false", name));
  return parent[name].get<bool>();
}

/// One string or a list of them.
std::vector<std::string> texts(const nlohmann::json& parent, const char* name) {
  const nlohmann::json found = parent.value(name, nlohmann::json::array());
  if (found.is_string()) return {found.get<std::string>()};
  const auto is_text = [](const nlohmann::json& text) { return text.is_string(); };
  if (!found.is_array() || !std::all_of(found.begin(), found.end(), is_text)) {
    throw unusable(fmt::format("\"{}\" must be a list of texts", name));
  }
  return found.get<std::vector<std::string>>();
}

std::vector<std::uint32_t> look_up(const StringTable& table,
                                   const std::vector<std::string>& names) {
  std::vector<std::uint32_t> found;
  for (const std::string& name : names) found.push_back(table.find(name).value_or(kUnknown));
  return found;
}

std::vector<std::uint32_t> known_items(const Bundle& bundle, const std::vector<std::string>& ids) {
  std::vector<std::uint32_t> items;
  for (const std::string& id : ids) {
    if (const auto item = bundle.ids().find(id)) items.push_back(*item);
  }
  return items;
}

}  // namespace

ListOptions::ListOptions(const nlohmann::json& options, const Bundle& bundle) {
  if (!options.is_object()) throw unusable("they must be an object");
  check_keys(options, "",
             {"rules", "diversity", "explore", "context", "filter", "exclude", "excludeSeen",
              "limit", "explain"});
  const nlohmann::json diversity = object(options, "diversity");
  check_keys(diversity, " of \"diversity\"", {"lambda", "perCategory", "perBrand"});
  plan_.diversity.relevance = static_cast<float>(number(diversity, "lambda", 0, 1, 1));
  plan_.diversity.per_category =
      static_cast<std::uint32_t>(number(diversity, "perCategory", 0, 0xFFFF, 0));
  plan_.diversity.per_brand =
      static_cast<std::uint32_t>(number(diversity, "perBrand", 0, 0xFFFF, 0));
  const nlohmann::json explore = object(options, "explore");
  check_keys(explore, " of \"explore\"", {"epsilon", "power", "seed"});
  const double power = std::round(number(explore, "power", 1, kMaxPower, 0));
  const double epsilon = number(explore, "epsilon", 0, 1, 0);
  plan_.exploration = power > 0     ? Exploration::kPlackettLuce
                      : epsilon > 0 ? Exploration::kEpsilon
                                    : Exploration::kNone;
  plan_.strength = static_cast<float>(power > 0 ? power : epsilon);
  plan_.seed = static_cast<std::uint64_t>(number(explore, "seed", 0, 0x1p53, 0));
  const nlohmann::json rules = options.value("rules", nlohmann::json::array());
  if (!rules.is_array()) throw unusable("\"rules\" must be a list");
  for (const nlohmann::json& rule : rules) add_rule(rule, bundle);
  std::stable_sort(pins_.begin(), pins_.end(),
                   [](const Pin& a, const Pin& b) { return a.place < b.place; });
  plan_.pins = pins_;
  names_.emplace_back("context");
  const nlohmann::json context = object(options, "context");
  check_keys(context, " of \"context\"", {"landingProduct", "category", "country"});
  const std::vector<std::string> landing = texts(context, "landingProduct");
  if (!landing.empty()) context_.landing = bundle.ids().find(landing.front());
  const std::vector<std::string> country = texts(context, "country");
  if (!country.empty()) {
    context_.market =
        bundle.markets().of(bundle.markets().names.find(country.front()).value_or(kUnknown));
  }
  context_.categories = keep(look_up(bundle.catalog().categories(), texts(context, "category")));
  const nlohmann::json filter = object(options, "filter");
  check_keys(filter, " of \"filter\"",
             {"category", "brand", "minPrice", "maxPrice", "includeUnavailable"});
  filter_ = read_filter(filter, bundle);
  include_unavailable_ = flag(filter, "includeUnavailable");
  exclude_ = known_items(bundle, texts(options, "exclude"));
  exclude_seen_ = flag(options, "excludeSeen");
  if (options.contains("limit")) {
    limit_ = static_cast<std::size_t>(number(options, "limit", 0, 10'000, 0));
  }
}

ListRequest ListOptions::request(ListMode mode) const {
  ListRequest request = ListRequest::of(mode);
  const bool available_only = request.filter.available_only;
  request.filter = filter_;
  request.filter.available_only = include_unavailable_ ? !*include_unavailable_ : available_only;
  request.exclude_seen = exclude_seen_.value_or(request.exclude_seen);
  request.exclude = exclude_;
  request.context = context_;
  request.rules = rules_;
  request.plan = &plan_;
  return request;
}

Filter ListOptions::read_filter(const nlohmann::json& wanted, const Bundle& bundle) {
  constexpr double kMost = std::numeric_limits<float>::max();
  constexpr double kNoLimit = std::numeric_limits<double>::infinity();
  return {.categories = keep(look_up(bundle.catalog().categories(), texts(wanted, "category"))),
          .brands = keep(look_up(bundle.catalog().brands(), texts(wanted, "brand"))),
          .min_price = static_cast<float>(number(wanted, "minPrice", 0, kMost, 0)),
          .max_price = static_cast<float>(number(wanted, "maxPrice", 0, kMost, kNoLimit)),
          .available_only = false};
}

std::span<const std::uint32_t> ListOptions::keep(std::vector<std::uint32_t> list) {
  lists_.push_back(std::make_unique<std::vector<std::uint32_t>>(std::move(list)));
  return *lists_.back();
}

void ListOptions::add_rule(const nlohmann::json& rule, const Bundle& bundle) {
  if (!rule.is_object()) throw unusable("each of \"rules\" must be an object");
  check_keys(
      rule, " of a rule",
      {"name", "boost", "demote", "pin", "items", "category", "brand", "minPrice", "maxPrice"});
  std::vector<std::uint32_t> items = known_items(bundle, texts(rule, "items"));
  if (rule.contains("pin")) {
    auto place = static_cast<std::uint32_t>(number(rule, "pin", 0, 10'000, 0));
    for (const std::uint32_t item : items) pins_.push_back({.place = place++, .item = item});
  }
  const double factor = number(rule, "boost", 1e-6, 1e6, 1) / number(rule, "demote", 1e-6, 1e6, 1);
  if (factor == 1.0 || (rule.contains("items") && items.empty())) return;
  if (rules_.size() == kMaxRules) throw unusable(fmt::format("more than {} rules", kMaxRules));
  std::sort(items.begin(), items.end());
  rules_.push_back({.items = keep(std::move(items)),
                    .when = read_filter(rule, bundle),
                    .factor = static_cast<float>(factor)});
  const std::vector<std::string> name = texts(rule, "name");
  names_.push_back(name.empty() ? "" : name.front());
}

std::unique_ptr<ListOptions> ListOptions::read(const std::string& path, const Bundle& bundle) {
  // The options themselves are as welcome as a file with them.
  const bool given = path.starts_with('{');
  return std::make_unique<ListOptions>(
      base::parse_json(given ? path : base::read_text(path), given ? "--options" : path,
                       base::ExitCode::kDataUnusable),
      bundle);
}

}  // namespace vitrine::commands
