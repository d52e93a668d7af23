// A replay judges the lists that a page shows: after the same events, at the same time, with the
// same options.
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/output_file.h"
#include "bundle/bundle_file.h"
#include "bundle/bundle_writer.h"
#include "core/shop.h"
#include "model_export/command_fixture.h"
#include "vitrine/vitrine.h"

namespace vitrine::replay {
namespace {

using nlohmann::json;
using testing::kBowl;
using testing::kKettle;
using testing::kLamp;
using testing::kMug;
using testing::kVase;

constexpr std::int64_t kStart = 1772323200;
constexpr std::int64_t kGap = 1800;
constexpr int kUnits = 20;

/// A bundle whose sessions end after half an hour and then count half, and a log of its lists.
class Shop {
 public:
  Shop() : file_(bundle::BundleFile::open(bundle::write_bundle(contents()))) {
    base::write_file(path_, file_.bytes());
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const Bundle& bundle() const { return file_.bundle(); }
  [[nodiscard]] layout::Blend blend() const { return bundle().settings().recommend; }

  [[nodiscard]] std::vector<std::string> ids(std::span<const Ranked> list) const {
    const ItemNames names(bundle().ids());
    std::array<char, layout::kMaxIdBytes> text;
    std::vector<std::string> ids;
    for (const Ranked& one : list) ids.emplace_back(names.id_of(one.item, text));
    return ids;
  }
  [[nodiscard]] std::vector<std::string> ranked(const RankRequest& request, std::size_t limit) {
    return ids(testing::rank(bundle(), request, limit));
  }

  /// What the replay says of the log in which each unit has seen `seen`, and `pause` seconds later
  /// the list `shown`.
  [[nodiscard]] json replay(const std::vector<std::string>& seen, std::int64_t pause,
                            const std::vector<std::string>& shown,
                            std::vector<std::string> more = {}) const {
    std::string log;
    for (int unit = 0; unit < kUnits; ++unit) {
      json row = {{"unit", fmt::format("v{}", unit)}};
      row["event"] = "view";
      for (std::size_t i = 0; i < seen.size(); ++i) {
        row["item_id"] = seen[i];
        row["time"] = kStart + 1000 * unit + static_cast<std::int64_t>(i);
        log += row.dump() + "\n";
      }
      row["event"] = "exposure";
      row["time"] = kStart + 1000 * unit + static_cast<std::int64_t>(seen.size()) - 1 + pause;
      row["list"] = {{"slot", "home"},
                     {"items", shown},
                     {"propensities", std::vector<double>(shown.size(), 0.5)}};
      log += row.dump() + "\n";
    }
    std::vector<std::string> arguments = {"replay",   "--events", folder_.write("log.jsonl", log),
                                          "--bundle", path_,      "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = vitrine(arguments);
    INFO(ran.err);
    REQUIRE_FALSE(ran.out.empty());
    const json result = ran.json();
    CHECK(result["places"] == kUnits * shown.size());
    return result;
  }
  [[nodiscard]] std::string options(const json& options) const {
    return folder_.write("options.json", options.dump());
  }

 private:
  static bundle::BundleContents contents() {
    bundle::BundleContents shop = testing::small_shop();
    shop.settings.session_gap = kGap;
    shop.settings.session_decay = 0.5F;
    shop.settings.opening_decay = 0.01F;
    return shop;
  }

  Folder folder_;
  bundle::BundleFile file_;
  std::string path_ = folder_ / "shop.vitrine";
};

/// Whether every place of a replay has the item that the bundle puts there.
bool is_same(const json& replay) { return replay["same_places"] == replay["places"]; }

TEST_CASE("During a session a replay judges the list that follows it") {
  Shop shop;
  const SessionEvent history[] = {{.item = kLamp}};
  const auto list =
      shop.ranked({.history = history, .blend = shop.blend(), .exclude_seen = true}, 4);
  CHECK(is_same(shop.replay({"lamp-1"}, kGap, list)));
}

TEST_CASE("After silence a replay judges the list of a session that is over") {
  Shop shop;
  const SessionEvent history[] = {{.item = kLamp}};
  const RankRequest over{
      .history = history, .session_over = true, .blend = shop.blend(), .exclude_seen = true};
  const auto list = shop.ranked(over, 4);
  const auto during =
      shop.ranked({.history = history, .blend = shop.blend(), .exclude_seen = true}, 4);
  REQUIRE(list != during);
  CHECK(is_same(shop.replay({"lamp-1"}, kGap + 1, list)));
  CHECK_FALSE(is_same(shop.replay({"lamp-1"}, kGap + 1, during)));
}

TEST_CASE("On a first visit a replay judges the list of the context") {
  Shop shop;
  const SessionEvent landing[] = {{.item = kKettle}};
  const auto on_product =
      shop.ranked({.history = landing, .blend = shop.blend(), .exclude_seen = true}, 4);
  const std::string product = shop.options({{"context", {{"landingProduct", "kettle-1"}}}});
  CHECK(is_same(shop.replay({}, 1, on_product, {"--options", product})));
  CHECK_FALSE(is_same(shop.replay({}, 1, on_product)));
  const std::string country = shop.options({{"context", {{"country", "Norway"}}}});
  const json result = shop.replay({}, 1, {"tent-1", "mug-1", "kettle-1"}, {"--options", country});
  CHECK(is_same(result));
}

TEST_CASE("Rules and filters of the lists are replayed") {
  Shop shop;
  const std::string options =
      shop.options({{"filter", {{"category", "Living"}}},
                    {"rules", {{{"items", {"vase-\xF0\x9F\x8C\xB7"}}, {"boost", 1000}}}}});
  CHECK(is_same(shop.replay({}, 1, {"vase-\xF0\x9F\x8C\xB7", "lamp-1"}, {"--options", options})));
  const std::string seen = shop.options({{"excludeSeen", false}, {"exclude", {"kettle-1"}}});
  const std::uint32_t excluded[] = {kKettle};
  const SessionEvent history[] = {{.item = kMug}};
  const auto list =
      shop.ranked({.history = history, .exclude = excluded, .blend = shop.blend()}, 5);
  CHECK(is_same(shop.replay({"mug-1"}, 1, list, {"--options", seen})));
}

TEST_CASE("Re-ranked lists keep what is sold out, and unknown items in their order behind") {
  Shop shop;
  const SessionEvent history[] = {{.item = kLamp}};
  Ranker ranker(shop.bundle());
  const std::uint32_t known[] = {kBowl, kMug, kVase};
  std::vector<Ranked> order(3);
  REQUIRE(ranker.rerank(
              known,
              {.history = history, .filter = {.available_only = false}, .blend = shop.blend()},
              order) == 3);
  std::vector<std::string> page = shop.ids(order);
  page.insert(page.end(), {"unheard of", "a new one"});
  const json result = shop.replay({"lamp-1"}, 1, page, {"--rerank"});
  CHECK(is_same(result));
  CHECK(result["unknown_items"] == 2 * kUnits);
  // Of an unknown item nobody can say that it passes a filter.
  const std::string options = shop.options({{"filter", {{"maxPrice", 1e6}}}});
  CHECK(shop.replay({"lamp-1"}, 1, page, {"--rerank", "--options", options})["same_places"] ==
        3 * kUnits);
}

TEST_CASE("Lists that are left to chance cannot be judged, and options that are wrong are named") {
  Shop shop;
  const Folder folder;
  const Ran explored =
      vitrine({"replay", "--events", folder.write("log.jsonl", "{}"), "--bundle", shop.path(),
               "--options", shop.options({{"explore", {{"epsilon", 0.1}}}})});
  CHECK(explored.code == 3);
  CHECK(explored.says("\"explore\" cannot be replayed"));
  const Ran wrong =
      vitrine({"replay", "--events", folder.write("log.jsonl", "{}"), "--bundle", shop.path(),
               "--options", shop.options({{"filter", {{"includeUnavailable", "yes"}}}})});
  CHECK(wrong.code == 3);
  CHECK(wrong.says("\"includeUnavailable\" must be true or false"));
}

}  // namespace
}  // namespace vitrine::replay
