#include "analysis/analysis_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <span>

#include "assignment/check_experiments.h"
#include "base/error.h"
#include "vitrine/assignment/definition.h"

namespace vitrine::analysis {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 3> kKinds = {"conversion", "sum", "ratio"};
constexpr std::array<std::string_view, 3> kRoles = {"goal", "guardrail", "secondary"};
constexpr std::array<std::string_view, 3> kAdjustments = {"none", "holm", "benjamini-hochberg"};

[[noreturn]] void refuse(const std::string& key, const json& value, std::string_view wanted) {
  throw base::Error(base::ExitCode::kUsage,
                    fmt::format("The configuration's \"{}\" must be {}, not {}.", key, wanted,
                                value.dump(-1, ' ', false, json::error_handler_t::replace)));
}

void reject_unknown(const json& object, const std::string& at,
                    std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw base::Error(base::ExitCode::kUsage,
                      fmt::format("The configuration has an unknown key \"{}{}\". Known here: {}.",
                                  at, key, fmt::join(known.begin(), known.end(), ", ")));
  }
}

/// Reads the fields of one object, and knows its path for messages.
class Fields {
 public:
  Fields(const json& object, std::string at) : object_(object), at_(std::move(at)) {}

  [[nodiscard]] bool has(const char* name) const {
    return object_.contains(name) && !object_[name].is_null();
  }
  [[nodiscard]] json get(const char* name) const { return object_.value(name, json()); }
  [[noreturn]] void refuse(const char* name, std::string_view wanted) const {
    analysis::refuse(at_ + name, get(name), wanted);
  }

  void text(const char* name, std::string& to) const {
    if (!has(name)) return;
    if (!get(name).is_string() || get(name) == "") refuse(name, "a text");
    to = get(name);
  }
  void number(const char* name, double low, double high, double& to) const {
    if (!has(name)) return;
    const json value = get(name);
    if (!value.is_number() || !(value.get<double>() >= low) || !(value.get<double>() <= high)) {
      refuse(name, fmt::format("a number from {} to {}", low, high));
    }
    to = value;
  }
  void time(const char* name, std::int64_t& to) const {
    if (!has(name)) return;
    const auto time = get(name).is_string() ? assignment::parse_utc(get(name)) : std::nullopt;
    if (!time) refuse(name, "a time such as 2026-03-01 or 2026-03-01T08:00:00Z");
    to = *time / 1000;
  }
  /// Reads a word, and sets `to` to its index in `words`.
  void choice(const char* name, std::span<const std::string_view> words, std::size_t& to) const {
    if (!has(name)) return;
    const auto found = std::find(words.begin(), words.end(), get(name));
    if (found == words.end()) refuse(name, fmt::format("one of {}", fmt::join(words, ", ")));
    to = static_cast<std::size_t>(found - words.begin());
  }
  void texts(const char* name, std::vector<std::string>& to) const {
    if (!has(name)) return;
    const json list = get(name);
    const bool fits = list.is_array() && std::all_of(list.begin(), list.end(), [](const json& one) {
                        return one.is_string() && one != "";
                      });
    if (!fits) refuse(name, "a list of texts");
    to = list.get<std::vector<std::string>>();
  }

 private:
  const json& object_;
  std::string at_;
};

EventSum read_sum(const json& object, const std::string& at) {
  if (!object.is_object()) refuse(at, object, "an object with \"event\"");
  EventSum sum;
  const Fields fields(object, at + ".");
  fields.text("event", sum.event);
  fields.text("value", sum.value);
  if (sum.event.empty()) refuse(at + ".event", json(), "a word for events of the log");
  return sum;
}

MetricDefinition read_metric(const json& entry, const std::string& at) {
  if (!entry.is_object()) refuse(at, entry, "an object");
  MetricDefinition metric;
  const Fields fields(entry, at + ".");
  fields.text("name", metric.name);
  if (metric.name.empty()) fields.refuse("name", "a text");
  std::size_t kind = 0;
  std::size_t role = 0;
  std::size_t better = 0;
  fields.choice("type", kKinds, kind);
  fields.choice("role", kRoles, role);
  fields.choice("better", std::array<std::string_view, 2>{"more", "less"}, better);
  metric.kind = static_cast<MetricKind>(kind);
  metric.role = static_cast<MetricRole>(role);
  metric.more_is_better = better == 0;
  if (metric.kind == MetricKind::kRatio) {
    reject_unknown(entry, at + ".", {"name", "type", "role", "better", "numerator", "denominator"});
    metric.numerator = read_sum(fields.get("numerator"), at + ".numerator");
    metric.denominator = read_sum(fields.get("denominator"), at + ".denominator");
    return metric;
  }
  reject_unknown(entry, at + ".",
                 {"name", "type", "role", "better", "event", "value", "cap", "cap_quantile"});
  metric.numerator = read_sum(entry, at);
  fields.number("cap", 1e-9, 1e12, metric.cap);
  fields.number("cap_quantile", 0.5, 1.0, metric.cap_quantile);
  if (metric.kind == MetricKind::kConversion && fields.has("value")) {
    fields.refuse("value", "absent, for a conversion only counts whether there was an event");
  }
  return metric;
}

void read_metrics(const json& list, AnalysisConfig& config) {
  if (!list.is_array() || list.empty()) refuse("metrics", list, "a list of metrics");
  std::set<std::string> names;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = fmt::format("metrics[{}]", i);
    config.metrics.push_back(read_metric(list[i], at));
    if (!names.insert(config.metrics.back().name).second) {
      refuse(at + ".name", config.metrics.back().name, "a name that no other metric has");
    }
  }
}

