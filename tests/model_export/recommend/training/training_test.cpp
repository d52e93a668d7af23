#include "recommend/training/training.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "bundle/bundle_file.h"
#include "commands/arguments.h"
#include "model_export/few_shoppers.h"
#include "model_export/ingest_fixture.h"
#include "model_export/log_fixture.h"
#include "recommend/evaluation/evaluation.h"
#include "simulate/simulation.h"

namespace vitrine::recommend {

namespace {

using nlohmann::json;

/// A simulated shop on disk, small enough to train in a blink and large enough to be tuned.
const Folder& shop() {
  static const Folder folder;
  static const bool made = [] {
    simulate::SimulationOptions options;
    options.shoppers = 700;
    options.products = 150;
    options.days = 30;
    options.out = folder / "shop";
    simulate::simulate(options);
    return true;
  }();
  (void)made;
  return folder;
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

/// Trains on event files and the simulated catalogue.
Trained train_on(const std::vector<std::string>& files, TrainOptions options,
                 unsigned threads = 2) {
  statistics::EventLog log({.threads = threads});
  data::ReadOptions read;
  read.files = files;
  log.read_events(read);
  read.files = {shop() / "shop/items.csv"};
  log.read_items(read);
  options.threads = threads;
  return train(log, options, data::LogSummary{.files = {"simulated"}});
}

TrainOptions untuned() {
  TrainOptions options = few_shoppers();
  options.tune = false;
  return options;
}

/// Calls `see` with every text and number of `value`.
void walk(const json& value, const std::function<void(const json&)>& see) {
  if (!value.is_structured()) return see(value);
  for (const json& part : value) walk(part, see);
}

}  // namespace

TEST_CASE("training gives the same bytes again, for any number of threads") {
  const std::string events = shop() / "shop/events.csv";
  const Trained first = train_on({events}, {}, 1);
  REQUIRE(!first.report.choice->tried.empty());
  const Trained again = train_on({events}, {}, 1);
  const Trained threaded = train_on({events}, {}, 3);
  CHECK((first.bundle == again.bundle));
  CHECK((first.bundle == threaded.bundle));
  CHECK((first.item_knn == threaded.item_knn));
}

TEST_CASE("a model trained on the values that a log was read into is that of the log") {
  statistics::EventLog log({.threads = 2});
  data::ReadOptions read;
  read.files = {shop() / "shop/events.csv"};
  log.read_events(read);
  read.files = {shop() / "shop/items.csv"};
  log.read_items(read);
  const Trained from_log = train(log, untuned(), data::LogSummary{.files = {"simulated"}});
  const model::TrainingData data = log.training_data({}, [](const std::string&, double) {});
  log = statistics::EventLog();  // the values need it no longer
  const Trained from_values =
      train(data, untuned(), {.source = data::LogSummary{.files = {"simulated"}}});
  CHECK((from_values.bundle == from_log.bundle));
  CHECK((from_values.item_knn == from_log.item_knn));
}

TEST_CASE("training does not see how rows are spread over files or in which order they come") {
  std::vector<std::string> rows = lines_of(shop() / "shop/events.csv");
  const std::string header = rows.front() + "\n";
  rows.erase(rows.begin());
  // Of events in the same second of a session one is kept: their order in the file is all there is.
  std::set<std::string> seen;
  std::erase_if(rows, [&](const std::string& row) {
    std::istringstream cells(row);
    std::string session, shopper, item, event, time;
    for (std::string* cell : {&session, &shopper, &item, &event, &time}) {
      std::getline(cells, *cell, ',');
    }
    return !seen.insert(session + time).second;
  });
  REQUIRE(rows.size() > 10000);
  std::string text = header;
  for (const std::string& row : rows) text += row + "\n";
  const Folder folder;
  const Trained whole = train_on({folder.write("whole.csv", text)}, untuned());

  SplitMix random(5);
  for (std::size_t i = rows.size() - 1; i > 0; --i) std::swap(rows[i], rows[random.below(i + 1)]);
  std::string texts[3] = {header, header, header};
  for (const std::string& row : rows) texts[random.below(3)] += row + "\n";
  const std::string a = folder.write("a.csv", texts[0]);
  const std::string b = folder.write("b.csv", texts[1]);
  const std::string c = folder.write("c.csv", texts[2]);
  CHECK((train_on({a, b, c}, untuned()).bundle == whole.bundle));
  CHECK((train_on({c, a, b}, untuned(), 3).bundle == whole.bundle));
}

/// The entries of all session rows, as they lie in the file.
std::span<const std::byte> row_bytes(const bundle::BundleFile& file) {
  for (const layout::Section& section : file.bundle().sections()) {
    if (section.kind == layout::SectionKind::kRowEntries) {
      return file.bytes().subspan(section.offset, section.size);
    }
  }
  return {};
}

TEST_CASE("the seed decides the embeddings and nothing else of the model") {
  TrainOptions options = untuned();
  const bundle::BundleFile one =
      bundle::BundleFile::open(train_on({shop() / "shop/events.csv"}, options).bundle);
  options.seed = 2;
  const bundle::BundleFile two =
      bundle::BundleFile::open(train_on({shop() / "shop/events.csv"}, options).bundle);
  const auto same = [](const auto& a, const auto& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  };
  CHECK_FALSE(same(one.bundle().embeddings().codes, two.bundle().embeddings().codes));
  CHECK(same(row_bytes(one), row_bytes(two)));
}

TEST_CASE("sessions go into the bundle when neighbours count in the ranking, and not otherwise") {
  TrainOptions options = untuned();
  options.settings.recommend = {.neighbours = 1.0F};
  options.settings.neighbours.reach = 25;
  const Trained trained = train_on({shop() / "shop/events.csv"}, options, 1);
  const bundle::BundleFile bundle = bundle::BundleFile::open(trained.bundle);
  const SessionSample& sample = bundle.bundle().session_sample();
  CHECK(sample.sessions() > 1000);
  CHECK(trained.report.bundle->sampled_sessions == sample.sessions());
  CHECK(trained.report.bundle->sampled_entries == sample.postings.size());
  CHECK(trained.report.options.settings.neighbours.reach == 25);
  CHECK(bundle.bundle().settings().neighbours.reach == 25);
  CHECK((train_on({shop() / "shop/events.csv"}, options, 3).bundle == trained.bundle));
  options.neighbours.entries = 500;
  const bundle::BundleFile small =
      bundle::BundleFile::open(train_on({shop() / "shop/events.csv"}, options).bundle);
  CHECK(small.bundle().session_sample().postings.size() <= 500);
  CHECK(small.bundle().session_sample().postings.size() > 400);
  const bundle::BundleFile none =
      bundle::BundleFile::open(train_on({shop() / "shop/events.csv"}, untuned()).bundle);
  CHECK(none.bundle().session_sample().empty());
}

TEST_CASE("the model beats popularity clearly and item-kNN at least nearly on later sessions") {
  statistics::EventLog log({.threads = 2});
  data::ReadOptions read;
  read.files = {shop() / "shop/events.csv"};
  log.read_events(read);
  log.split(statistics::parse_split("fraction=0.2"));
  TrainOptions options = few_shoppers();
  options.threads = 2;
  const Trained trained = train(log, options, {});
  const model::LoggedSessions held_out = log.test_sessions();
  const bundle::BundleFile bundle = bundle::BundleFile::open(trained.bundle);
  const bundle::BundleFile knn = bundle::BundleFile::open(trained.item_knn);
  EvaluationOptions rules{.threads = 2};
  const TestSessions sessions = test_sessions_for(bundle.bundle(), held_out);
  const TestSessions of_knn = test_sessions_for(knn.bundle(), held_out);
  const Evaluation model = evaluate(bundle.bundle(), sessions, rules);
  const Evaluation neighbours = evaluate(knn.bundle(), of_knn, rules);
  rules.blend = layout::Blend{.popularity = 1.0F};
  const Evaluation popular = evaluate(bundle.bundle(), sessions, rules);
  REQUIRE(model.predictions > 1000);
  CHECK(model.predictions == neighbours.predictions);
  CHECK(model.hit_rate.mean > 1.3 * popular.hit_rate.mean);
  CHECK(model.mrr.mean > 1.5 * popular.mrr.mean);
  CHECK(model.hit_rate.mean > neighbours.hit_rate.mean - 0.01);
  CHECK(model.mrr.mean > neighbours.mrr.mean - 0.01);
}

TEST_CASE("items that nobody saw and that are like no other come last, with their attributes") {
  statistics::EventLog log = event_log(random_log(1, 200, 9));
  const Folder folder;
  data::ReadOptions read;
  read.files = {folder.write("items.csv",
                             "item_id,category,brand,price,available\n"
                             "item3,Kitchen/Mugs,Ora,12.5,true\n"
                             "unseen-b,Cookware/Pans,Ferro,40,false\n"
                             "unseen-a,Living,,,true\n")};
  log.read_items(read);
  const Trained trained = train(log, untuned(), {});
  const bundle::BundleFile file = bundle::BundleFile::open(trained.bundle);
  const Bundle& bundle = file.bundle();
  CHECK(bundle.item_count() == 11);
  CHECK(trained.report.counts.items == 11);
  CHECK(trained.report.counts.items_with_events == 9);
  const auto order = bundle.popularity().best(11);
  CHECK(bundle.ids().find("unseen-a") == order[9]);
  CHECK(bundle.ids().find("unseen-b") == order[10]);
  CHECK(bundle.popularity().share(order[8]) > 0.0F);
  CHECK(bundle.popularity().share(order[9]) == 0.0F);
  const Catalog& catalog = bundle.catalog();
  const std::uint32_t seen = bundle.ids().find("item3").value();
  CHECK(catalog.price(seen) == 12.5F);
  CHECK(catalog.categories()[catalog.category(seen)] == "Kitchen/Mugs");
  CHECK(catalog.available(seen));
  CHECK_FALSE(catalog.available(10));
  CHECK(catalog.price(9) == layout::kNoPrice);
  CHECK(catalog.brands()[catalog.brand(10)] == "Ferro");
}

TEST_CASE("the metadata says what was trained on and how, and nothing of when and where") {
  const Trained trained = train_on({shop() / "shop/events.csv"}, {});
  const bundle::BundleFile file = bundle::BundleFile::open(trained.bundle);
  const json metadata = json::parse(file.bundle().metadata());
  CHECK(metadata["source"]["files"] == json{"simulated"});
  CHECK(metadata["vitrine"] == VITRINE_VERSION);
  CHECK(metadata["seed"] == 1);
  CHECK(metadata["counts"]["sessions"] > 1000);
  CHECK(metadata["counts"]["items"] == file.bundle().item_count());
  CHECK_FALSE(metadata["choice"]["tried"].empty());
  CHECK_FALSE(metadata.contains("seconds"));
  walk(metadata, [](const json& leaf) {
    if (!leaf.is_string()) return;
    CHECK_FALSE(leaf.get<std::string>().starts_with("/"));
  });
  // The settings are a configuration, and the one that the bundle ranks by.
  TrainOptions options = few_shoppers();
  apply_config(metadata["settings"], options);
  CHECK(json(options) == metadata["settings"]);
  CHECK(options.settings.row_decay == file.bundle().settings().row_decay);
  CHECK(options.als.dims == file.bundle().embeddings().dims);
}

TEST_CASE("the settings of a bundle make it again without choosing") {
  const Trained tuned = train_on({shop() / "shop/events.csv"}, {});
  const json settings =
      json::parse(bundle::BundleFile::open(tuned.bundle).bundle().metadata())["settings"];
  TrainOptions options = few_shoppers();
  apply_config(settings, options);
  options.tune = false;
  const Trained again = train_on({shop() / "shop/events.csv"}, options);
  const bundle::BundleFile first = bundle::BundleFile::open(tuned.bundle);
  const bundle::BundleFile second = bundle::BundleFile::open(again.bundle);
  REQUIRE(first.bundle().header().session_entries == second.bundle().header().session_entries);
  const auto a = row_bytes(first);
  const auto b = row_bytes(second);
  REQUIRE_FALSE(a.empty());
  CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST_CASE("the budget counts the whole file, metadata and ids included") {
  TrainOptions options = untuned();
  options.max_bytes = 12000;
  for (const bool raw : {false, true}) {
    options.raw_bytes = raw;
    const Trained trained = train_on({shop() / "shop/events.csv"}, options);
    CHECK((raw ? trained.bundle.size() : bundle::brotli_size(trained.bundle)) <= 12000);
    CHECK(trained.report.bundle->budget_bytes == 12000);
    CHECK(trained.report.bundle->budget_is_raw == raw);
  }
  options.max_bytes = 500;
  CHECK_THROWS_AS(train_on({shop() / "shop/events.csv"}, options), base::Error);
}

TEST_CASE("experiments of the configuration are in the bundle") {
  statistics::EventLog log = event_log(random_log(1, 50, 9));
  TrainOptions options = untuned();
  const json experiments = json::array({{{"key", "blend"}, {"variations", {"a", "b"}}}});
  apply_config({{"experiments", experiments}}, options);
  const bundle::BundleFile file = bundle::BundleFile::open(train(log, options, {}).bundle);
  CHECK(json::parse(file.bundle().experiments())["experiments"] == experiments);
}

TEST_CASE("a log too small to choose settings on says so and keeps the given ones") {
  statistics::EventLog log = event_log(random_log(1, 20, 9));
  TrainOptions options = few_shoppers();
  options.settings.row_decay = 0.55F;
  const Trained trained = train(log, options, {});
  CHECK(!trained.report.choice->reason.empty());
  CHECK(json(trained.report.options)["ranking"] == json(options)["ranking"]);
  CHECK(bundle::BundleFile::open(trained.bundle).bundle().settings().row_decay == 0.55F);
}

TEST_CASE("nothing to learn from is unusable data") {
  for (const bool tune : {false, true}) {
    statistics::EventLog log =
        event_log({{.item = "mug", .kind = EventKind::kRemove, .time = 1600000000}});
    TrainOptions options = few_shoppers();
    options.tune = tune;
    try {
      (void)train(log, options, {});
      FAIL("a bundle without items was made");
    } catch (const base::Error& error) {
      CHECK(error.code() == base::ExitCode::kDataUnusable);
    }
  }
}

TEST_CASE("steps are told as they begin, with shares between 0 and 1") {
  statistics::EventLog log = event_log(random_log(1, 300, 30), 1);
  std::vector<std::string> steps;
  (void)train(log, untuned(), {}, [&](const std::string& step, double share) {
    CHECK(share >= 0.0);
    CHECK(share <= 1.0);
    if (steps.empty() || steps.back() != step) steps.push_back(step);
  });
  CHECK(steps == std::vector<std::string>{"counting items", "counting pairs", "reading sessions",
                                          "solving session rows", "factorizing",
                                          "fitting the budget"});
}

}  // namespace vitrine::recommend
