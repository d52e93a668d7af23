#include "bundle/bundle_writer.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <numeric>
#include <span>
#include <string_view>
#include <unordered_set>

#include "base/error.h"
#include "bundle/file_builder.h"
#include "bundle/row_writer.h"
#include "vitrine/format/bundle.h"
#include "vitrine/format/content_hash.h"

namespace vitrine::bundle {
namespace {

using layout::SectionKind;
using BundleBuilder = FileBuilder<layout::Header>;

/// Returns the smallest number with an empty lower half that is not below `value`; widen() restores
/// it.
std::uint16_t narrow_up(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0xFFFFU) >> 16U);
}

void append_varint(Bytes& bytes, std::size_t value) {
  for (; value >= 0x80; value >>= 7U) bytes.push_back(static_cast<std::byte>(value | 0x80U));
  bytes.push_back(static_cast<std::byte>(value));
}

void add_ids(BundleBuilder& file, const std::vector<std::string>& ids) {
  std::vector<std::uint32_t> order(ids.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return ids[a] < ids[b]; });
  const std::size_t blocks = (ids.size() + layout::kIdBlock - 1) / layout::kIdBlock;
  std::vector<std::uint32_t> offsets;
  Bytes text;
  std::string_view previous;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const std::string_view id = ids[order[rank]];
    if (id.empty() || id.size() > layout::kMaxIdBytes) {
      throw base::Error(base::ExitCode::kDataUnusable,
                        "An item id has " + std::to_string(id.size()) +
                            " bytes; ids must have 1 to " + std::to_string(layout::kMaxIdBytes) +
                            ".");
    }
    std::size_t shared = 0;
    if (rank % layout::kIdBlock == 0) {
      offsets.push_back(static_cast<std::uint32_t>((blocks + 1) * 4 + text.size()));
    } else {
      const std::size_t most = std::min(previous.size(), id.size());
      while (shared < most && previous[shared] == id[shared]) ++shared;
    }
    append_varint(text, shared);
    append_varint(text, id.size() - shared);
    append(text, id.substr(shared));
    previous = id;
  }
  offsets.push_back(static_cast<std::uint32_t>((blocks + 1) * 4 + text.size()));
  Bytes bytes = array_bytes(offsets);
  append(bytes, text);
  file.add(SectionKind::kIds, std::move(bytes));
  file.add(SectionKind::kIdOrder, plane_bytes(order, ids.size() <= 65536 ? 2 : 3));
}

/// The fields that differ from their default, so that a file says nothing of signals that it does
/// not use.
Bytes settings_bytes(const layout::Settings& settings) {
  static constexpr layout::Settings kDefaults;
  Bytes bytes;
  for (const layout::SettingField& field : layout::kSettingFields) {
    const std::size_t size = sizeof(std::uint32_t) * field.count;
    const std::span values = std::as_bytes(std::span(&settings, 1)).subspan(field.offset, size);
    const std::span usual = std::as_bytes(std::span(&kDefaults, 1)).subspan(field.offset, size);
    if (std::equal(values.begin(), values.end(), usual.begin())) continue;
    append_value(bytes, static_cast<std::uint16_t>(field.tag));
    append_value(bytes, static_cast<std::uint16_t>(field.count));
    append(bytes, values);
  }
  return bytes;
}

/// Orders `texts` as layout says: byte by byte, `separator` before every other byte.
struct TextOrder {
  char separator;
  bool operator()(std::string_view a, std::string_view b) const {
    const auto key = [this](char c) {
      return c == separator ? -1 : static_cast<int>(static_cast<unsigned char>(c));
    };
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [&](char x, char y) { return key(x) < key(y); });
  }
};

void check_text_count(std::size_t count, const char* what) {
  if (count < layout::kNoCategory) return;
  throw base::Error(base::ExitCode::kDataUnusable, "The catalogue has " + std::to_string(count) +
                                                       " " + what + "; a bundle holds at most " +
                                                       std::to_string(layout::kNoCategory - 1) +
                                                       ". Use coarser ones.");
}

void check_item_count(std::size_t count) {
  if (count <= layout::kMaxItems) return;
  throw base::Error(base::ExitCode::kDataUnusable, "There are " + std::to_string(count) +
                                                       " items; a bundle holds at most " +
                                                       std::to_string(layout::kMaxItems) + ".");
}

