#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "bundle/bundle_file.h"
#include "model_export/command_fixture.h"
#include "model_export/ingest_fixture.h"
#include "privacy/recount.h"
#include "recommend/training/training.h"
#include "simulate/simulation.h"
#include "statistics/event_log.h"
#include "vitrine/ranking/ranker.h"
#include "vitrine/split_mix.h"

namespace vitrine::privacy {
namespace {

constexpr int kPlants = 200;
constexpr int kPrivate = 5;  // items that only one plant met

std::string private_item(int plant, int item) { return fmt::format("private-{}-{}", plant, item); }

/// A simulated shop in which 200 shoppers have been planted. Each had one session with five items
/// that nobody else met, and a common one.
struct PlantedShop {
  Folder folder;
  std::string shop = folder / "shop";
  std::string events = folder / "events.csv";  // with the plants
  std::string common = folder / "common.csv";  // the plants met the common item alone
  std::string items = folder / "items.csv";

  PlantedShop() {
    simulate::SimulationOptions options;
    options.shoppers = 1200;
    options.products = 200;
    options.days = 30;
    options.out = shop;
    simulate::simulate(options);
    const std::string log = bytes_of(shop + "/events.csv");
    const std::string catalogue = bytes_of(shop + "/items.csv");
    std::ofstream with(events);
    std::ofstream without(common);
    std::ofstream all(items);
    with << log;
    without << log;
    all << catalogue;
    constexpr std::array kCategories = {"Kitchen/Mugs", "Kitchen/Kettles", "Living/Lamps"};
    SplitMix random(5);
    for (int plant = 0; plant < kPlants; ++plant) {
      const std::int64_t time = 1772400000 + plant * 7200;
      const auto row = [&](const std::string& item, const char* kind, int second) {
        return fmt::format("plant-{0},planted-{0},{1},{2},{3},10.00,\n", plant, item, kind,
                           time + second);
      };
      const std::string shared = row(first_item(catalogue), "view", 0);
      with << shared;
      without << shared;
      for (int item = 0; item < kPrivate; ++item) {
        const char* kind = item == 0 ? "purchase" : item == 1 ? "add_to_cart" : "view";
        with << row(private_item(plant, item), kind, 10 + item * 10);
        all << fmt::format("{},Thing,{},Corva,10.00,true,,,,\n", private_item(plant, item),
                           kCategories[random.below(kCategories.size())]);
      }
    }
  }

