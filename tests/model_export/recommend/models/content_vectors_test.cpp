#include "recommend/models/content_vectors.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

namespace vitrine::recommend {

namespace {

struct Described {
  model::ItemAttributes attributes;
  std::string title;
};

ContentVectors vectors_of(const std::vector<Described>& items) {
  std::vector<model::ItemAttributes> attributes;
  std::vector<std::string> titles;
  for (const Described& item : items) {
    attributes.push_back(item.attributes);
    titles.push_back(item.title);
  }
  return content_vectors(attributes, titles);
}

std::vector<std::uint32_t> alike_of(const AlikeItems& alike, std::uint32_t receiver) {
  return {alike.items.begin() + static_cast<std::ptrdiff_t>(alike.offsets[receiver]),
          alike.items.begin() + static_cast<std::ptrdiff_t>(alike.offsets[receiver + 1])};
}

/// The donors most like the last item.
std::vector<std::uint32_t> most_like_last(const std::vector<Described>& items,
                                          std::uint32_t count = 10) {
  const auto donors = static_cast<std::uint32_t>(items.size() - 1);
  return alike_of(find_alike(vectors_of(items), donors, count, 1), 0);
}

}  // namespace

TEST_CASE("vectors have length 1, or 0 where the catalogue says nothing that is shared") {
  const ContentVectors vectors =
      vectors_of({{{.category = "a/b", .brand = "x", .price = 10.0F}, "red mug"},
                  {{.category = "a/c", .brand = "x", .price = 11.0F}, "red cup"},
                  {{}, ""},
                  {{}, "unheard"}});
  const auto length = [&](std::size_t item) {
    double squares = 0.0;
    for (std::uint64_t i = vectors.offsets[item]; i < vectors.offsets[item + 1]; ++i) {
      squares += static_cast<double>(vectors.weights[i]) * static_cast<double>(vectors.weights[i]);
    }
    return std::sqrt(squares);
  };
  CHECK(std::abs(length(0) - 1.0) < 1e-6);
  CHECK(std::abs(length(1) - 1.0) < 1e-6);
  CHECK(length(2) == 0.0);
  CHECK(length(3) == 0.0);
}

TEST_CASE("each part of a description makes items alike") {
  const std::vector<std::pair<Described, Described>> cases = {
      {{{.category = "Kitchen/Mugs"}, ""}, {{.category = "Kitchen/Mugs"}, ""}},
      {{{.category = "Kitchen/Mugs"}, ""}, {{.category = "Kitchen/Pans/Woks"}, ""}},
      {{{.brand = "Corva"}, ""}, {{.brand = "Corva"}, ""}},
      {{{.price = 19.9F}, ""}, {{.price = 21.0F}, ""}},
      {{{}, "stoneware mug, sage"}, {{}, "(stoneware) bowl"}},
      {{{}, "größe"}, {{}, "eine größe"}},
      {{{}, "青い茶碗"}, {{}, "茶碗・白"}}};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO(i);
    const Described other = {{.category = "Garden", .brand = "Else", .price = 5000.0F}, "hose"};
    CHECK(most_like_last({other, cases[i].first, cases[i].second}) ==
          std::vector<std::uint32_t>{1});
  }
}

TEST_CASE("what few items share counts more than what many do") {
  const std::vector<Described> items = {{{.category = "Mugs"}, "blue"},
                                        {{.category = "Mugs"}, "green"},
                                        {{.category = "Mugs"}, "black"},
                                        {{.category = "Pans"}, "sage"},
                                        {{.category = "Mugs"}, "sage"}};
  CHECK(most_like_last(items) == std::vector<std::uint32_t>{3, 0, 1, 2});
  CHECK(most_like_last(items, 2) == std::vector<std::uint32_t>{3, 0});
}

TEST_CASE("shares add up to 1, and the more alike item has more") {
  const ContentVectors vectors = vectors_of({{{.category = "Mugs", .brand = "Corva"}, "mug"},
                                             {{.category = "Mugs"}, "cup"},
                                             {{.category = "Pans"}, "pan"},
                                             {{.category = "Mugs", .brand = "Corva"}, "mug"},
                                             {{.category = "Tents"}, "tent"}});
  const AlikeItems alike = find_alike(vectors, 3, 10, 1);
  REQUIRE(alike.size() == 2);
  REQUIRE(alike_of(alike, 0) == std::vector<std::uint32_t>{0, 1});
  CHECK(alike.shares[0] > alike.shares[1]);
  CHECK(std::abs(alike.shares[0] + alike.shares[1] - 1.0F) < 1e-6F);
  CHECK(alike_of(alike, 1).empty());
}

TEST_CASE("alike items are the same for any number of threads") {
  std::vector<Described> items;
  for (int i = 0; i < 500; ++i) {
    items.push_back({{.category = "c" + std::to_string(i % 7),
                      .brand = "b" + std::to_string(i % 11),
                      .price = 5.0F + static_cast<float>(i % 90)},
                     "word" + std::to_string(i % 23) + " word" + std::to_string(i % 31)});
  }
  const ContentVectors vectors = vectors_of(items);
  const AlikeItems one = find_alike(vectors, 300, 20, 1);
  const AlikeItems three = find_alike(vectors, 300, 20, 3);
  CHECK(one.offsets == three.offsets);
  CHECK(one.items == three.items);
  CHECK(one.shares == three.shares);
}

}  // namespace vitrine::recommend
