/// What the paths that a page waits for do once each, for callgrind to count:
/// scripts/bench-instructions.sh. usage: vitrine_instructions make FILE     writes a bundle of
/// made-up items
///        vitrine_instructions run FILE      one call of each measured_ function
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "bundle/bundle_writer.h"
#include "recommend/models/partition_trainer.h"
#include "vitrine/split_mix.h"
#include "vitrine/vitrine.h"

namespace {

constexpr std::uint32_t kItems = 5000;
constexpr std::uint32_t kDims = 64;
constexpr std::size_t kGiven = 500;

vitrine::bundle::BundleContents made_up() {
  vitrine::SplitMix random(1);
  vitrine::bundle::BundleContents contents;
  contents.embeddings = {.dims = kDims, .lambda = 1.0F, .residuals = true};
  for (std::uint32_t item = 0; item < kItems; ++item) {
    contents.ids.push_back("item-" + std::to_string(item));
    contents.popularity.push_back(1.0 / (item + 1.0));
    contents.attributes.push_back({.category = "Category " + std::to_string(item % 40),
                                   .brand = "Brand " + std::to_string(item % 23),
                                   .price = 1.0F + static_cast<float>(item % 90)});
    for (std::uint32_t d = 0; d < kDims; ++d) {
      // Groups of 50 that lie near to one another.
      vitrine::SplitMix group(item / 50 * kDims + d);
      contents.embeddings.values.push_back(
          static_cast<float>(group.uniform() - 0.5 + 0.3 * (random.uniform() - 0.5)));
    }
    for (std::uint32_t next = 1; next <= 20; ++next) {
      if (item + next * 7 >= kItems) break;
      contents.session_rows.push_back(
          {.source = item, .target = item + next * 7, .weight = 1.0F / static_cast<float>(next)});
    }
  }
  for (std::uint32_t session = 0; session < 4000; ++session) {
    const auto first = static_cast<std::uint32_t>(random.below(kItems - 100));
    for (std::uint32_t step = 0; step < 5; ++step) {
      contents.sessions.items.push_back(first + step * 9);
    }
    contents.sessions.offsets.push_back(static_cast<std::uint32_t>(contents.sessions.items.size()));
  }
  contents.partitions = vitrine::recommend::train_partitions(contents.embeddings, {.threads = 1});
  contents.settings.recommend = {.session_rows = 1.0F, .popularity = 0.01F, .neighbours = 0.5F};
  contents.settings.similar = {.embeddings = 1.0F};
  contents.settings.row_decay = 0.5F;
  contents.settings.embedding_decay = 0.5F;
  contents.settings.embedding_alpha = 10.0F;
  contents.settings.kind_weights[0] = 1.0F;
  return contents;
}

/// What is measured works on; the answers keep the compiler from leaving calls out.
struct Bench {
  std::vector<std::byte> bytes;
  vitrine::Result<vitrine::Bundle> opened = vitrine::Status::kTruncated;
  std::unique_ptr<vitrine::Ranker> ranker;
  std::unique_ptr<vitrine::Arranger> arranger;
  std::array<std::string, kGiven> names;
  std::array<std::uint32_t, kGiven> given{};
  std::array<vitrine::Ranked, kGiven> list;
  std::array<vitrine::SessionEvent, 3> history{{{.item = 5}, {.item = 77}, {.item = 1234}}};
  std::size_t answers = 0;

  [[nodiscard]] const vitrine::Bundle& bundle() const { return opened.value(); }
  [[nodiscard]] vitrine::RankRequest request() const {
    return {.history = history, .blend = bundle().settings().recommend, .explain = true};
  }
};

#define MEASURED extern "C" [[gnu::noinline]] void

MEASURED measured_open(Bench& bench) { bench.opened = vitrine::Bundle::open(bench.bytes); }

MEASURED measured_find_500_ids(Bench& bench) {
  for (std::size_t i = 0; i < kGiven; ++i) {
    bench.given[i] = bench.bundle().ids().find(bench.names[i]).value_or(0);
  }
}

/// The first list that popularity fills up: the best-known items are found for it.
MEASURED measured_popular_20_first(Bench& bench) {
  const vitrine::RankRequest request{.blend = {.popularity = 1.0F}};
  bench.answers += bench.ranker->rank(request, std::span(bench.list).first(20));
}

MEASURED measured_recommend_20(Bench& bench) {
  bench.answers += bench.ranker->rank(bench.request(), std::span(bench.list).first(20));
}

MEASURED measured_arrange_20(Bench& bench) {
  const vitrine::Plan plan{.diversity = {.relevance = 0.7F, .per_category = 3}};
  bench.answers += bench.arranger->arrange(*bench.ranker, bench.request(), {}, plan,
                                           std::span(bench.list).first(20));
}

MEASURED measured_similar_20(Bench& bench) {
  bench.answers += bench.ranker->similar(3000, {}, std::span(bench.list).first(20));
}

MEASURED measured_scan_all(Bench& bench) {
  vitrine::RankRequest request = bench.request();
  request.blend = {.embeddings = 1.0F};
  request.explain = false;
  bench.answers += bench.ranker->rank(request, std::span(bench.list).first(20));
}

MEASURED measured_rerank_500(Bench& bench) {
  vitrine::RankRequest request = bench.request();
  request.explain = false;
  bench.answers += bench.ranker->rerank(bench.given, request, bench.list);
}

MEASURED measured_assign_1000(Bench& bench) {
  std::u16string unit = u"visitor-0000";
  for (int i = 0; i < 1000; ++i) {
    for (int digit = 0, rest = i; digit < 4; ++digit, rest /= 10) {
      unit[unit.size() - 1 - static_cast<std::size_t>(digit)] =
          static_cast<char16_t>(u'0' + rest % 10);
    }
    bench.answers += vitrine::bucket(u"hero", unit, 2).value_or(0.0) < 0.5 ? 1 : 0;
  }
}

int run(const char* path) {
  Bench bench;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  bench.bytes.resize(static_cast<std::size_t>(file.tellg()));
  file.seekg(0).read(reinterpret_cast<char*>(bench.bytes.data()),
                     static_cast<std::streamsize>(bench.bytes.size()));
  measured_open(bench);
  if (!bench.opened.ok()) {
    std::fprintf(stderr, "%s: %s\n", path, vitrine::message(bench.opened.status()).data());
    return 1;
  }
  bench.ranker = std::make_unique<vitrine::Ranker>(bench.bundle());
  bench.arranger = std::make_unique<vitrine::Arranger>(bench.bundle());
  for (std::size_t i = 0; i < kGiven; ++i) {
    bench.names[i] = "item-" + std::to_string(i * 131 % kItems);
  }
  measured_find_500_ids(bench);
  measured_popular_20_first(bench);
  measured_recommend_20(bench);
  measured_arrange_20(bench);
  measured_similar_20(bench);
  measured_scan_all(bench);
  measured_rerank_500(bench);
  measured_assign_1000(bench);
  std::printf("%zu answers\n", bench.answers);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "run") == 0) return run(argv[2]);
  if (argc != 3 || std::strcmp(argv[1], "make") != 0) {
    std::fprintf(stderr, "usage: %s make|run FILE\n", argv[0]);
    return 2;
  }
  const std::vector<std::byte> bytes = vitrine::bundle::write_bundle(made_up());
  std::ofstream file(argv[2], std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  return file.good() ? 0 : 5;
}
