#include "recommend/training/budget.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <set>

#include "base/error.h"
#include "bundle/bundle_file.h"
#include "core/shop.h"
#include "vitrine/ranking/ranker.h"
#include "vitrine/split_mix.h"

namespace vitrine::recommend {

namespace {

/// A shop of random rows with distinct weights.
bundle::BundleContents large_shop(std::uint32_t items = 400, std::uint32_t per_row = 30) {
  SplitMix random(4);
  bundle::BundleContents shop;
  shop.settings = testing::small_shop().settings;
  for (std::uint32_t i = 0; i < items; ++i) {
    shop.ids.push_back("item-" + std::to_string(random.below(1U << 30U)) + std::to_string(i));
    shop.popularity.push_back(items - i);
    std::set<std::uint32_t> targets;
    while (targets.size() < per_row) {
      targets.insert(static_cast<std::uint32_t>(random.below(items)));
    }
    for (const std::uint32_t target : targets) {
      shop.session_rows.push_back({i, target, static_cast<float>(0.01 + random.uniform())});
    }
  }
  return shop;
}

std::size_t size_of(const std::vector<std::byte>& bytes, SizeOf measure) {
  if (measure == SizeOf::kRaw) return bytes.size();
  return bundle::brotli_size(bytes, measure == SizeOf::kBrotli9 ? 9 : 11);
}

std::size_t least_size(bundle::BundleContents shop, SizeOf measure) {
  shop.session_rows.clear();
  return size_of(bundle::write_bundle(shop), measure);
}

constexpr SizeOf kMeasures[] = {SizeOf::kRaw, SizeOf::kBrotli9, SizeOf::kBrotli11};

}  // namespace

TEST_CASE("the strongest entries are kept in their order, of equal ones the earlier") {
  const std::vector<model::SessionEntry> entries = {{0, 1, 0.2F}, {0, 2, 0.5F}, {1, 0, 0.5F},
                                                    {1, 2, 0.9F}, {2, 0, 0.5F}, {2, 1, 0.1F}};
  const auto targets = [&](std::size_t count) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
    for (const model::SessionEntry& entry : strongest(entries, count)) {
      out.emplace_back(entry.source, entry.target);
    }
    return out;
  };
  using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  CHECK(targets(0).empty());
  CHECK(targets(1) == Pairs{{1, 2}});
  CHECK(targets(3) == Pairs{{0, 2}, {1, 0}, {1, 2}});
  CHECK(targets(5) == Pairs{{0, 1}, {0, 2}, {1, 0}, {1, 2}, {2, 0}});
  CHECK(targets(6).size() == 6);
  CHECK(targets(99).size() == 6);
}

TEST_CASE("a bundle never passes its budget and uses most of it") {
  const bundle::BundleContents shop = large_shop();
  for (const SizeOf measure : kMeasures) {
    const std::size_t least = least_size(shop, measure);
    const std::size_t whole =
        fit_budget(shop, std::numeric_limits<std::size_t>::max(), measure).size;
    for (const double share : {0.1, 0.3, 0.6, 0.95}) {
      const auto budget = static_cast<std::size_t>(static_cast<double>(least) +
                                                   share * static_cast<double>(whole - least));
      INFO("measure " << static_cast<int>(measure) << ", budget " << budget);
      const Fitted fitted = fit_budget(shop, budget, measure);
      CHECK(fitted.size <= budget);
      CHECK(fitted.size == size_of(fitted.bytes, measure));
      CHECK(static_cast<double>(fitted.size) > 0.93 * static_cast<double>(budget));
      const bundle::BundleFile file = bundle::BundleFile::open(fitted.bytes);
      CHECK(file.bundle().header().session_entries == fitted.entries);
    }
  }
}

TEST_CASE("what the budget drops is weaker than what it keeps") {
  const bundle::BundleContents shop = large_shop(100, 20);
  const std::size_t least = least_size(shop, SizeOf::kRaw);
  const Fitted fitted = fit_budget(shop, least + 1500, SizeOf::kRaw);
  REQUIRE(fitted.entries > 100);
  REQUIRE(fitted.entries < shop.session_rows.size());
  const bundle::BundleFile file = bundle::BundleFile::open(fitted.bytes);
  float weakest_kept = 2.0F;
  float strongest_dropped = 0.0F;
  for (const model::SessionEntry& entry : shop.session_rows) {
    const std::uint32_t source = file.bundle().ids().find(shop.ids[entry.source]).value();
    const std::uint32_t target = file.bundle().ids().find(shop.ids[entry.target]).value();
    if (file.bundle().session_rows().find(source, target) > 0.0F) {
      weakest_kept = std::min(weakest_kept, entry.weight);
    } else {
      strongest_dropped = std::max(strongest_dropped, entry.weight);
    }
  }
  CHECK(weakest_kept >= strongest_dropped);
}

