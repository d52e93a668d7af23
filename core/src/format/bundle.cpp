#include "vitrine/format/bundle.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "format/sections.h"
#include "format/utf8.h"

namespace vitrine {

using layout::SectionKind;

/// Builds a Bundle from bytes that are not trusted. Each step leaves the part that it has checked
/// safe to use, or returns the Status of the fault.
class BundleReader {
 public:
  BundleReader(std::span<const std::byte> bytes, Checksum checksum)
      : bytes_(bytes), checksum_(checksum) {}

  Result<Bundle> read() {
    if (const Status status = read_header(); status != Status::kOk) return status;

    Result<ItemIds> ids = ItemIds::open(section(SectionKind::kIds), section(SectionKind::kIdOrder),
                                        header_->item_count);
    if (!ids.ok()) return ids.status();
    Result<Catalog> catalog =
        Catalog::open({.categories = section(SectionKind::kCategories),
                       .brands = section(SectionKind::kBrands),
                       .item_category = section(SectionKind::kItemCategory),
                       .item_brand = section(SectionKind::kItemBrand),
                       .item_price = section(SectionKind::kItemPrice),
                       .item_available = section(SectionKind::kItemAvailable)},
                      header_->item_count);
    if (!catalog.ok()) return catalog.status();

    Result<Popularity> popularity =
        Popularity::open(section(SectionKind::kPopularity), header_->item_count);
    if (!popularity.ok()) return popularity.status();

    Bundle bundle(std::move(ids).value(), std::move(catalog).value(),
                  std::move(popularity).value());
    if (!view_as(section(SectionKind::kTrend), header_->item_count, bundle.trend_)) {
      return Status::kBadSectionSize;
    }
    bundle.header_ = header_;
    bundle.file_ = file_;
    bundle.item_count_ = header_->item_count;
    bundle.added_.first = header_->item_count;
    if (const Status status = read_texts(bundle); status != Status::kOk) return status;
    if (const Status status = read_markets(bundle.markets_); status != Status::kOk) return status;
    if (const Status status = read_settings(section(SectionKind::kSettings), bundle.settings_);
        status != Status::kOk) {
      return status;
    }
    if (const Status status = read_embeddings(bundle.embeddings_); status != Status::kOk) {
      return status;
    }
    if (const Status status = read_partitions(bundle.partitions_); status != Status::kOk) {
      return status;
    }
    if (const Status status = read_session_rows(bundle.session_rows_); status != Status::kOk) {
      return status;
    }
    if (const Status status = read_session_sample(bundle.session_sample_); status != Status::kOk) {
      return status;
    }
    return bundle;
  }

 private:
  Status read_header() {
    const Status framed = file_.open(bytes_, layout::kMagic, layout::kVersion, checksum_);
    if (framed != Status::kOk) return framed;
    header_ = reinterpret_cast<const layout::Header*>(bytes_.data());
    if (header_->item_count == 0 || header_->item_count > layout::kMaxItems) {
      return Status::kBadItemCount;
    }
    for (const SectionKind kind : {SectionKind::kIds, SectionKind::kIdOrder, SectionKind::kMetadata,
                                   SectionKind::kPopularity}) {
      if (section(kind).empty()) return Status::kMissingSection;
    }
    return Status::kOk;
  }

  /// Returns the bytes of a section; empty when the bundle does not have it. Unknown kinds of
  /// sections are ignored.
  [[nodiscard]] std::span<const std::byte> section(SectionKind kind) const {
    return file_.section(kind);
  }

  Status read_texts(Bundle& bundle) const {
    bundle.metadata_ = file_.text(SectionKind::kMetadata);
    bundle.experiments_ = file_.text(SectionKind::kExperiments);
    if (!is_utf8(bundle.metadata_) || !is_utf8(bundle.experiments_)) return Status::kBadMetadata;
    return Status::kOk;
  }

