#include "recommend/training/tuning.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <string>

#include "bundle/bundle_file.h"
#include "model_export/few_shoppers.h"
#include "model_export/ingest_fixture.h"
#include "model_export/log_fixture.h"
#include "recommend/training/hyperparameters.h"
#include "recommend/training/training.h"
#include "vitrine/split_mix.h"

namespace vitrine::recommend {

namespace {

using nlohmann::json;

/// Sessions that walk along a ring of items, mostly one step at a time.
std::vector<LogEvent> walks(int sessions, int length, int items) {
  SplitMix random(11);
  std::vector<LogEvent> log;
  for (int s = 0; s < sessions; ++s) {
    std::uint64_t at = random.below(items);
    for (int i = 0; i < length; ++i) {
      log.push_back({.session = s,
                     .position = i,
                     .item = "item" + std::to_string(at % items),
                     .time = 1600000000 + 3600 * s + i});
      at += random.below(5) == 0 ? random.below(items) : 1;
    }
  }
  return log;
}

SettingsChoice choice_of(const std::vector<LogEvent>& log, const TrainOptions& options) {
  statistics::EventLog events = event_log(log);
  return *train(events, options, {}).report.choice;
}

/// Values that were tried for a setting.
std::vector<double> tried(const SettingsChoice& choice, const std::string& setting) {
  std::vector<double> values;
  for (const TriedSetting& entry : choice.tried) {
    if (entry.setting == setting) values.push_back(entry.value);
  }
  return values;
}

}  // namespace

TEST_CASE("the best settings predict at least as well as those tuning began with") {
  TrainOptions options = few_shoppers();
  options.rows.alpha = 0.95F;  // wrong for walks: what comes next matters, not what goes together
  statistics::EventLog log = event_log(walks(1000, 6, 60));
  const TrainingReport report = train(log, options, {}).report;
  const SettingsChoice& choice = *report.choice;
  CHECK(choice.chosen.sum() > choice.start.sum() + 0.01);
  // Settings that need another model get the same comparison as settings of the same model.
  CHECK(report.options.rows.alpha < 0.9F);
  double best = 0.0;
  for (const TriedSetting& entry : choice.tried) best = std::max(best, entry.score.sum());
  CHECK(choice.chosen.sum() == best);
  CHECK(!choice.cut_short);
}

TEST_CASE("no setting is tried twice with the same others") {
  const SettingsChoice choice = choice_of(walks(1000, 6, 40), {});
  CHECK(choice.tried.size() < 80);
  CHECK(tried(choice, "start").size() == 1);
}

TEST_CASE("why a kind of model was taken or left out is said in numbers") {
  const SettingsChoice choice = choice_of(walks(1000, 6, 40), {});
  REQUIRE(choice.reasons.size() == 3);
  CHECK(choice.reasons[0].starts_with("sequence teacher (teacher.weight "));
  const std::string neighbours = choice.reasons[1];
  CHECK(neighbours.starts_with("session neighbours (neighbours."));
  CHECK(neighbours.find(": HR@20 ") != std::string::npos);
  CHECK(neighbours.find("so far 1 ") != std::string::npos);
  const std::string embeddings = choice.reasons[2];
  CHECK(embeddings.starts_with("embeddings ("));
  const bool left_out = embeddings.find(") rejected: ") != std::string::npos;
  CHECK(left_out == !tried(choice, "embeddings left out").empty());
}

TEST_CASE("when the time is up tuning keeps what it has and says so") {
  TrainOptions options = few_shoppers();
  options.tune_minutes = 0.0;
  const SettingsChoice choice = choice_of(walks(1000, 6, 40), options);
  CHECK(choice.cut_short);
  CHECK(choice.chosen.sum() == choice.start.sum());
}

TEST_CASE("tuning that was interrupted goes on, to the same bundle") {
  const Folder folder;
  const auto trained = [](const std::vector<LogEvent>& log, const TrainOptions& options) {
    statistics::EventLog events = event_log(log);
    return train(events, options, {});
  };
  const std::vector<LogEvent> log = walks(1000, 6, 40);
  TrainOptions options = few_shoppers();
  options.journal = folder / "shop.vitrine.tuning";
  const Trained undisturbed = trained(log, options);
  CHECK(undisturbed.report.choice->resumed == 0);
  std::vector<std::string> lines;
  std::ifstream in(options.journal);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  in.close();
  const std::size_t kept = lines.size() / 2;
  std::ofstream out(options.journal, std::ios::trunc);
  for (std::size_t i = 0; i < kept; ++i) out << lines[i] << '\n';
  out << lines[kept].substr(0, 20);  // the interruption tore this one
  out.close();
  const Trained resumed = trained(log, options);
  CHECK(resumed.report.choice->resumed == kept - 1);
  CHECK(resumed.bundle == undisturbed.bundle);
  options.tune_minutes = 10.0;  // more patience is no other question
  CHECK(trained(log, options).report.choice->resumed > kept);
  // Another log is another search.
  CHECK(trained(walks(1000, 6, 41), options).report.choice->resumed == 0);
}

TEST_CASE("settings are chosen for the rules by which lists are used") {
  TrainOptions options = few_shoppers();
  options.rules = {{.k = 5, .filter_seen = true}};
  const SettingsChoice choice = choice_of(walks(1000, 6, 40), options);
  CHECK(choice.rule ==
        "hit rate + mean reciprocal rank of the next event among 5 without seen items");
  CHECK(choice.held_out_sessions == 100);
  CHECK(choice.predictions == 500);
}

TEST_CASE("where the last event has to be predicted, the last event of each session is held out") {
  TrainOptions options = few_shoppers();
  options.hold_out = HoldOut::kLastEvents;
  std::vector<LogEvent> log = walks(400, 5, 40);
  for (int s = 400; s < 450; ++s) {  // too short to give anything away
    log.push_back({.session = s, .item = "item1", .time = 1700000000 + s});
    log.push_back({.session = s, .position = 1, .item = "item2", .time = 1700000001 + s});
  }
  const SettingsChoice choice = choice_of(log, options);
  CHECK(choice.rule.find("last event of each session") != std::string::npos);
  CHECK(choice.held_out_sessions == 400);
  CHECK(choice.predictions == 400);
}

TEST_CASE("embeddings that would take most of the budget are not tried") {
  TrainOptions options = few_shoppers();
  options.max_bytes = 3700;
  const SettingsChoice choice = choice_of(walks(1000, 6, 120), options);
  CHECK(tried(choice, "embeddings.dims").empty());
}

TEST_CASE("a knob takes the value that it is turned to and no other setting moves") {
  for (const std::vector<Hyperparameter>& parameters :
       {row_hyperparameters(30.0, true), neighbour_hyperparameters(),
        embedding_hyperparameters()}) {
    for (const Hyperparameter& parameter : parameters) {
      INFO(parameter.name);
      CHECK(std::is_sorted(parameter.values.begin(), parameter.values.end()));
      TrainOptions options = few_shoppers();
      json before = options;
      parameter.set(options, parameter.values.back());
      CHECK(std::abs(parameter.get(options) - parameter.values.back()) <
            1e-6 * parameter.values.back());
      const json after = options;
      const std::size_t dot = parameter.name.find('.');
      auto& changed = before[parameter.name.substr(0, dot)][parameter.name.substr(dot + 1)];
      REQUIRE_FALSE(changed.is_null());
      changed = after[parameter.name.substr(0, dot)][parameter.name.substr(dot + 1)];
      CHECK(before == after);
    }
  }
}

}  // namespace vitrine::recommend
