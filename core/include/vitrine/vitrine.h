#pragma once

/// Everything of vitrine::core. A complete program (the build of the tests compiles it):
///
///     #include "vitrine/vitrine.h"
///
///     #include <array>
///     #include <cstdio>
///     #include <fstream>
///     #include <vector>
///
///     int main(int argc, char** argv) {  // usage: program shop.vitrine ITEM_ID
///       if (argc != 3) return 2;
///       std::ifstream file(argv[1], std::ios::binary | std::ios::ate);
///       std::vector<char> bytes(static_cast<std::size_t>(file.tellg()));
///       file.seekg(0).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
///       const auto bundle = vitrine::Bundle::open(std::as_bytes(std::span(bytes)));
///       if (!bundle.ok()) return std::puts(vitrine::message(bundle.status()).data()), 1;
///       const auto item = bundle.value().ids().find(argv[2]);
///       if (!item) return std::puts("no such item"), 1;
///
///       vitrine::Shopper shopper(bundle.value().settings().session_gap);
///       shopper.record({.item = *item});
///       vitrine::Recommender recommender(bundle.value());
///       const vitrine::ItemNames names(bundle.value().ids());
///       std::array<char, vitrine::layout::kMaxIdBytes> id;
///       for (const vitrine::Ranked& ranked : recommender.list(shopper, {.limit = 10})) {
///         const auto text = names.id_of(ranked.item, id);
///         std::printf("%.*s %.4f\n", static_cast<int>(text.size()), text.data(),
///                     static_cast<double>(ranked.score));
///       }
///     }

#include "vitrine/experiment/bucketing.h"
#include "vitrine/format/bundle.h"
#include "vitrine/format/bundle_layout.h"
#include "vitrine/format/catalog.h"
#include "vitrine/format/content_hash.h"
#include "vitrine/format/item_ids.h"
#include "vitrine/format/popularity.h"
#include "vitrine/format/section_file.h"
#include "vitrine/format/settings.h"
#include "vitrine/format/signals.h"
#include "vitrine/ranking/arranger.h"
#include "vitrine/ranking/embedding_scorer.h"
#include "vitrine/ranking/explainer.h"
#include "vitrine/ranking/filter.h"
#include "vitrine/ranking/partitions.h"
#include "vitrine/ranking/rank_request.h"
#include "vitrine/ranking/ranker.h"
#include "vitrine/ranking/rules.h"
#include "vitrine/ranking/score_board.h"
#include "vitrine/ranking/session.h"
#include "vitrine/ranking/session_neighbours.h"
#include "vitrine/ranking/shortlist.h"
#include "vitrine/ranking/signals/registry.h"
#include "vitrine/ranking/top_list.h"
#include "vitrine/split_mix.h"
#include "vitrine/status.h"
#include "vitrine/visit/context.h"
#include "vitrine/visit/recommender.h"
#include "vitrine/visit/shopper.h"
