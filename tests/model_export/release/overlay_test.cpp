#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <filesystem>

#include "bundle/bundle_file.h"
#include "model_export/command_fixture.h"

namespace vitrine::release {
namespace {

using nlohmann::json;

/// A bundle of items a to g, all in one of two categories, and what a catalogue said when it was
/// trained.
struct Shop {
  Folder folder;
  std::string bundle = folder / "shop.vitrine";
  std::string overlay = folder / "shop.overlay";

  Shop() {
    const std::string events = folder.write("events.csv", small_csv());
    const std::string items = folder.write("items.csv", catalogue(""));
    const Ran ran = vitrine({"train", "--events", events, "--items", items, "--out", bundle,
                             "--no-tune", "--threads", "1"});
    INFO(ran.err);
    REQUIRE(ran.code == 0);
  }

  /// The catalogue of the day of training, with `more` lines.
  static std::string catalogue(const std::string& more) {
    std::string csv = "item_id,title,category,brand,price,available\n";
    for (const char id : std::string("abcdefg")) {
      csv += fmt::format("{},{} thing,{},Ora,{},1\n", id, id < 'd' ? "red" : "blue",
                         id < 'd' ? "Home/Red" : "Home/Blue", id - 'a' + 10);
    }
    return csv + more;
  }

  /// Makes an overlay of a catalogue, and returns what was printed of it.
  json make(const std::string& items, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {
        "overlay", "--base", bundle,      "--items", folder.write("now.csv", items),
        "--out",   overlay,  "--threads", "1",       "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = vitrine(arguments);
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    return ran.json();
  }
  [[nodiscard]] bundle::BundleFile changed() const {
    bundle::BundleFile file = bundle::BundleFile::read(bundle);
    file.apply(overlay);
    return file;
  }
};

std::uint32_t number(const Bundle& bundle, const std::string& id) {
  return bundle.ids().find(id).value();
}

}  // namespace

TEST_CASE("the catalogue that a bundle was trained with makes an overlay without changes") {
  Shop shop;
  const json made = shop.make(Shop::catalogue(""));
  for (const char* what : {"prices", "availability", "popularity", "added"}) CHECK(made[what] == 0);
  CHECK(made["bytes"] == 48);
}

TEST_CASE("an overlay holds what a catalogue says otherwise, and nothing of what it is silent on") {
  Shop shop;
  const json made = shop.make("item_id,price,available\na,7.5,yes\nb,11,out of stock\nc,,yes\n");
  CHECK(made["prices"] == 1);
  CHECK(made["availability"] == 1);
  const bundle::BundleFile file = shop.changed();
  const Bundle& bundle = file.bundle();
  CHECK(bundle.catalog().price(number(bundle, "a")) == 7.5F);
  CHECK(bundle.catalog().price(number(bundle, "c")) == 12.0F);
  CHECK_FALSE(bundle.catalog().available(number(bundle, "b")));
  CHECK(bundle.catalog().available(number(bundle, "d")));
  CHECK(shop.make("item_id\na\n", {"--complete", "--force"})["availability"] == 6);
  CHECK(shop.changed().bundle().catalog().available(number(bundle, "a")));
}

TEST_CASE(
    "added items are ranked by what the catalogue describes alike, in the deepest known category") {
  Shop shop;
  const json made =
      shop.make(Shop::catalogue("new-1,red thing,Home/Red/Dark,Ora,11,1\n"
                                "new-2,,,,,1\n"));
  CHECK(made["added"] == 2);
  CHECK(made["borrow_from_alike"] == 1);
  const bundle::BundleFile file = shop.changed();
  const Bundle& bundle = file.bundle();
  const std::uint32_t red = number(bundle, "new-1");
  CHECK(bundle.catalog().categories()[bundle.catalog().category(red)] == "Home/Red");
  CHECK(bundle.catalog().category(number(bundle, "new-2")) == layout::kNoCategory);
  CHECK(bundle.popularity().share(red) > 0.0F);
  CHECK(bundle.popularity().share(number(bundle, "new-2")) == 0.0F);
  const std::uint32_t most = bundle.added().most_alike(red);
  CHECK(bundle.catalog().category(most) == bundle.catalog().category(red));
  const Ran ran = vitrine({"recommend", "--bundle", shop.bundle, "--overlay", shop.overlay,
                           "--history", "new-1", "--json"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.json()["unknown"].empty());
  CHECK(ran.json()["items"][0]["reasons"][0]["item"] == "new-1");
}

TEST_CASE("recent events make what is bought now popular, added items too") {
  Shop shop;
  std::string events = "session_id,item_id,event,timestamp\n";
  for (int i = 0; i < 9; ++i) events += fmt::format("s{},new-2,view,1700000000\n", i);
  for (int i = 0; i < 3; ++i) events += fmt::format("t{},g,view,1700000000\n", i);
  const std::string file = shop.folder.write("hour.csv", events);
  const std::string items = Shop::catalogue("new-2,,,,,1\n");
  const bundle::BundleFile before = bundle::BundleFile::read(shop.bundle);
  shop.make(items, {"--events", file, "--trend", "0.6"});
  const bundle::BundleFile after = shop.changed();
  const auto share = [](const bundle::BundleFile& in, const std::string& id) {
    return static_cast<double>(in.bundle().popularity().share(number(in.bundle(), id)));
  };
  // .4 of the share before and .6 of that of the hour, over the largest.
  const double best = std::max(0.6, 0.4 * share(before, "g") + 0.2);
  CHECK(share(after, "new-2") == 1.0);
  CHECK(std::fabs(share(after, "g") - (0.4 * share(before, "g") + 0.2) / best) < 2e-2);
  CHECK(std::fabs(share(after, "a") - 0.4 * share(before, "a") / best) < 2e-2);
}

TEST_CASE("experiments of an overlay are checked, and replace those of the bundle") {
  Shop shop;
  const std::string good = shop.folder.write(
      "experiments.json", R"({"experiments": [{"key": "now", "variations": ["a", "b"]}]})");
  shop.make(Shop::catalogue(""), {"--experiments", good});
  CHECK(shop.changed().bundle().experiments().find("now") != std::string_view::npos);
  const std::string bad = shop.folder.write("bad.json", R"({"experiments": [{"key": 7}]})");
  const Ran ran = vitrine({"overlay", "--base", shop.bundle, "--items", shop.folder / "now.csv",
                           "--experiments", bad, "--out", shop.overlay});
  CHECK(ran.code == 2);
}

TEST_CASE("a manifest names an overlay of its bundle, and none of another") {
  Shop shop;
  shop.make("item_id,price\na,7.5\n");
  const std::string cdn = shop.folder / "cdn";
  const Ran ran =
      vitrine({"manifest", "--bundle", shop.bundle, "--overlay", shop.overlay, "--out", cdn});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const json manifest = json::parse(bytes_of(cdn + "/manifest.json"));
  const json& part = manifest["parts"].back();
  CHECK(part["kind"] == "overlay");
  CHECK(bytes_of(cdn + "/" + part["url"].get<std::string>()) == bytes_of(shop.overlay));
  Shop other;
  other.make("item_id,price\na,8\n");
  const std::string items = other.folder.write("few.csv", "item_id,price\na,1\n");
  REQUIRE(vitrine({"train", "--events", other.folder / "events.csv", "--items", items, "--out",
                   other.bundle, "--no-tune", "--threads", "1"})
              .code == 0);
  const Ran refused = vitrine({"manifest", "--bundle", other.bundle, "--overlay", shop.overlay,
                               "--out", other.folder / "cdn"});
  CHECK(refused.code == 3);
  CHECK(refused.says("made for another bundle"));
  CHECK_FALSE(std::filesystem::exists(other.folder / "cdn/manifest.json"));
}

}  // namespace vitrine::release