  /// The numbers in the lists are not checked: a rule for a number without an item has no effect.
  Status read_markets(Markets& markets) const {
    if (!markets.names.open(section(SectionKind::kMarkets))) return Status::kBadStringTable;
    const std::size_t items = std::size_t{markets.names.size()} * layout::kMarketSize;
    return view_as(section(SectionKind::kMarketItems), items, markets.items) &&
                   markets.items.size() == items
               ? Status::kOk
               : Status::kBadSectionSize;
  }

  /// Step widths: finite, not negative, small enough for sums to stay finite. Such f32 are in the
  /// order of their bits, and all others have larger bits.
  static bool scales_ok(std::span<const std::uint16_t> scales) {
    constexpr auto kLargest = static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(1e6F) >> 16U);
    std::uint16_t largest = 0;
    for (const std::uint16_t scale : scales) largest = std::max(largest, scale);
    return largest <= kLargest;
  }

  Status read_embeddings(Embeddings& embeddings) const {
    const std::size_t dims = header_->embedding_dims;
    const std::size_t stride = header_->embedding_stride;
    const std::size_t count = header_->item_count;
    if (dims == 0) return Status::kOk;
    if (dims > layout::kMaxDims || stride != (dims + 15) / 16 * 16) return Status::kBadEmbeddings;
    if (section(SectionKind::kEmbeddingCodes).empty() ||
        section(SectionKind::kEmbeddingScales).empty() ||
        section(SectionKind::kEmbeddingGram).empty()) {
      return Status::kMissingSection;
    }
    if (!view_as(section(SectionKind::kEmbeddingCodes), count * stride, embeddings.codes) ||
        !view_as(section(SectionKind::kEmbeddingScales), count, embeddings.scales) ||
        !view_as(section(SectionKind::kEmbeddingResiduals), count * stride, embeddings.residuals) ||
        !view_as(section(SectionKind::kEmbeddingGram), dims * (dims + 1) / 2, embeddings.gram)) {
      return Status::kBadSectionSize;
    }
    if (!scales_ok(embeddings.scales)) return Status::kBadEmbeddings;
    for (const float entry : embeddings.gram) {
      if (!(std::fabs(entry) <= 1e12F)) return Status::kBadEmbeddings;
    }
    embeddings.dims = header_->embedding_dims;
    embeddings.stride = header_->embedding_stride;
    return Status::kOk;
  }

  Status read_partitions(Partitions& partitions) const {
    const std::size_t stride = header_->embedding_stride;
    const std::size_t count = section(SectionKind::kPartitionEnds).size() / sizeof(std::uint32_t);
    if (header_->embedding_dims == 0 || count == 0) return Status::kOk;
    if (section(SectionKind::kPartitionCentroids).empty() ||
        section(SectionKind::kPartitionScales).empty() ||
        section(SectionKind::kPartitionSearch).empty()) {
      return Status::kMissingSection;
    }
    std::span<const layout::Search> search;
    if (count > layout::kMaxPartitions ||
        !view_as(section(SectionKind::kPartitionEnds), count, partitions.ends) ||
        !view_as(section(SectionKind::kPartitionCentroids), count * stride, partitions.centroids) ||
        !view_as(section(SectionKind::kPartitionScales), count, partitions.scales) ||
        !view_as(section(SectionKind::kPartitionSearch), 1, search)) {
      return Status::kBadSectionSize;
    }
    if (!scales_ok(partitions.scales) || !(search[0].margin >= -2.0F && search[0].margin <= 2.0F) ||
        !std::is_sorted(partitions.ends.begin(), partitions.ends.end()) ||
        partitions.ends.back() > header_->item_count) {
      return Status::kBadPartitions;
    }
    partitions.stride = header_->embedding_stride;
    partitions.search = search[0];
    return Status::kOk;
  }