TEST_CASE("the budget holds where weak entries compress to almost nothing") {
  // Few strong entries without pattern, then many that brotli sees through: bytes are far from
  // growing in line with entries.
  bundle::BundleContents shop = large_shop(1000, 3);
  std::vector<model::SessionEntry> rows;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    for (std::uint32_t j = 0; j < 200; ++j) {
      rows.push_back({i, i < 500 ? j + 300 : j, 0.001F});
    }
  }
  std::vector<model::SessionEntry> merged = shop.session_rows;
  std::set<std::pair<std::uint32_t, std::uint32_t>> there;
  for (const model::SessionEntry& entry : merged) there.emplace(entry.source, entry.target);
  for (const model::SessionEntry& entry : rows) {
    if (!there.contains({entry.source, entry.target})) merged.push_back(entry);
  }
  std::sort(merged.begin(), merged.end(),
            [](const model::SessionEntry& a, const model::SessionEntry& b) {
              return a.source != b.source ? a.source < b.source : a.target < b.target;
            });
  const std::size_t with_strong = bundle::brotli_size(bundle::write_bundle(shop));
  shop.session_rows = std::move(merged);
  const std::size_t least = least_size(shop, SizeOf::kBrotli11);
  for (const double share : {0.2, 0.6, 0.9}) {
    const auto budget = static_cast<std::size_t>(static_cast<double>(least) +
                                                 share * static_cast<double>(with_strong - least));
    INFO("share " << share);
    const Fitted fitted = fit_budget(shop, budget, SizeOf::kBrotli11);
    CHECK(fitted.size <= budget);
    CHECK(fitted.size == bundle::brotli_size(fitted.bytes));
    CHECK(fitted.entries > 50);
  }
}

TEST_CASE("a budget that is no bound keeps every entry") {
  const bundle::BundleContents shop = large_shop(50, 10);
  const Fitted fitted = fit_budget(shop, 1U << 30U, SizeOf::kRaw);
  CHECK(fitted.entries == 500);
  CHECK(fitted.size == fitted.bytes.size());
}

TEST_CASE("the least budget works, and one byte less says how much is needed") {
  const bundle::BundleContents shop = large_shop(300, 10);
  for (const SizeOf measure : kMeasures) {
    INFO("measure " << static_cast<int>(measure));
    const std::size_t least = least_size(shop, measure);
    CHECK(fit_budget(shop, least, measure).size <= least);
    try {
      (void)fit_budget(shop, least - 1, measure);
      FAIL("a bundle without room was made");
    } catch (const base::Error& error) {
      CHECK(error.code() == base::ExitCode::kUsage);
      const std::string message = error.what();
      CHECK(message.find("needs " + std::to_string(least) + " bytes") != std::string::npos);
      CHECK(message.find("--max-bytes") != std::string::npos);
    }
  }
}

TEST_CASE("sampled sessions take at most their share of what is left, and session rows the rest") {
  const bundle::BundleContents shop = large_shop();
  SplitMix random(9);
  model::SessionTable table;
  for (int session = 0; session < 6000; ++session) {
    for (int i = 0; i < 5; ++i) {
      table.items.push_back(static_cast<std::uint32_t>(random.below(400)));
    }
    table.offsets.push_back(table.items.size());
  }
  table.kinds.resize(table.items.size());
  model::PairStatistics pairs{.item_count = 400, .offsets = {0}};
  for (std::uint32_t a = 0; a < 400; ++a) {
    for (std::uint32_t b = 0; b < 400; ++b) {
      pairs.partner.push_back(b);
      pairs.together.push_back(1.0F);
    }
    pairs.offsets.push_back(pairs.partner.size());
  }
  const SessionSampler sampler(table, pairs);
  for (const SizeOf measure : kMeasures) {
    const std::size_t bare = least_size(shop, measure);
    const std::size_t budget = bare + 12000;
    for (const double share : {0.1, 0.5, 1.0}) {
      INFO("measure " << static_cast<int>(measure) << ", share " << share);
      bundle::BundleContents contents = shop;
      contents.sessions = fit_sample(shop, sampler, sampler.entries(), share, budget, measure);
      const double used = static_cast<double>(least_size(contents, measure) - bare);
      CHECK(used <= share * 12000.0);
      CHECK(used > share * 9000.0);
      const Fitted fitted = fit_budget(contents, budget, measure);
      CHECK(fitted.size <= budget);
      CHECK((share == 1.0 || fitted.entries > 1000));
    }
  }
  CHECK(fit_sample(shop, sampler, 100, 1.0, 1U << 30U, SizeOf::kRaw).items.size() <= 100);
  CHECK(fit_sample(shop, sampler, 1U << 30U, 1.0, 1U << 30U, SizeOf::kRaw).items.size() ==
        sampler.entries());
  CHECK(fit_sample(shop, sampler, 1U << 30U, 1.0, 100, SizeOf::kRaw).items.empty());
}

}  // namespace vitrine::recommend
