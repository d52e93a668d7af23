// The core's session neighbours against the published numbers of Serenade.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <filesystem>

#include "bundle/bundle_file.h"
#include "bundle/bundle_writer.h"
#include "data/event_log.h"
#include "recommend/evaluation/evaluation.h"
#include "recommend/models/session_sample.h"
#include "statistics/logged_sessions.h"
#include "statistics/statistics.h"

namespace vitrine::recommend {

// Kersbergen, Sprangers, Schelter (SIGMOD 2022); github.com/bolcom/serenade, example data and
// settings: last 2 items, m 500, k 50, idf weighting 1, current item never recommended.
TEST_CASE("Serenade's example data gives Serenade's mean reciprocal rank") {
  const std::string folder = std::string(VITRINE_SHARED_DIR) + "/data/serenade_bol";
  if (!std::filesystem::exists(folder)) SKIP("no " << folder);
  data::Database database;
  data::ReadOptions read;
  read.files = {folder + "/train.csv.gz"};
  data::read_events(database, read);
  const model::ItemTable items = statistics::aggregate_items(database, {});
  const model::PairStatistics pairs = statistics::aggregate_pairs(database, {}, items);
  const SessionSampler sampler(statistics::read_clicks(database), pairs);
  bundle::BundleContents contents{.ids = items.ids, .popularity = items.popularity};
  contents.sessions = sampler.take(sampler.entries());
  contents.settings.recommend = {.neighbours = 1.0F};
  contents.settings.kind_weights[static_cast<std::size_t>(EventKind::kView)] = 1.0F;
  contents.settings.neighbours = {
      .sessions = 500, .neighbours = 50, .events = 2, .reach = 10, .idf = 1.0F};
  const bundle::BundleFile bundle = bundle::BundleFile::open(bundle::write_bundle(contents));

  read.files = {folder + "/test.csv.gz"};
  data::read_events(database, read, "test");
  const TestSessions sessions =
      test_sessions_for(bundle.bundle(), statistics::read_logged_sessions(database, "test"));
  const Evaluation evaluation =
      evaluate(bundle.bundle(), sessions, {.k = 20, .drop_current = true, .threads = 2});
  CHECK(evaluation.predictions == 931);
  CHECK(std::abs(evaluation.mrr.mean - 0.3277) < 0.003);
  CHECK(std::abs(evaluation.hit_rate.mean - 0.6402) < 0.005);
}

}  // namespace vitrine::recommend