/// Calls take(level) for each level above a path: "a" and "a/b" of "a/b/c".
template <typename Take>
void each_level_above(std::string_view path, const Take& take) {
  for (std::size_t at = path.find('/'); at != std::string_view::npos; at = path.find('/', at + 1)) {
    take(path.substr(0, at));
  }
}

/// Writes the table of the distinct texts and returns the index of each text in it.
std::vector<std::uint16_t> add_texts(BundleBuilder& file, SectionKind kind, char separator,
                                     const std::vector<std::string_view>& texts, const char* what) {
  std::map<std::string_view, std::uint16_t, TextOrder> places(TextOrder{separator});
  for (const std::string_view text : texts) {
    if (!text.empty()) places.emplace(text, 0);
  }
  check_text_count(places.size(), what);
  std::vector<std::string_view> sorted;
  for (auto& [text, place] : places) {
    place = static_cast<std::uint16_t>(sorted.size());
    sorted.push_back(text);
  }
  if (!places.empty()) file.add(kind, string_table(sorted));

  std::vector<std::uint16_t> result;
  static_assert(layout::kNoCategory == layout::kNoBrand);
  for (const std::string_view text : texts) {
    result.push_back(text.empty() ? layout::kNoCategory : places.find(text)->second);
  }
  if (places.empty()) result.clear();
  return result;
}

/// The table has every path together with all levels above it, so that a filter may name any level.
void add_catalogue(BundleBuilder& file, const std::vector<model::ItemAttributes>& attributes) {
  if (attributes.empty()) return;
  std::vector<std::string_view> categories;
  std::vector<std::string_view> brands;
  std::vector<float> prices;
  std::vector<std::uint8_t> available((attributes.size() + 7) / 8);
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const model::ItemAttributes& item = attributes[i];
    categories.emplace_back(item.category);
    brands.emplace_back(item.brand);
    const bool priced = std::isfinite(item.price) && item.price >= 0.0F;
    prices.push_back(priced ? item.price : layout::kNoPrice);
    if (item.available)
      available[i / 8] = static_cast<std::uint8_t>(available[i / 8] | 1U << i % 8);
  }
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    each_level_above(attributes[i].category,
                     [&](std::string_view level) { categories.push_back(level); });
  }
  std::vector<std::uint16_t> item_category =
      add_texts(file, SectionKind::kCategories, '/', categories, "categories");
  if (!item_category.empty()) item_category.resize(attributes.size());
  file.add(SectionKind::kItemCategory, array_bytes(item_category));
  file.add(SectionKind::kItemBrand,
           array_bytes(add_texts(file, SectionKind::kBrands, '\0', brands, "brands")));
  if (std::any_of(prices.begin(), prices.end(), [](float p) { return p != layout::kNoPrice; })) {
    file.add(SectionKind::kItemPrice, array_bytes(prices));
  }
  file.add(SectionKind::kItemAvailable, array_bytes(available));
}

/// The best-known items get their share in steps of 1/2048 of an octave, the many others in steps
/// of an eighth: fewer different bytes.
void add_popularity(BundleBuilder& file, const std::vector<double>& popularity) {
  constexpr std::size_t kFine = 1024;
  std::vector<double> sorted = popularity;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const double best = sorted.front();
  const double fine = sorted[std::min(sorted.size(), kFine) - 1];
  std::vector<std::uint32_t> codes;
  for (const double value : popularity) {
    const std::uint32_t code = value > 0.0 ? popularity_code(value / best) : 0;
    codes.push_back(value < fine ? code & 0xFF00U : code);
  }
  file.add(SectionKind::kPopularity, plane_bytes(codes, 2));
}

/// Rows as integer codes of 8 bits each, and their remainders in 256ths.
struct Codes {
  std::size_t stride;
  std::vector<std::uint16_t> scales;
  std::vector<std::int8_t> codes;
  std::vector<std::int8_t> residuals;

