#include "ranking/request.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace vitrine::abi {
namespace {

/// Takes blocks and lists of indices from the front of a buffer.
class Words {
 public:
  explicit Words(std::span<const std::uint32_t> words) : rest_(words) {}

  std::span<const std::uint32_t> list(std::size_t count) {
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  template <typename Block>
  Block block() {
    Block block;
    std::memcpy(&block, list(sizeof(Block) / sizeof(std::uint32_t)).data(), sizeof(Block));
    return block;
  }

 private:
  std::span<const std::uint32_t> rest_;
};

}  // namespace

std::int64_t time_of(double milliseconds) {
  return static_cast<std::int64_t>(std::clamp(milliseconds, -0x1p53, 0x1p53));
}

ListRequest RequestReader::read(std::span<const std::uint32_t> words, const Bundle& bundle) {
  Words rest(words);
  const auto asked = rest.block<Request>();
  pins_.clear();
  for (std::uint32_t left = asked.pins; left > 0; --left) pins_.push_back(rest.block<Pin>());
  Words rules = rest;
  rest.list(asked.rules * sizeof(RequestRule) / sizeof(std::uint32_t));

  ListRequest request{.mode = asked.mode,
                      .limit = asked.limit,
                      .now = time_of(asked.now),
                      .exclude_seen = asked.exclude_seen != 0,
                      .explain = asked.explain != 0};
  request.filter.categories = rest.list(asked.categories);
  request.filter.brands = rest.list(asked.brands);
  request.filter.min_price = asked.min_price;
  request.filter.max_price = asked.max_price;
  request.filter.available_only = asked.available_only != 0;
  request.exclude = rest.list(asked.excluded);
  request.given = rest.list(asked.given);
  request.context.categories = rest.list(asked.shown);
  request.context.market = bundle.markets().of(asked.market);
  if (asked.landing < bundle.item_count()) request.context.landing = asked.landing;

  rules_.clear();
  for (std::uint32_t left = asked.rules; left > 0; --left) {
    const auto given = rules.block<RequestRule>();
    Rule& rule = rules_.emplace_back();
    rule.factor = given.factor;
    rule.when.min_price = given.min_price;
    rule.when.max_price = given.max_price;
    rule.items = rest.list(given.items);
    rule.when.categories = rest.list(given.categories);
    rule.when.brands = rest.list(given.brands);
  }
  request.rules = rules_;
  if (asked.planned != 0) {
    plan_ = {.diversity = {.relevance = asked.relevance,
                           .per_category = asked.per_category,
                           .per_brand = asked.per_brand},
             .exploration = asked.exploration,
             .strength = asked.strength,
             .seed = asked.seed_low | std::uint64_t{asked.seed_high} << 32U,
             .pins = pins_};
    request.plan = &plan_;
  }
  return request;
}

}  // namespace vitrine::abi
