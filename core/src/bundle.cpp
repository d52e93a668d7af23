#include "vitrine/bundle.h"

#include <cmath>
#include <cstring>
#include <utility>

#include "sections.h"
#include "utf8.h"
#include "vitrine/content_hash.h"

namespace vitrine {

using layout::SectionKind;

/// Builds a Bundle from bytes that nobody vouches for: each step leaves the part it checked safe to
/// use, or names what is wrong.
class BundleReader {
 public:
  explicit BundleReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  Result<Bundle> read() {
    if (const Status status = read_header(); status != Status::kOk) return status;
    if (const Status status = read_table(); status != Status::kOk) return status;

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
    bundle.header_ = header_;
    bundle.sections_ = table_;
    if (const Status status = read_texts(bundle); status != Status::kOk) return status;
    if (const Status status = read_settings(bundle); status != Status::kOk) return status;
    if (const Status status = read_embeddings(bundle.embeddings_); status != Status::kOk) {
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
    if (reinterpret_cast<std::uintptr_t>(bytes_.data()) % layout::kBufferAlignment != 0) {
      return Status::kMisaligned;
    }
    if (bytes_.size() < sizeof layout::kMagic) return Status::kTruncated;
    if (std::memcmp(bytes_.data(), layout::kMagic, sizeof layout::kMagic) != 0) {
      return Status::kBadMagic;
    }
    if (bytes_.size() < sizeof(layout::Header)) return Status::kTruncated;
    header_ = reinterpret_cast<const layout::Header*>(bytes_.data());
    if (header_->version != layout::kVersion) return Status::kUnsupportedVersion;
    if (bytes_.size() < header_->file_size) return Status::kTruncated;
    if (bytes_.size() > header_->file_size) return Status::kTrailingBytes;
    if (content_hash(bytes_.subspan(layout::kHashedFrom)) != header_->content_hash) {
      return Status::kHashMismatch;
    }
    if (header_->item_count == 0 || header_->item_count > layout::kMaxItems) {
      return Status::kBadItemCount;
    }
    return Status::kOk;
  }

  Status read_table() {
    const std::size_t count = header_->section_count;
    if (count > layout::kMaxSections) return Status::kBadSectionTable;
    const std::size_t table_end = sizeof(layout::Header) + count * sizeof(layout::Section);
    if (table_end > bytes_.size()) return Status::kBadSectionTable;
    table_ = {reinterpret_cast<const layout::Section*>(bytes_.data() + sizeof(layout::Header)),
              count};
    std::uint64_t free_from = table_end;  // sections stand in file order, so none overlaps
    for (std::size_t i = 0; i < count; ++i) {
      const layout::Section& entry = table_[i];
      if (entry.offset % layout::kAlignment != 0 || entry.offset < free_from ||
          entry.offset > bytes_.size() || entry.size > bytes_.size() - entry.offset ||
          entry.reserved != 0) {
        return Status::kBadSectionTable;
      }
      free_from = entry.offset + entry.size;
      for (std::size_t k = 0; k < i; ++k) {
        if (table_[k].kind == entry.kind) return Status::kBadSectionTable;
      }
    }
    for (const SectionKind kind : {SectionKind::kIds, SectionKind::kIdOrder, SectionKind::kSettings,
                                   SectionKind::kMetadata, SectionKind::kPopularity}) {
      if (section(kind).empty()) return Status::kMissingSection;
    }
    return Status::kOk;
  }

  /// Empty when the bundle has none. Kinds that this version does not know are passed over.
  [[nodiscard]] std::span<const std::byte> section(SectionKind kind) const {
    for (const layout::Section& entry : table_) {
      if (entry.kind != kind) continue;
      return bytes_.subspan(static_cast<std::size_t>(entry.offset),
                            static_cast<std::size_t>(entry.size));
    }
    return {};
  }

  [[nodiscard]] std::string_view text(SectionKind kind) const {
    const std::span<const std::byte> bytes = section(kind);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  Status read_texts(Bundle& bundle) const {
    bundle.metadata_ = text(SectionKind::kMetadata);
    bundle.experiments_ = text(SectionKind::kExperiments);
    if (!is_utf8(bundle.metadata_) || !is_utf8(bundle.experiments_)) return Status::kBadMetadata;
    return Status::kOk;
  }

  Status read_settings(Bundle& bundle) const {
    std::span<const layout::Settings> one;
    if (!view_as(section(SectionKind::kSettings), 1, one)) return Status::kBadSectionSize;
    const layout::Settings& settings = one[0];
    constexpr float kLargest = 1e6F;  // sums of all parts stay far from infinity
    const auto weight_ok = [](float x) { return x >= 0.0F && x <= kLargest; };
    const auto share_ok = [](float x) { return x >= 0.0F && x <= 1.0F; };
    const auto decay_ok = [](float x) { return x > 0.0F && x <= 1.0F; };
    for (const layout::Blend& blend : {settings.recommend, settings.similar}) {
      if (!weight_ok(blend.session_rows) || !weight_ok(blend.embeddings) ||
          !weight_ok(blend.popularity) || !weight_ok(blend.neighbours)) {
        return Status::kBadSettings;
      }
    }
    if (!decay_ok(settings.row_decay) || !decay_ok(settings.embedding_decay) ||
        !share_ok(settings.session_decay) || !share_ok(settings.opening_decay) ||
        !weight_ok(settings.embedding_alpha) || !weight_ok(settings.repeat_weight) ||
        !weight_ok(settings.return_weight)) {
      return Status::kBadSettings;
    }
    for (const float weight : settings.kind_weights) {
      if (!weight_ok(weight)) return Status::kBadSettings;
    }
    const layout::NeighbourSettings& neighbours = settings.neighbours;
    if (neighbours.sessions > layout::kMaxSimilarSessions || neighbours.neighbours == 0 ||
        neighbours.neighbours > neighbours.sessions || neighbours.events == 0 ||
        neighbours.events > layout::kMaxNeighbourEvents || neighbours.reach == 0 ||
        neighbours.reach > layout::kMaxNeighbourReach || !share_ok(neighbours.idf)) {
      return Status::kBadSettings;
    }
    bundle.settings_ = &settings;
    return Status::kOk;
  }

  /// Sizes of step widths: finite, not negative, small enough for sums to stay finite.
  static bool scales_ok(std::span<const std::uint16_t> scales) {
    for (const std::uint16_t scale : scales) {
      const float step = widen(scale);
      if (!(step >= 0.0F && step <= 1e6F)) return false;
    }
    return true;
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
        !view_as(section(SectionKind::kEmbeddingGram), dims * (dims + 1) / 2, embeddings.gram)) {
      return Status::kBadSectionSize;
    }
    if (!scales_ok(embeddings.scales)) return Status::kBadEmbeddings;
    for (const float entry : embeddings.gram) {
      if (!(std::fabs(entry) <= 1e12F)) return Status::kBadEmbeddings;
    }
    for (std::size_t item = 0; stride > dims && item < count; ++item) {
      for (std::size_t d = dims; d < stride; ++d) {
        if (embeddings.codes[item * stride + d] != 0) return Status::kBadEmbeddings;
      }
    }
    embeddings.dims = header_->embedding_dims;
    embeddings.stride = header_->embedding_stride;
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
    Result<SessionRows> opened =
        SessionRows::open(sections, header_->item_count, header_->session_entries);
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

    // Each item's sessions, by a counting sort. `starts` runs one place ahead while they are
    // filled in, so that it ends as the offsets.
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
  const layout::Header* header_ = nullptr;
  std::span<const layout::Section> table_;
};

Result<Bundle> Bundle::open(std::span<const std::byte> bytes) { return BundleReader(bytes).read(); }

}  // namespace vitrine
