#include "recommend/training/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <string_view>

#include "assignment/check_experiments.h"
#include "base/error.h"
#include "data/event_kind.h"

namespace vitrine::recommend {
namespace {

using nlohmann::json;

/// Walks all options once; reading and writing a configuration are the same walk.
/// `visit(section, name, value)` is called for each.
template <typename Options, typename Visit>
void visit_options(Options& options, const Visit& visit) {
  visit("statistics", "popularity_half_life_days", options.statistics.popularity_half_life_days);
  visit("statistics", "session_half_life_days", options.statistics.session_half_life_days);
  visit("statistics", "past_decay", options.statistics.past_decay);
  visit("statistics", "future_decay", options.statistics.future_decay);
  visit("statistics", "window", options.statistics.window);
  visit("statistics", "longest_session", options.statistics.longest_session);
  visit("statistics", "kind_weights", options.statistics.kind_weights);
  visit("statistics", "markets", options.markets);
  visit("privacy", "min_shoppers", options.statistics.min_shoppers);
  visit("session_rows", "alpha", options.rows.alpha);
  visit("session_rows", "ridge", options.rows.ridge);
  visit("session_rows", "sources", options.rows.sources);
  visit("teacher", "weight", options.rows.teacher);
  visit("teacher", "epochs", options.teacher.epochs);
  visit("teacher", "dims", options.teacher.dims);
  visit("teacher", "examples", options.teacher.examples);
  visit("teacher", "negatives", options.teacher.negatives);
  visit("teacher", "dropout", options.teacher.dropout);
  visit("teacher", "temperature", options.teacher.temperature);
  visit("embeddings", "dims", options.als.dims);
  visit("embeddings", "sweeps", options.als.sweeps);
  visit("embeddings", "alpha", options.als.alpha);
  visit("embeddings", "lambda", options.als.lambda);
  visit("embeddings", "residuals", options.als.residuals);
  visit("ranking", "tune", options.tune);
  visit("ranking", "tune_minutes", options.tune_minutes);
  for (const layout::Signal& signal : layout::kSignals) {
    const char* const name = signal.weight.data();
    visit("ranking", name, layout::weight_of(options.settings.recommend, signal));
    visit("similar", name, layout::weight_of(options.settings.similar, signal));
  }
  visit("ranking", "row_decay", options.settings.row_decay);
  visit("ranking", "session_decay", options.settings.session_decay);
  visit("ranking", "opening_decay", options.settings.opening_decay);
  visit("ranking", "repeat_weight", options.settings.repeat_weight);
  visit("ranking", "return_weight", options.settings.return_weight);
  visit("ranking", "embedding_decay", options.settings.embedding_decay);
  visit("neighbours", "entries", options.neighbours.entries);
  visit("neighbours", "share", options.neighbours.share);
  visit("neighbours", "m", options.settings.neighbours.sessions);
  visit("neighbours", "k", options.settings.neighbours.neighbours);
  visit("neighbours", "last_n", options.settings.neighbours.events);
  visit("neighbours", "reach", options.settings.neighbours.reach);
  visit("neighbours", "idf", options.settings.neighbours.idf);
  visit("content", "neighbours", options.content.neighbours);
  visit("content", "weight", options.content.weight);
  visit("budget", "max_bytes", options.max_bytes);
  visit("budget", "raw", options.raw_bytes);
}

/// Finds unknown keys, so that a misspelt one is reported.
void reject_unknown(const json& config, const json& known, const std::string& at) {
  for (const auto& [key, value] : config.items()) {
    const std::string path = at.empty() ? key : at + "." + key;
    if (path == "experiments") continue;
    if (!known.contains(key)) {
      std::string keys;
      for (const auto& [name, unused] : known.items()) keys += (keys.empty() ? "" : ", ") + name;
      throw base::Error(
          base::ExitCode::kUsage,
          fmt::format("The configuration has an unknown key \"{}\". Known here: {}.", path, keys));
    }
    if (known[key].is_object()) {
      if (!value.is_object()) {
        throw base::Error(base::ExitCode::kUsage,
                          fmt::format("The configuration's \"{}\" must be an object.", path));
      }
      reject_unknown(value, known[key], path);
    }
  }
}

[[noreturn]] void refuse(std::string_view key, const json& value, std::string_view wanted) {
  throw base::Error(
      base::ExitCode::kUsage,
      fmt::format("The configuration's \"{}\" must be {}, not {}.", key, wanted, value.dump()));
}

// The conversions of the JSON library would accept true for 1, 1.5 for 1 and -1 for four billion.
void read(std::string_view key, const json& from, bool& value) {
  if (!from.is_boolean()) refuse(key, from, "true or false");
  value = from.get<bool>();
}

template <std::unsigned_integral T>
void read(std::string_view key, const json& from, T& value) {
  const bool fits = from.is_number_integer() &&
                    (from.is_number_unsigned() || from.get<std::int64_t>() >= 0) &&
                    from.get<std::uint64_t>() <= std::numeric_limits<T>::max();
  if (!fits) refuse(key, from, "a whole number, not negative");
  value = from.get<T>();
}

template <std::floating_point T>
void read(std::string_view key, const json& from, T& value) {
  if (!from.is_number() || !std::isfinite(from.get<T>())) refuse(key, from, "a number");
  value = from.get<T>();
}

template <typename T, std::size_t N>
void read(std::string_view key, const json& from, std::array<T, N>& values) {
  if (!from.is_array() || from.size() != N)
    refuse(key, from, fmt::format("a list of {} numbers", N));
  for (std::size_t i = 0; i < N; ++i) read(key, from[i], values[i]);
}

/// Throws Error(kUsage) when `value` does not lie between the bounds, both of them allowed.
template <typename T>
void check(std::string_view key, T value, T low, T high) {
  if (value >= low && value <= high) return;
  throw base::Error(base::ExitCode::kUsage,
                    fmt::format("The configuration's \"{}\" is {}; it must lie between {} and {}.",
                                key, value, low, high));
}

/// The same without the lower bound, and without the upper one if it is `open`.
template <typename T>
void check_above(std::string_view key, T value, T low, T high, bool open = false) {
  if (value > low && (open ? value < high : value <= high)) return;
  throw base::Error(
      base::ExitCode::kUsage,
      fmt::format("The configuration's \"{}\" is {}; it must lie between {} and {}{}.", key, value,
                  low, high, open ? ", without these" : fmt::format(", without {}", low)));
}

constexpr float kLarge = 1e6F;  // of anything that is a weight: more is a slip

void check_statistics(const statistics::StatisticsOptions& options) {
  check("statistics.popularity_half_life_days", options.popularity_half_life_days, 0.0, 1e6);
  check("statistics.session_half_life_days", options.session_half_life_days, 0.0, 1e6);
  check_above("statistics.past_decay", options.past_decay, 0.0, 1.0, true);
  check_above("statistics.future_decay", options.future_decay, 0.0, 1.0, true);
  check("statistics.window", options.window, 1U, 100U);
  check("statistics.longest_session", options.longest_session, 1U, 1000000U);
  // Shoppers of a pair are told apart by 64 bits.
  check("privacy.min_shoppers", options.min_shoppers, 0U, kMostMinShoppers);
  for (const double weight : options.kind_weights) {
    check("statistics.kind_weights", weight, 0.0, 1e6);
  }
}

void check_ranking(const layout::Settings& settings) {
  for (const layout::Signal& signal : layout::kSignals) {
    check(fmt::format("ranking.{}", signal.weight), layout::weight_of(settings.recommend, signal),
          0.0F, kLarge);
    check(fmt::format("similar.{}", signal.weight), layout::weight_of(settings.similar, signal),
          0.0F, kLarge);
  }
  check_above("ranking.row_decay", settings.row_decay, 0.0F, 1.0F);
  check("ranking.session_decay", settings.session_decay, 0.0F, 1.0F);
  check("ranking.opening_decay", settings.opening_decay, 0.0F, 1.0F);
  check("ranking.repeat_weight", settings.repeat_weight, 0.0F, kLarge);
  check("ranking.return_weight", settings.return_weight, 0.0F, kLarge);
  check_above("ranking.embedding_decay", settings.embedding_decay, 0.0F, 1.0F);
}

void check_neighbours(const TrainOptions& options) {
  const layout::NeighbourSettings& settings = options.settings.neighbours;
  check("neighbours.share", options.neighbours.share, 0.0F, 1.0F);
  check("neighbours.m", settings.sessions, 1U, layout::kMaxSimilarSessions);
  check("neighbours.k", settings.neighbours, 1U, settings.sessions);
  check("neighbours.last_n", settings.events, 1U, layout::kMaxNeighbourEvents);
  check("neighbours.reach", settings.reach, 1U, layout::kMaxNeighbourReach);
  check("neighbours.idf", settings.idf, 0.0F, 1.0F);
}

}  // namespace

void apply_config(const json& config, TrainOptions& options) {
  if (!config.is_object())
    throw base::Error(base::ExitCode::kUsage, "The configuration must be a JSON object.");
  reject_unknown(config, options, "");
  visit_options(options, [&](const char* section, const char* name, auto& value) {
    if (!config.contains(section) || !config[section].contains(name)) return;
    read(fmt::format("{}.{}", section, name), config[section][name], value);
  });
  if (const auto experiments = config.find("experiments"); experiments != config.end()) {
    assignment::check_experiments(*experiments);
    options.experiments = {{"experiments", *experiments}};
  }
  check_statistics(options.statistics);
  check("session_rows.alpha", options.rows.alpha, 0.0F, 1.0F);
  check_above("session_rows.ridge", options.rows.ridge, 0.0F, 1e9F);
  check("session_rows.sources", options.rows.sources, 1U, 2000U);
  check("teacher.weight", options.rows.teacher, 0.0F, kLarge);
  check("teacher.epochs", options.teacher.epochs, 0U, 1000U);
  check("teacher.examples", options.teacher.examples, std::uint64_t{1},
        std::uint64_t{1'000'000'000});
  check("teacher.dims", options.teacher.dims, 1U, 1024U);
  check("teacher.negatives", options.teacher.negatives, 1U, 65536U);
  check("teacher.dropout", options.teacher.dropout, 0.0F, 0.9F);
  check("teacher.temperature", options.teacher.temperature, 0.01F, 1.0F);
  check("embeddings.dims", options.als.dims, 0U, layout::kMaxDims);
  check("embeddings.sweeps", options.als.sweeps, 1U, 1000U);
  check_above("embeddings.alpha", options.als.alpha, 0.0F, kLarge);
  check_above("embeddings.lambda", options.als.lambda, 0.0F, kLarge);
  check("ranking.tune_minutes", options.tune_minutes, 0.0, 1e5);
  check_ranking(options.settings);
  check_neighbours(options);
  check("content.neighbours", options.content.neighbours, 0U, 1000U);
  check("content.weight", options.content.weight, 0.0F, kLarge);
}

void to_json(json& out, const TrainOptions& options) {
  out = json::object();
  visit_options(options, [&](const char* section, const char* name, const auto& value) {
    out[section][name] = value;
  });
}

}  // namespace vitrine::recommend