  Status read_session_rows(SessionRows& rows) const {
    if (header_->session_entries == 0) return Status::kOk;
    const SessionRows::Sections sections{.lengths = section(SectionKind::kRowLengths),
                                         .levels = section(SectionKind::kRowLevels),
                                         .entries = section(SectionKind::kRowEntries)};
    if (sections.lengths.empty() || sections.levels.empty() || sections.entries.empty()) {
      return Status::kMissingSection;
    }
    Result<SessionRows> opened = SessionRows::open(sections, header_->item_count);
    if (!opened.ok()) return opened.status();
    rows = std::move(opened).value();
    return Status::kOk;
  }

  Status read_session_sample(SessionSample& sample) const {
    const std::uint32_t count = header_->item_count;
    const std::span<const std::byte> lengths = section(SectionKind::kSampleLengths);
    const std::size_t entries =
        section(SectionKind::kSampleItemsLow).size() / sizeof(std::uint16_t);
    if (lengths.empty()) return Status::kOk;
    if (entries == 0 || (count > 65536) == section(SectionKind::kSampleItemsHigh).empty()) {
      return Status::kMissingSection;
    }
    if (entries > std::numeric_limits<std::uint32_t>::max() ||
        !view_as(section(SectionKind::kSampleItemsLow), entries, sample.items_low) ||
        !view_as(section(SectionKind::kSampleItemsHigh), entries, sample.items_high)) {
      return Status::kBadSectionSize;
    }

    std::vector<std::uint32_t> offsets(lengths.size() + 1);
    std::size_t total = 0;
    for (std::size_t session = 0; session < lengths.size(); ++session) {
      const auto length = std::to_integer<std::size_t>(lengths[session]);
      total += length;
      if (length == 0 || total > entries) return Status::kBadSessionSample;
      offsets[session + 1] = static_cast<std::uint32_t>(total);
    }
    if (total != entries) return Status::kBadSessionSample;

    // A counting sort finds each item's sessions. `starts` is one place ahead while they are filled
    // in, so that it ends as the offsets.
    std::vector<std::uint32_t> starts(std::size_t{count} + 2);
    for (std::size_t session = 0; session < lengths.size(); ++session) {
      std::int64_t before = -1;
      for (std::uint32_t e = offsets[session]; e < offsets[session + 1]; ++e) {
        const std::int64_t item = sample.item(e);
        if (item <= before || item >= count) return Status::kBadSessionSample;
        ++starts[static_cast<std::size_t>(item) + 2];
        before = item;
      }
    }
    for (std::size_t i = 2; i < starts.size(); ++i) starts[i] += starts[i - 1];
    sample.postings.resize(entries);
    for (std::size_t session = 0; session < lengths.size(); ++session) {
      for (std::uint32_t e = offsets[session]; e < offsets[session + 1]; ++e) {
        std::uint32_t& place = starts[std::size_t{sample.item(e)} + 1];
        sample.postings[place++] = static_cast<std::uint32_t>(session);
      }
    }
    starts.pop_back();
    sample.posting_offsets = std::move(starts);
    sample.offsets = std::move(offsets);
    return Status::kOk;
  }

  std::span<const std::byte> bytes_;
  Checksum checksum_;
  const layout::Header* header_ = nullptr;
  SectionFile file_;
};

Result<Bundle> Bundle::open(std::span<const std::byte> bytes, Checksum checksum) {
  return BundleReader(bytes, checksum).read();
}

Status Bundle::verify() const {
  if (const Status status = ids_.verify(); status != Status::kOk) return status;
  if (const Status status = popularity_.verify(); status != Status::kOk) return status;
  if (!session_rows_.empty() && !session_rows_.verify(header_->session_entries)) {
    return Status::kBadSessionRows;
  }
  const std::size_t stride = embeddings_.stride;
  for (std::size_t at = 0; stride > embeddings_.dims && at < embeddings_.codes.size();
       at += stride) {
    for (const std::int8_t code : embeddings_.codes.subspan(at, stride).subspan(embeddings_.dims)) {
      if (code != 0) return Status::kBadEmbeddings;
    }
  }
  return Status::kOk;
}

}  // namespace vitrine