  static std::string first_item(const std::string& catalogue) {
    const std::size_t row = catalogue.find('\n') + 1;
    return catalogue.substr(row, catalogue.find(',', row) - row);
  }
};

const PlantedShop& planted() {
  static const PlantedShop shop;
  return shop;
}

/// Every model takes part, so that every part of the bundle could tell.
recommend::Trained train_all(const std::string& events, const std::string& items,
                             std::uint32_t min_shoppers) {
  statistics::EventLog log({.threads = 2});
  data::ReadOptions read;
  read.files = {events};
  // By default the limit on the events of one shopper follows from those of all others.
  read.most_events = 0;
  const data::ReadReport report = log.read_events(read);
  if (!items.empty()) {
    read.files = {items};
    log.read_items(read);
  }
  recommend::TrainOptions options;
  options.statistics.min_shoppers = min_shoppers;
  options.tune = false;
  options.threads = 2;
  options.max_bytes = 400'000;
  options.rows.teacher = 1.0F;
  options.teacher.dims = 16;
  options.teacher.examples = 30'000;
  options.als.sweeps = 3;
  options.settings.recommend.neighbours = 0.2F;
  options.settings.recommend.embeddings = 0.1F;
  return recommend::train(log, options, data::summarize(report));
}

/// The number of other private items that an attacker finds who knows one item of each plant, in a
/// list of 20, and how many of them chance would give: those of other plants in the same lists.
struct Attack {
  double found = 0.0;
  double by_chance = 0.0;
};

Attack attack(const Bundle& bundle, const layout::Blend& blend) {
  Attack result;
  Ranker ranker(bundle);
  std::vector<int> plant_of(bundle.item_count(), -1);
  for (int plant = 0; plant < kPlants; ++plant) {
    for (int item = 0; item < kPrivate; ++item) {
      if (const auto at = bundle.ids().find(private_item(plant, item))) plant_of[*at] = plant;
    }
  }
  for (int plant = 0; plant < kPlants; ++plant) {
    for (int item = 0; item < kPrivate; ++item) {
      const auto known = bundle.ids().find(private_item(plant, item));
      if (!known) continue;
      const std::array history = {SessionEvent{.item = static_cast<std::uint32_t>(*known)}};
      std::array<Ranked, 20> list;
      const std::size_t count =
          ranker.rank({.history = history, .blend = blend, .exclude_seen = true}, list);
      for (std::size_t i = 0; i < count; ++i) {
        const int of = plant_of[list[i].item];
        if (of == plant) result.found += 1.0;
        if (of >= 0 && of != plant) result.by_chance += 1.0 / (kPlants - 1);
      }
    }
  }
  return result;
}

Recount recount_of(const std::string& events, const Bundle& bundle, std::uint32_t trained_with) {
  statistics::EventLog log({.threads = 2});
  data::ReadOptions read;
  read.files = {events};
  log.read_events(read);
  return recount(bundle, log.test_sessions(), 5, trained_with >= 5);
}

}  // namespace

TEST_CASE("planted shoppers are not found in a bundle", "[privacy]") {
  const PlantedShop& shop = planted();
  const auto open = [&](std::uint32_t min_shoppers) {
    return bundle::BundleFile::open(train_all(shop.events, shop.items, min_shoppers).bundle);
  };
  const bundle::BundleFile guarded = open(5);
  const Bundle& bundle = guarded.bundle();
  REQUIRE(bundle.ids().find(private_item(0, 0)));  // the catalogue has them
  REQUIRE_FALSE(bundle.session_sample().empty());
  layout::Blend embeddings;
  embeddings.embeddings = 1.0F;
  layout::Blend rows;
  rows.session_rows = 1.0F;
  layout::Blend neighbours;
  neighbours.neighbours = 1.0F;
  for (const layout::Blend& blend :
       {bundle.settings().recommend, bundle.settings().similar, embeddings, rows, neighbours}) {
    const Attack result = attack(bundle, blend);
    INFO("found " << result.found << ", by chance " << result.by_chance);
    CHECK(result.found <= result.by_chance + 4.0 * std::sqrt(result.by_chance + 1.0));
  }
  const Recount counts = recount_of(shop.events, bundle, 5);
  for (const Recount::Part& part : counts.parts) {
    INFO(part.name << ": " << part.below << " of " << part.checked << " below, least "
                   << part.least);
    CHECK(part.below == 0);
  }
  CHECK(counts.shoppers_exposed == 0);
  CHECK(counts.holds());

  // The attack works where there is no floor.
  const bundle::BundleFile open_book = open(0);
  const Attack found = attack(open_book.bundle(), open_book.bundle().settings().recommend);
  CHECK(found.found > 0.9 * kPlants * kPrivate * (kPrivate - 1));
  CHECK(recount_of(shop.events, open_book.bundle(), 0).shoppers_exposed > kPlants / 2);
}

TEST_CASE("items of single shoppers change no byte of a bundle but its counts", "[privacy]") {
  const PlantedShop& shop = planted();
  const bundle::BundleFile with = bundle::BundleFile::open(train_all(shop.events, "", 5).bundle);
  const bundle::BundleFile without = bundle::BundleFile::open(train_all(shop.common, "", 5).bundle);
  CHECK_FALSE(with.bundle().ids().find(private_item(0, 0)));
  REQUIRE(with.bundle().sections().size() == without.bundle().sections().size());
  for (std::size_t i = 0; i < with.bundle().sections().size(); ++i) {
    const layout::Section& a = with.bundle().sections()[i];
    const layout::Section& b = without.bundle().sections()[i];
    INFO(layout::section_name(a.kind));
    REQUIRE(a.kind == b.kind);
    if (a.kind == layout::SectionKind::kMetadata) continue;
    const auto bytes = with.bytes().subspan(a.offset, a.size);
    CHECK(std::ranges::equal(bytes, without.bytes().subspan(b.offset, b.size)));
  }
}

}  // namespace vitrine::privacy