  Codes(const std::vector<float>& values, std::size_t dims)
      : stride((dims + 15) / 16 * 16),
        scales(values.size() / dims),
        codes(scales.size() * stride),
        residuals(codes.size()) {
    for (std::size_t row = 0; row < scales.size(); ++row) {
      const float* y = values.data() + row * dims;
      float largest = 0.0F;
      for (std::size_t d = 0; d < dims; ++d) largest = std::max(largest, std::fabs(y[d]));
      scales[row] = narrow_up(largest / 127.0F);
      const float step = widen(scales[row]);
      for (std::size_t d = 0; d < dims && step > 0.0F; ++d) {
        const long whole = std::lround(y[d] / step);
        const float left = (y[d] / step - static_cast<float>(whole)) * 256.0F;
        codes[row * stride + d] = static_cast<std::int8_t>(whole);
        residuals[row * stride + d] =
            static_cast<std::int8_t>(std::clamp(std::lround(left), -128L, 127L));
      }
    }
  }
};

void add_embeddings(BundleBuilder& file, const model::EmbeddingMatrix& embeddings) {
  const std::size_t dims = embeddings.dims;
  if (dims == 0) return;
  const Codes codes(embeddings.values, dims);
  std::vector<double> gram(dims * (dims + 1) / 2);
  std::vector<double> y(dims);
  for (std::size_t item = 0; item < codes.scales.size(); ++item) {
    // The Gram matrix is computed from the rounded embeddings, which the reader sees.
    const auto step = static_cast<double>(widen(codes.scales[item]));
    for (std::size_t d = 0; d < dims; ++d) {
      const std::size_t at = item * codes.stride + d;
      y[d] = step * (codes.codes[at] + (embeddings.residuals ? codes.residuals[at] / 256.0 : 0.0));
    }
    for (std::size_t i = 0, at = 0; i < dims; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++at) gram[at] += y[i] * y[j];
    }
  }
  for (std::size_t i = 0; i < dims; ++i)
    gram[i * (i + 1) / 2 + i] += static_cast<double>(embeddings.lambda);
  file.header.embedding_dims = static_cast<std::uint32_t>(dims);
  file.header.embedding_stride = static_cast<std::uint32_t>(codes.stride);
  file.add(SectionKind::kEmbeddingScales, array_bytes(codes.scales));
  file.add(SectionKind::kEmbeddingCodes, array_bytes(codes.codes));
  if (embeddings.residuals) {
    file.add(SectionKind::kEmbeddingResiduals, array_bytes(codes.residuals));
  }
  file.add(SectionKind::kEmbeddingGram, array_bytes(std::vector<float>(gram.begin(), gram.end())));
}

/// `partitions` of items that are numbered by them.
void add_partitions(BundleBuilder& file, const model::ItemPartitions& partitions,
                    std::size_t dims) {
  if (partitions.of.empty() || dims == 0) return;
  const Codes codes(partitions.centroids, dims);
  std::vector<std::uint32_t> ends(codes.scales.size());
  for (const std::uint32_t partition : partitions.of) {
    if (partition != model::ItemPartitions::kNone) ++ends[partition];
  }
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  file.add(SectionKind::kPartitionCentroids, array_bytes(codes.codes));
  file.add(SectionKind::kPartitionScales, array_bytes(codes.scales));
  file.add(SectionKind::kPartitionEnds, array_bytes(ends));
  file.add(SectionKind::kPartitionSearch,
           array_bytes(std::vector<layout::Search>{{.margin = partitions.margin}}));
}

/// Numbers items partition by partition, and by the arrangement within one. Partitions come in the
/// order of their mean place in the arrangement, which keeps most of what lies together together.
std::vector<std::uint32_t> by_partition(const model::ItemPartitions& partitions, std::size_t dims,
                                        std::vector<std::uint32_t> arrangement,
                                        std::vector<std::uint32_t>& order) {
  const std::size_t count = partitions.of.size();
  if (arrangement.empty()) {
    arrangement.resize(count);
    std::iota(arrangement.begin(), arrangement.end(), 0U);
  }
  std::vector<double> sums(partitions.centroids.size() / dims);
  std::vector<double> sizes(sums.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (partitions.of[i] == model::ItemPartitions::kNone) continue;
    sums[partitions.of[i]] += arrangement[i];
    ++sizes[partitions.of[i]];
  }
  order.resize(sums.size());
  std::iota(order.begin(), order.end(), 0U);
  for (std::size_t p = 0; p < sums.size(); ++p) sums[p] /= std::max(1.0, sizes[p]);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return sums[a] != sums[b] ? sums[a] < sums[b] : a < b;
  });
  std::vector<std::uint32_t> places(order.size());
  for (std::uint32_t p = 0; p < order.size(); ++p) places[order[p]] = p;
  const auto place = [&](std::uint32_t item) {
    const std::uint32_t partition = partitions.of[item];
    return partition == model::ItemPartitions::kNone ? partition : places[partition];
  };
  std::vector<std::uint32_t> items(count);
  std::iota(items.begin(), items.end(), 0U);
  std::sort(items.begin(), items.end(), [&](std::uint32_t a, std::uint32_t b) {
    const std::uint32_t of_a = place(a);
    const std::uint32_t of_b = place(b);
    return of_a != of_b ? of_a < of_b : arrangement[a] < arrangement[b];
  });
  for (std::uint32_t number = 0; number < count; ++number) arrangement[items[number]] = number;
  return arrangement;
}

