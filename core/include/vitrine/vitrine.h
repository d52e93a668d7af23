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
///       const vitrine::SessionEvent history[] = {{.item = *item}};
///       std::array<vitrine::Ranked, 10> list;
///       vitrine::Ranker ranker(bundle.value());
///       const std::size_t count = ranker.rank(
///           {.history = history, .blend = bundle.value().settings().recommend}, list);
///       const vitrine::ItemNames names(bundle.value().ids());
///       std::array<char, vitrine::layout::kMaxIdBytes> id;
///       for (const vitrine::Ranked& ranked : std::span(list).first(count)) {
///         const auto text = names.id_of(ranked.item, id);
///         std::printf("%.*s %.4f\n", static_cast<int>(text.size()), text.data(),
///                     static_cast<double>(ranked.score));
///       }
///     }

#include "vitrine/arranger.h"
#include "vitrine/bundle.h"
#include "vitrine/bundle_layout.h"
#include "vitrine/catalog.h"
#include "vitrine/content_hash.h"
#include "vitrine/context.h"
#include "vitrine/experiment.h"
#include "vitrine/filter.h"
#include "vitrine/item_ids.h"
#include "vitrine/partitions.h"
#include "vitrine/popularity.h"
#include "vitrine/ranker.h"
#include "vitrine/rules.h"
#include "vitrine/scorers.h"
#include "vitrine/section_file.h"
#include "vitrine/session.h"
#include "vitrine/session_neighbours.h"
#include "vitrine/split_mix.h"
#include "vitrine/status.h"