/// Reads variations and weights from the definition, or from the configuration.
void read_arms(const Fields& fields, AnalysisConfig& config) {
  if (fields.has("definition")) {
    const json definition = fields.get("definition");
    assignment::check_experiments(json::array({definition}));
    config.definition = assignment::experiment_from(definition);
    const assignment::Experiment& experiment = *config.definition;
    if (experiment.bandit) {
      fields.refuse("definition",
                    "an experiment without a \"bandit\", whose units see several variations; judge "
                    "a bandit with `vitrine replay --experiment KEY`");
    }
    config.variations = experiment.variation_names;
    config.weights = experiment.weights;
    if (config.experiment.empty()) config.experiment = experiment.key;
    if (config.experiment != experiment.key) {
      fields.refuse("experiment", fmt::format("\"{}\", the key of \"definition\"", experiment.key));
    }
  }
  fields.texts("variations", config.variations);
  const std::set<std::string> names(config.variations.begin(), config.variations.end());
  if (names.size() < 2 || names.size() != config.variations.size()) {
    fields.refuse("variations", "a list of at least two names, the control first");
  }
  if (fields.has("weights")) {
    const json list = fields.get("weights");
    const bool fits = list.is_array() && list.size() == config.variations.size() &&
                      std::all_of(list.begin(), list.end(), [](const json& weight) {
                        return weight.is_number() && weight.get<double>() > 0.0;
                      });
    if (!fits) fields.refuse("weights", "a share above 0 for each variation, 1 together");
    config.weights = list.get<std::vector<double>>();
    const double sum = std::accumulate(config.weights.begin(), config.weights.end(), 0.0);
    if (std::fabs(sum - 1.0) > 0.01) {
      fields.refuse("weights", "a share above 0 for each variation, 1 together");
    }
  }
  if (config.weights.empty()) config.weights.assign(config.variations.size(), 1.0);
  if (*std::min_element(config.weights.begin(), config.weights.end()) <= 0.0) {
    fields.refuse("weights", "above 0 for every variation that is analyzed");
  }
  const double sum = std::accumulate(config.weights.begin(), config.weights.end(), 0.0);
  for (double& weight : config.weights) weight /= sum;
}

}  // namespace

std::string_view words(MetricKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }
std::string_view words(MetricRole role) { return kRoles[static_cast<std::size_t>(role)]; }
std::string_view words(Adjustment adjustment) {
  return kAdjustments[static_cast<std::size_t>(adjustment)];
}

std::vector<MetricDefinition> usual_metrics() {
  return {{.name = "conversion", .numerator = {.event = "purchase", .value = ""}},
          {.name = "revenue",
           .kind = MetricKind::kSum,
           .role = MetricRole::kSecondary,
           .numerator = {.event = "purchase", .value = "revenue"}},
          {.name = "carts",
           .kind = MetricKind::kSum,
           .role = MetricRole::kSecondary,
           .numerator = {.event = "cart", .value = ""}},
          {.name = "views",
           .kind = MetricKind::kSum,
           .role = MetricRole::kSecondary,
           .numerator = {.event = "view", .value = ""}}};
}

AnalysisConfig parse_analysis_config(const json& json_config) {
  if (!json_config.is_object()) {
    throw base::Error(base::ExitCode::kUsage, "The configuration must be a JSON object.");
  }
  reject_unknown(json_config, "",
                 {"experiment", "variations", "weights", "definition", "from", "until",
                  "window_days", "most_exposures", "metrics", "alpha", "adjust", "looks", "tuning",
                  "cuped_days", "segments", "prior"});
  AnalysisConfig config;
  const Fields fields(json_config, "");
  fields.text("experiment", config.experiment);
  read_arms(fields, config);
  if (config.experiment.empty()) fields.refuse("experiment", "the key of an experiment");
  fields.time("from", config.from);
  // Nobody is assigned before the first step of a ramp.
  if (!fields.has("from") && config.definition && !config.definition->ramp.empty()) {
    config.from = config.definition->ramp.front().from / 1000;
  }
  fields.time("until", config.until);
  if (config.until != 0 && config.until <= config.from) {
    fields.refuse("until", "a time after \"from\"");
  }
  fields.number("window_days", 0.0, 3650.0, config.window_days);
  double most = static_cast<double>(config.most_exposures);
  fields.number("most_exposures", 1.0, 1e9, most);
  config.most_exposures = static_cast<std::uint64_t>(most);
  if (fields.has("metrics")) {
    read_metrics(fields.get("metrics"), config);
  } else {
    config.metrics = usual_metrics();
  }
  fields.number("alpha", 1e-6, 0.5, config.alpha);
  std::size_t adjustment = static_cast<std::size_t>(config.adjustment);
  fields.choice("adjust", kAdjustments, adjustment);
  config.adjustment = static_cast<Adjustment>(adjustment);
  std::size_t looks = 0;
  fields.choice("looks", std::array<std::string_view, 2>{"any", "once"}, looks);
  config.any_looks = looks == 0;
  fields.number("tuning", 10.0, 1e12, config.tuning);
  fields.number("cuped_days", 0.0, 3650.0, config.cuped_days);
  fields.texts("segments", config.segments);
  if (fields.has("prior")) {
    const json prior = fields.get("prior");
    if (!prior.is_object()) fields.refuse("prior", "an object with \"mean\" and \"sd\"");
    reject_unknown(prior, "prior.", {"mean", "sd"});
    config.prior.emplace();
    const Fields parts(prior, "prior.");
    parts.number("mean", -1e6, 1e6, config.prior->mean);
    parts.number("sd", 1e-9, 1e6, config.prior->sd);
  }
  return config;
}

}  // namespace vitrine::analysis