void add_session_rows(BundleBuilder& file, const std::vector<model::SessionEntry>& entries,
                      std::size_t item_count) {
  if (entries.empty()) return;
  RowSections rows = write_rows(entries, item_count);
  file.header.session_entries = static_cast<std::uint32_t>(entries.size());
  file.add(SectionKind::kRowLengths, std::move(rows.lengths));
  Bytes levels;
  append(levels, std::as_bytes(std::span(rows.levels)));
  file.add(SectionKind::kRowLevels, std::move(levels));
  file.add(SectionKind::kRowEntries, std::move(rows.entries));
}

void add_markets(BundleBuilder& file, const std::vector<model::Market>& markets) {
  if (markets.empty()) return;
  std::vector<std::string_view> names;
  std::vector<std::uint32_t> items;
  for (const model::Market& market : markets) {
    names.emplace_back(market.name);
    const auto first = items.insert(items.end(), market.items.begin(), market.items.end());
    std::sort(first, first + layout::kMarketFirst);
    std::sort(first + layout::kMarketFirst, items.end());
  }
  file.add(SectionKind::kMarkets, string_table(names));
  file.add(SectionKind::kMarketItems, array_bytes(items));
}

/// The contents with items numbered by partitions and the arrangement.
BundleContents arranged(const BundleContents& contents) {
  std::vector<std::uint32_t> numbers = contents.arrangement;
  std::vector<std::uint32_t> partitions;  // the old number of each
  if (!contents.partitions.of.empty() && contents.embeddings.dims > 0) {
    numbers =
        by_partition(contents.partitions, contents.embeddings.dims, std::move(numbers), partitions);
  }
  const auto moved = [&](const auto& values, std::size_t width = 1) {
    auto result = values;
    for (std::size_t at = 0; at < values.size(); ++at) {
      result[numbers[at / width] * width + at % width] = values[at];
    }
    return result;
  };
  BundleContents result = contents;
  result.ids = moved(contents.ids);
  result.popularity = moved(contents.popularity);
  result.trend = moved(contents.trend);
  result.attributes = moved(contents.attributes);
  if (contents.embeddings.dims > 0) {
    result.embeddings.values = moved(contents.embeddings.values, contents.embeddings.dims);
  }
  for (model::SessionEntry& entry : result.session_rows) {
    entry.source = numbers[entry.source];
    entry.target = numbers[entry.target];
  }
  std::sort(result.session_rows.begin(), result.session_rows.end(),
            [](const model::SessionEntry& a, const model::SessionEntry& b) {
              return a.source != b.source ? a.source < b.source : a.target < b.target;
            });
  for (std::uint32_t& item : result.sessions.items) item = numbers[item];
  for (model::Market& market : result.markets) {
    for (std::uint32_t& item : market.items) {
      if (item < numbers.size()) item = numbers[item];
    }
  }
  for (std::size_t s = 0; s < result.sessions.size(); ++s) {
    const auto items = result.sessions.items.begin();
    std::sort(items + static_cast<std::ptrdiff_t>(result.sessions.offsets[s]),
              items + static_cast<std::ptrdiff_t>(result.sessions.offsets[s + 1]));
  }
  if (!partitions.empty()) {
    const std::size_t dims = contents.embeddings.dims;
    std::vector<std::uint32_t> places(partitions.size());
    for (std::uint32_t p = 0; p < partitions.size(); ++p) {
      places[partitions[p]] = p;
      std::copy_n(
          contents.partitions.centroids.begin() + static_cast<std::ptrdiff_t>(partitions[p] * dims),
          dims, result.partitions.centroids.begin() + static_cast<std::ptrdiff_t>(p * dims));
    }
    result.partitions.of = moved(contents.partitions.of);
    for (std::uint32_t& partition : result.partitions.of) {
      if (partition != model::ItemPartitions::kNone) partition = places[partition];
    }
  }
  result.arrangement.clear();
  return result;
}

