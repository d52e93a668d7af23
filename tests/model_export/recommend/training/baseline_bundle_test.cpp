#include "recommend/training/baseline_bundle.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "bundle/bundle_file.h"
#include "core/shop.h"
#include "model_export/log_fixture.h"
#include "recommend/models/item_knn.h"
#include "statistics/statistics.h"

namespace vitrine::recommend {

namespace {

constexpr std::int64_t kDay = 86400;

std::string id_of(const Bundle& bundle, std::uint32_t item) {
  std::array<char, layout::kMaxIdBytes> text;
  return std::string(ItemNames(bundle.ids()).id_of(item, text));
}

}  // namespace

TEST_CASE("recent events are those of the last days of the log, removals left out") {
  data::Database database;
  make_events(database, {{0, 0, "old", EventKind::kView, 0},
                         {0, 1, "old", EventKind::kView, 3 * kDay},
                         {1, 0, "old", EventKind::kView, 3 * kDay + 1},
                         {2, 0, "new", EventKind::kView, 5 * kDay},
                         {2, 1, "new", EventKind::kRemove, 6 * kDay},
                         {2, 2, "new", EventKind::kCart, 10 * kDay},
                         {3, 0, "older", EventKind::kView, 2 * kDay}});
  const model::ItemTable items = statistics::aggregate_items(database, {});
  const std::vector<std::int64_t> recent =
      statistics::count_recent_events(database, {}, items.ids.size(), 7);
  std::map<std::string, std::int64_t> counts;
  for (std::size_t i = 0; i < items.ids.size(); ++i) counts[items.ids[i]] = recent[i];
  CHECK(counts == std::map<std::string, std::int64_t>{{"new", 2}, {"old", 1}, {"older", 0}});
}

TEST_CASE("the baseline's items go by recent events, its rows are item-kNN all the same") {
  data::Database database;
  make_events(database, random_log(4, 300, 30));
  model::LogStatistics log;
  log.items = statistics::aggregate_items(database, {});
  log.pairs = statistics::aggregate_pairs(database, {}, log.items);
  const model::ItemTable& items = log.items;
  const auto n = static_cast<std::uint32_t>(items.ids.size());
  std::vector<std::int64_t> recent(n);
  for (std::uint32_t i = 0; i < n; ++i) recent[i] = (i * 7) % 5;
  const bundle::BundleFile file = bundle::BundleFile::open(baseline_bundle(log, recent, "abc"));
  const Bundle& bundle = file.bundle();
  REQUIRE(bundle.item_count() == n);

  std::map<std::string, std::uint32_t> number;  // in `items`
  for (std::uint32_t i = 0; i < n; ++i) number[items.ids[i]] = i;
  for (std::uint32_t i = 1; i < n; ++i) {
    const std::uint32_t before = number[id_of(bundle, i - 1)];
    const std::uint32_t here = number[id_of(bundle, i)];
    CHECK((recent[before] > recent[here] || (recent[before] == recent[here] && before < here)));
  }
  for (const model::SessionEntry& entry : item_knn_rows(log.pairs, {})) {
    const auto source = bundle.ids().find(items.ids[entry.source]);
    const auto target = bundle.ids().find(items.ids[entry.target]);
    const float value = bundle.session_rows().find(*source, *target);
    // Rounded to one of sixteen levels; the smallest and the largest take theirs from others.
    CHECK(value > 0.0F);
    CHECK(std::abs(value - entry.weight) < 0.02F + 0.5F * entry.weight);
  }
  CHECK(nlohmann::json::parse(bundle.metadata())["bundle"] == "abc");
}

}  // namespace vitrine::recommend
