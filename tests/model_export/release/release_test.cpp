#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "model_export/command_fixture.h"
#include "release/manifest.h"
#include "release/signing.h"

namespace vitrine::release {
namespace {

using json = Json;

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

  /// Publishes the bundle with further arguments.
  [[nodiscard]] Ran publish(std::vector<std::string> more) const {
    more.insert(more.begin(), {"manifest", "--bundle", bundle, "--out", out});
    return vitrine(more);
  }
  [[nodiscard]] Ran publish_signed(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"--key", key, "--shop", "https://shop.example"});
    return publish(more);
  }
};

/// Returns the part of a kind; null when there is none.
json part(const json& manifest, const std::string& kind) {
  for (const json& one : manifest["parts"]) {
    if (one["kind"] == kind) return one;
  }
  return {};
}

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
  const json file = part(manifest, "bundle");
  const std::string url = file["url"];
  const std::string bytes = bytes_of(release.out + "/" + url);
  CHECK(bytes == bytes_of(release.bundle));
  CHECK(file["size"] == bytes.size());
  CHECK(file["sha256"] == sha256(std::as_bytes(std::span(bytes))));
  CHECK(url.find(file["sha256"].get<std::string>().substr(0, 16)) != std::string::npos);
  // Without a signature no clock takes part: the same files give the same manifest.
  const std::string first = bytes_of(release.manifest);
  for (const char* name : {"signatures", "release", "expires", "shop"}) {
    CHECK_FALSE(manifest.contains(name));
  }
  REQUIRE(release.publish({}).code == 0);
  CHECK(bytes_of(release.manifest) == first);
}

TEST_CASE("links for the head of a page name what a new visitor fetches first") {
  const Release release;
  REQUIRE(vitrine({"manifest", "--bundle", release.bundle, "--out", release.out, "--wasm",
                   release.key, "--preload", "/a\"b"})
              .code == 0);
  const std::string wasm = part(release.read(), "wasm")["url"];
  CHECK(bytes_of(release.out + "/preload.html") ==
        "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"/a&quot;b/manifest.json\">\n"
        "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"/a&quot;b/" +
            wasm + "\">\n");
  const json whole = json::parse(R"({"parts": [{"kind": "bundle", "url": "b"},
                                {"kind": "preview", "url": "s.vitrine"}]})");
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
  CHECK(part(publish("40KB"), "preview").is_null());  // the whole bundle is as small
  CHECK(part(publish("none"), "preview").is_null());
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
  REQUIRE(release.publish_signed().code == 0);
  const json first = release.read();
  CHECK(first["shop"] == "https://shop.example");
  REQUIRE(first["signatures"].size() == 1);
  const std::string value = first["signatures"][0]["value"];
  CHECK(value.size() == 88);  // 64 bytes in base64
  REQUIRE(vitrine({"sign", release.manifest, "--key", release.key}).code == 0);
  const json again = release.read();
  CHECK(again["signatures"].size() == 1);
  CHECK(again["signatures"][0]["value"] != value);  // ECDSA is salted
  CHECK(signed_text(again) == signed_text(first));

  REQUIRE(release.publish({"--shop", "https://shop.example/"}).code == 0);
  CHECK_FALSE(release.read().contains("release"));
  REQUIRE(vitrine({"sign", release.manifest, "--key", release.key}).code == 0);
  const json later = release.read();
  CHECK(later["shop"] == "https://shop.example");
  CHECK(later["release"].is_number_unsigned());
  CHECK(later["expires"].is_string());
}

TEST_CASE("a signed manifest needs its shop") {
  const Release release;
  const Ran ran = release.publish({"--key", release.key});
  CHECK(ran.code == 2);
  CHECK(ran.says("--shop"));
  CHECK_FALSE(std::filesystem::exists(release.manifest));
  REQUIRE(release.publish({}).code == 0);
  const Ran later = vitrine({"sign", release.manifest, "--key", release.key});
  CHECK(later.code == 2);
  CHECK(later.says("--shop"));
}

