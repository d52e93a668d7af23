#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "model_export/command_fixture.h"
#include "release/manifest.h"
#include "release/signing.h"

namespace vitrine::release {
namespace {

using nlohmann::json;

/// A folder with a bundle, a key and what `vitrine manifest` makes of them.
struct Release {
  Folder folder;
  std::string bundle = folder / "shop.vitrine";
  std::string key = folder / "key.pem";
  std::string out = folder / "cdn";
  std::string manifest = out + "/manifest.json";

  Release() {
    const std::string events = folder.write("events.csv", small_csv());
    REQUIRE(vitrine({"train", "--events", events, "--out", bundle, "--threads", "1"}).code == 0);
    REQUIRE(vitrine({"keygen", "--out", key}).code == 0);
  }
  [[nodiscard]] json read() const { return json::parse(bytes_of(manifest)); }
};

}  // namespace

TEST_CASE("SHA-256 is that of FIPS 180-4") {
  const std::string abc = "abc";
  CHECK(sha256(std::as_bytes(std::span(abc))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a manifest names copies of its files by their hash") {
  const Release release;
  const Ran ran = vitrine({"manifest", "--bundle", release.bundle, "--out", release.out});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const json manifest = release.read();
  const std::string url = manifest["bundle"]["url"];
  const std::string bytes = bytes_of(release.out + "/" + url);
  CHECK(bytes == bytes_of(release.bundle));
  CHECK(manifest["bundle"]["sha256"] == sha256(std::as_bytes(std::span(bytes))));
  CHECK(url.find(manifest["bundle"]["sha256"].get<std::string>().substr(0, 16)) !=
        std::string::npos);
  CHECK_FALSE(manifest.contains("signature"));
}

TEST_CASE("links for the head of a page name what a new visitor fetches first") {
  const Release release;
  REQUIRE(vitrine({"manifest", "--bundle", release.bundle, "--out", release.out, "--wasm",
                   release.key, "--preload", "/a\"b"})
              .code == 0);
  const std::string wasm = release.read()["wasm"]["url"];
  CHECK(bytes_of(release.out + "/preload.html") ==
        "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"/a&quot;b/manifest.json\">\n"
        "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"/a&quot;b/" +
            wasm + "\">\n");
  const json whole = {{"bundle", {{"url", "b"}}}, {"preview", {{"url", "s.vitrine"}}}};
  CHECK(preload_links(whole, "/v/").find("href=\"/v/s.vitrine\"") != std::string::npos);
}

TEST_CASE("a bundle much larger than its preview is published with one") {
  const Release release;
  const auto publish = [&](const std::string& preview) {
    REQUIRE(vitrine({"manifest", "--bundle", release.bundle, "--out", release.out, "--preview",
                     preview})
                .code == 0);
    return release.read();
  };
  CHECK_FALSE(publish("40KB").contains("preview"));  // the whole bundle is as small
  CHECK_FALSE(publish("none").contains("preview"));
  CHECK(vitrine({"manifest", "--bundle", release.bundle, "--out", release.out, "--preview", "tiny"})
            .code == 2);
}

TEST_CASE("what does not open is not published") {
  const Release release;
  const std::string broken = release.folder.write("broken.vitrine", "VITRINE? no");
  const Ran ran = vitrine({"manifest", "--bundle", broken, "--out", release.out});
  CHECK(ran.code == 3);
  CHECK_FALSE(std::filesystem::exists(release.manifest));
}

TEST_CASE("a manifest is signed as it is written, or later") {
  const Release release;
  REQUIRE(
      vitrine({"manifest", "--bundle", release.bundle, "--out", release.out, "--key", release.key})
          .code == 0);
  const std::string first = release.read()["signature"];
  CHECK(first.size() == 88);  // 64 bytes in base64
  REQUIRE(vitrine({"sign", release.manifest, "--key", release.key}).code == 0);
  CHECK(release.read()["signature"] != first);  // ECDSA is salted
}

TEST_CASE("the signed text states each file in a fixed order, whatever the order of the keys") {
  const json manifest = json::parse(R"({"format": 1, "wasm": {"sha256": "22", "url": "w"},
      "preview": {"url": "s", "sha256": "33"},
      "bundle": {"url": "b", "sha256": "11"}, "signature": "old"})");
  CHECK(signed_text(manifest) == "vitrine manifest 1\nbundle 11 b\nwasm 22 w\npreview 33 s\n");
}

TEST_CASE("a key is readable by its owner alone and is never overwritten") {
  const Release release;
  const std::string before = bytes_of(release.key);
  CHECK((std::filesystem::status(release.key).permissions() & std::filesystem::perms(077)) ==
        std::filesystem::perms::none);
  const Ran ran = vitrine({"keygen", "--out", release.key});
  CHECK(ran.code == 5);
  CHECK(ran.says("does not exist yet"));
  CHECK(bytes_of(release.key) == before);
}

TEST_CASE("what is no key or no manifest is told as such") {
  const Release release;
  const std::string other = release.folder.write("other.json", R"({"format": 2})");
  const std::string text = release.folder.write("text", "not JSON");
  CHECK(vitrine({"sign", other, "--key", release.key}).code == 3);
  CHECK(vitrine({"sign", text, "--key", release.key}).code == 3);
  CHECK(vitrine({"sign", release.folder / "none", "--key", release.key}).code == 5);
  REQUIRE(vitrine({"manifest", "--bundle", release.bundle, "--out", release.out}).code == 0);
  CHECK(vitrine({"sign", release.manifest, "--key", text}).code == 3);
  CHECK(vitrine({"sign", release.manifest, "--key", release.folder / "none"}).code == 5);
  CHECK_FALSE(release.read().contains("signature"));
}

}  // namespace vitrine::release