void add_sampled_sessions(BundleBuilder& file, const model::SampledSessions& sessions,
                          std::size_t count) {
  std::vector<std::uint8_t> lengths;
  for (std::size_t s = 0; s < sessions.size(); ++s) {
    const std::size_t length = sessions.offsets[s + 1] - sessions.offsets[s];
    assert(length > 0 && length <= model::SampledSessions::kLongest);
    lengths.push_back(static_cast<std::uint8_t>(length));
  }
  std::vector<std::uint16_t> low;
  std::vector<std::uint8_t> high;
  for (const std::uint32_t item : sessions.items) {
    low.push_back(static_cast<std::uint16_t>(item & 0xFFFFU));
    if (count > 65536) high.push_back(static_cast<std::uint8_t>(item >> 16U));
  }
  file.add(SectionKind::kSampleLengths, array_bytes(lengths));
  file.add(SectionKind::kSampleItemsLow, array_bytes(low));
  file.add(SectionKind::kSampleItemsHigh, array_bytes(high));
}

}  // namespace

std::vector<std::byte> write_bundle(const BundleContents& contents) {
  if (!contents.arrangement.empty() ||
      !std::is_sorted(contents.partitions.of.begin(), contents.partitions.of.end())) {
    return write_bundle(arranged(contents));
  }
  const std::size_t count = contents.ids.size();
  if (count == 0)
    throw base::Error(base::ExitCode::kDataUnusable, "The bundle would have no items.");
  check_item_count(count);
  assert(contents.popularity.size() == count);
  BundleBuilder file;
  file.header.item_count = static_cast<std::uint32_t>(count);
  // The sections that a first ranking needs come first.
  file.add(SectionKind::kSettings, settings_bytes(contents.settings));
  Bytes metadata;
  append(metadata, std::string_view(contents.metadata.dump()));
  file.add(SectionKind::kMetadata, std::move(metadata));
  if (!contents.experiments.is_null()) {
    Bytes experiments;
    append(experiments, std::string_view(contents.experiments.dump()));
    file.add(SectionKind::kExperiments, std::move(experiments));
  }
  add_ids(file, contents.ids);
  add_popularity(file, contents.popularity);
  file.add(SectionKind::kTrend, array_bytes(contents.trend));
  add_catalogue(file, contents.attributes);
  add_markets(file, contents.markets);
  add_session_rows(file, contents.session_rows, count);
  add_sampled_sessions(file, contents.sessions, count);
  add_embeddings(file, contents.embeddings);
  add_partitions(file, contents.partitions, contents.embeddings.dims);
  return file.finish(layout::kMagic, layout::kVersion);
}

void check_catalogue(std::span<const model::ItemAttributes> items) {
  check_item_count(items.size());
  std::unordered_set<std::string_view> categories;
  std::unordered_set<std::string_view> brands;
  for (const model::ItemAttributes& item : items) {
    if (!item.brand.empty()) brands.insert(item.brand);
    if (item.category.empty() || !categories.insert(item.category).second) continue;
    each_level_above(item.category, [&](std::string_view level) {
      if (!level.empty()) categories.insert(level);
    });
  }
  check_text_count(categories.size(), "categories");
  check_text_count(brands.size(), "brands");
}

std::vector<std::byte> with_settings(std::span<const std::byte> bundle,
                                     const layout::Settings& settings) {
  BundleBuilder file;
  std::memcpy(&file.header, bundle.data(), sizeof file.header);
  const std::uint32_t count = file.header.section_count;
  file.add(SectionKind::kSettings, settings_bytes(settings));
  for (std::uint32_t i = 0; i < count; ++i) {
    layout::Section section;
    std::memcpy(&section, bundle.data() + sizeof file.header + i * sizeof section, sizeof section);
    if (section.kind == SectionKind::kSettings) continue;
    const std::span bytes = bundle.subspan(static_cast<std::size_t>(section.offset),
                                           static_cast<std::size_t>(section.size));
    file.add(section.kind, Bytes(bytes.begin(), bytes.end()));
  }
  return file.finish(layout::kMagic, layout::kVersion);
}

}  // namespace vitrine::bundle
