#include "training/options.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "cli/error.h"
#include "ingest/event_kind.h"

namespace vitrine::train {
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
  visit("session_rows", "alpha", options.rows.alpha);
  visit("session_rows", "ridge", options.rows.ridge);
  visit("session_rows", "sources", options.rows.sources);
  visit("embeddings", "dims", options.als.dims);
  visit("embeddings", "sweeps", options.als.sweeps);
  visit("embeddings", "alpha", options.als.alpha);
  visit("embeddings", "lambda", options.als.lambda);
  visit("ranking", "tune", options.tune);
  visit("ranking", "session_rows", options.settings.recommend.session_rows);
  visit("ranking", "embeddings", options.settings.recommend.embeddings);
  visit("ranking", "popularity", options.settings.recommend.popularity);
  visit("ranking", "row_decay", options.settings.row_decay);
  visit("ranking", "repeat_weight", options.settings.repeat_weight);
  visit("ranking", "embedding_decay", options.settings.embedding_decay);
  visit("similar", "session_rows", options.settings.similar.session_rows);
  visit("similar", "embeddings", options.settings.similar.embeddings);
  visit("similar", "popularity", options.settings.similar.popularity);
  visit("budget", "max_bytes", options.max_bytes);
  visit("budget", "raw", options.raw_bytes);
}

/// Finds out which keys there are, so that a misspelt one is not passed over in silence.
void reject_unknown(const json& config, const json& known, const std::string& at) {
  for (const auto& [key, value] : config.items()) {
    const std::string path = at.empty() ? key : at + "." + key;
    if (path == "experiments") continue;
    if (!known.contains(key)) {
      std::string keys;
      for (const auto& [name, unused] : known.items()) keys += (keys.empty() ? "" : ", ") + name;
      throw Error(
          ExitCode::kUsage,
          fmt::format("The configuration has an unknown key \"{}\". Known here: {}.", path, keys));
    }
    if (known[key].is_object()) {
      if (!value.is_object()) {
        throw Error(ExitCode::kUsage,
                    fmt::format("The configuration's \"{}\" must be an object.", path));
      }
      reject_unknown(value, known[key], path);
    }
  }
}

void check_range(bool ok, std::string_view what) {
  if (!ok)
    throw Error(ExitCode::kUsage, fmt::format("The configuration is out of range: {}.", what));
}

}  // namespace

void apply_config(const json& config, TrainOptions& options) {
  if (!config.is_object())
    throw Error(ExitCode::kUsage, "The configuration must be a JSON object.");
  reject_unknown(config, to_json(options), "");
  visit_options(options, [&](const char* section, const char* name, auto& value) {
    if (!config.contains(section) || !config[section].contains(name)) return;
    try {
      config[section][name].get_to(value);
    } catch (const json::exception&) {
      throw Error(ExitCode::kUsage,
                  fmt::format("The configuration's \"{}.{}\" has the wrong type: {}.", section,
                              name, config[section][name].dump()));
    }
  });
  if (config.contains("experiments"))
    options.experiments = {{"experiments", config["experiments"]}};
  const StatisticsOptions& statistics = options.statistics;
  check_range(statistics.past_decay > 0 && statistics.past_decay < 1,
              "statistics.past_decay must lie in (0, 1)");
  check_range(statistics.future_decay > 0 && statistics.future_decay < 1,
              "statistics.future_decay must lie in (0, 1)");
  check_range(statistics.window >= 1 && statistics.window <= 100,
              "statistics.window must lie in 1..100");
  check_range(options.rows.alpha >= 0 && options.rows.alpha <= 1,
              "session_rows.alpha must lie in [0, 1]");
  check_range(options.rows.ridge > 0, "session_rows.ridge must be positive");
  check_range(options.rows.sources >= 1 && options.rows.sources <= 2000,
              "session_rows.sources must lie in 1..2000");
  check_range(options.als.dims <= layout::kMaxDims, "embeddings.dims must lie in 0..256");
  check_range(options.als.lambda > 0 && options.als.alpha > 0,
              "embeddings.lambda and alpha must be positive");
}

json to_json(const TrainOptions& options) {
  json config = json::object();
  visit_options(options, [&](const char* section, const char* name, const auto& value) {
    config[section][name] = value;
  });
  return config;
}

}  // namespace vitrine::train
