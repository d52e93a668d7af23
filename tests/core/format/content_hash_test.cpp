#include "vitrine/format/content_hash.h"

#include <catch2/catch_test_macros.hpp>
#include <string_view>

namespace vitrine {
namespace {

std::uint64_t hash(std::string_view text) { return content_hash(std::as_bytes(std::span(text))); }

TEST_CASE("XXH64 gives the published values") {
  CHECK(hash("") == 0xEF46DB3751D8E999ULL);
  CHECK(hash("a") == 0xD24EC4F1A98C6E5BULL);
  CHECK(hash("abc") == 0x44BC2CF5AD770999ULL);
  CHECK(hash("Nobody inspects the spammish repetition") == 0xFBCEA83C8A378BF1ULL);
}

}  // namespace
}  // namespace vitrine