TEST_CASE("the release of a signed manifest rises by itself and never falls") {
  const Release release;
  const auto number = [&] { return release.read()["release"].get<std::uint64_t>(); };
  REQUIRE(release.publish_signed().code == 0);
  const std::uint64_t first = number();
  CHECK(first > 1'700'000'000);
  REQUIRE(release.publish_signed().code == 0);
  CHECK(number() > first);
  REQUIRE(release.publish_signed({"--release", "9000000000"}).code == 0);
  REQUIRE(release.publish_signed().code == 0);
  CHECK(number() == 9'000'000'001);
  const Ran ran = release.publish_signed({"--release", "5"});
  CHECK(ran.code == 2);
  CHECK(ran.says("9000000001"));
  CHECK(number() == 9'000'000'001);
}

TEST_CASE("a manifest expires when it should") {
  const Release release;
  setenv("SOURCE_DATE_EPOCH", "1767225600", 1);  // 2026-01-01
  REQUIRE(release.publish_signed().code == 0);
  CHECK(release.read()["expires"] == "2026-01-31T00:00:00Z");
  REQUIRE(release.publish_signed({"--expires-days", "366"}).code == 0);
  CHECK(release.read()["expires"] == "2027-01-02T00:00:00Z");
  const json before = release.read();
  REQUIRE(vitrine({"sign", release.manifest, "--key", release.key, "--expires-days", "7"}).code ==
          0);
  unsetenv("SOURCE_DATE_EPOCH");
  CHECK(release.read()["expires"] == "2026-01-08T00:00:00Z");
  CHECK(release.read()["release"] == before["release"]);
  CHECK(release.publish_signed({"--expires-days", "0"}).code == 2);
}

TEST_CASE("a new key signs beside the old one") {
  const Release release;
  const std::string next = release.folder / "next.pem";
  REQUIRE(vitrine({"keygen", "--out", next}).code == 0);
  REQUIRE(release.publish_signed().code == 0);
  const json before = release.read();
  REQUIRE(vitrine({"sign", release.manifest, "--key", next}).code == 0);
  const json both = release.read();
  REQUIRE(both["signatures"].size() == 2);
  CHECK(both["signatures"][0] == before["signatures"][0]);
  CHECK(both["signatures"][1]["key"] != both["signatures"][0]["key"]);
  REQUIRE(release.publish_signed({"--key", next}).code == 0);
  CHECK(release.read()["signatures"].size() == 2);
  // A new end is another text, which the other key has not signed.
  REQUIRE(vitrine({"sign", release.manifest, "--key", next, "--expires-days", "9"}).code == 0);
  CHECK(release.read()["signatures"].size() == 1);
}

TEST_CASE("the signed text is the manifest without signatures and white space") {
  const json manifest = json::parse(R"({"format": 2, "shop": "é \"x\"", "release": 7,
      "parts": [{"kind": "cards", "url": "c", "size": 0, "sha256": "33", "language": "de"},
                {"kind": "bundle", "url": "b/c", "size": 12, "sha256": "11"}],
      "signatures": [{"value": "old"}], "more": {"b": [1, true, null], "a": "\u0001"}})");
  CHECK(signed_text(manifest) ==
        R"({"format":2,"shop":"é \"x\"","release":7,"parts":[{"kind":"cards","url":"c","size":0,)"
        R"("sha256":"33","language":"de"},{"kind":"bundle","url":"b/c","size":12,"sha256":"11"}],)"
        R"("more":{"b":[1,true,null],"a":"\u0001"}})");
  json odd = manifest;
  odd["more"] = 0.5;
  CHECK_THROWS(signed_text(odd));
  odd["more"] = std::uint64_t{1} << 60;
  CHECK_THROWS(signed_text(odd));
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
  const std::string other = release.folder.write("other.json", R"({"format": 1})");
  const std::string text = release.folder.write("text", "not JSON");
  CHECK(vitrine({"sign", other, "--key", release.key}).code == 3);
  CHECK(vitrine({"sign", text, "--key", release.key}).code == 3);
  CHECK(vitrine({"sign", release.folder / "none", "--key", release.key}).code == 5);
  REQUIRE(release.publish({"--shop", "x"}).code == 0);
  CHECK(vitrine({"sign", release.manifest, "--key", text}).code == 3);
  CHECK(vitrine({"sign", release.manifest, "--key", release.folder / "none"}).code == 5);
  CHECK_FALSE(release.read().contains("signatures"));
}

}  // namespace vitrine::release
