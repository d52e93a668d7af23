#include "insights/bundle_inspector.h"

#include <array>
#include <nlohmann/json.hpp>

#include "insights/json_object.h"
#include "vitrine/format/bundle_layout.h"
#include "vitrine/heap_sort.h"

namespace vitrine::insights {
namespace {

std::string hexadecimal(std::uint64_t number) {
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number >>= 4U) {
    *digit = "0123456789abcdef"[number & 15U];
  }
  return text;
}

std::string text_of(double number) { return assignment::json_text(nlohmann::json(number)); }

std::string text_of(const layout::Blend& blend) {
  JsonObject weights;
  for (const layout::Signal& signal : layout::kSignals) {
    weights.number(signal.weight, layout::weight_of(blend, signal));
  }
  return weights.finish();
}

std::string text_of(const layout::NeighbourSettings& settings) {
  return JsonObject()
      .number("sessions", settings.sessions)
      .number("neighbours", settings.neighbours)
      .number("events", settings.events)
      .number("reach", settings.reach)
      .number("idf", settings.idf)
      .finish();
}

}  // namespace

std::span<std::uint8_t> BundleInspector::reserve(std::uint32_t size) {
  names_.reset();
  bundle_.reset();
  words_.assign((size + 7) / 8, 0);
  words_.shrink_to_fit();
  size_ = size;
  return {reinterpret_cast<std::uint8_t*>(words_.data()), size};
}

Status BundleInspector::open() {
  Result<Bundle> opened = Bundle::open(std::as_bytes(std::span(words_)).first(size_));
  if (!opened.ok()) return opened.status();
  bundle_.emplace(std::move(opened).value());
  names_.emplace(bundle_->ids());
  return Status::kOk;
}

BundleFacts BundleInspector::info() const {
  const Bundle& b = *bundle_;
  return {.hash = hexadecimal(b.content_hash()),
          .version = b.header().version,
          .bytes = size_,
          .items = b.item_count(),
          .categories = b.catalog().categories().size(),
          .brands = b.catalog().brands().size(),
          .markets = b.markets().names.size(),
          .dimensions = b.embeddings().dims,
          .session_entries = b.header().session_entries,
          .sampled_sessions = static_cast<std::uint32_t>(b.session_sample().sessions()),
          .sections = static_cast<std::uint32_t>(b.sections().size())};
}

SectionFacts BundleInspector::section(std::uint32_t index) const {
  const layout::Section& section = bundle_->sections()[index];
  return {.name = std::string(layout::section_name(section.kind)),
          .offset = static_cast<std::uint32_t>(section.offset),
          .size = static_cast<std::uint32_t>(section.size)};
}

std::optional<std::uint32_t> BundleInspector::find(const std::string& id) const {
  return bundle_->ids().find(id);
}

ItemFacts BundleInspector::describe(std::uint32_t item) const {
  const Catalog& catalog = bundle_->catalog();
  std::array<char, layout::kMaxIdBytes> id;
  ItemFacts info{.id = std::string(names_->id_of(item, id)),
                 .available = catalog.available(item),
                 .popularity = bundle_->popularity().share(item)};
  if (const auto category = catalog.category(item); category != layout::kNoCategory) {
    info.category = catalog.categories()[category];
  }
  if (const auto brand = catalog.brand(item); brand != layout::kNoBrand) {
    info.brand = catalog.brands()[brand];
  }
  if (const float price = catalog.price(item); price != layout::kNoPrice) info.price = price;
  return info;
}

std::span<const RowEntry> BundleInspector::row(std::uint32_t item) {
  row_.clear();
  if (bundle_->session_rows().empty()) return row_;
  bundle_->session_rows().each(
      item, [this](std::uint32_t target, float weight) { row_.push_back({target, weight}); });
  heap_sort(row_, [](const RowEntry& a, const RowEntry& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.item < b.item;
  });
  return row_;
}

std::string BundleInspector::settings() const {
  const layout::Settings& s = bundle_->settings();
  std::vector<std::string> kinds;
  for (const float weight : s.kind_weights) kinds.push_back(text_of(weight));
  return JsonObject()
      .json("recommend", text_of(s.recommend))
      .json("similar", text_of(s.similar))
      .number("sessionGap", s.session_gap)
      .number("rowDecay", s.row_decay)
      .number("sessionDecay", s.session_decay)
      .number("openingDecay", s.opening_decay)
      .number("repeatWeight", s.repeat_weight)
      .number("returnWeight", s.return_weight)
      .number("embeddingDecay", s.embedding_decay)
      .number("embeddingAlpha", s.embedding_alpha)
      .json("kindWeights", json_list(kinds))
      .json("neighbours", text_of(s.neighbours))
      .finish();
}

}  // namespace vitrine::insights
