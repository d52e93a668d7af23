#include <bit>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ranking/abi.h"
#include "vitrine/ranking/dot.h"
#include "vitrine/vitrine.h"

namespace {

using vitrine::Bundle;
using vitrine::Ranked;
using vitrine::Ranker;
using vitrine::RankRequest;
using vitrine::abi::kUnknown;

/// What JavaScript sees of the core. Numbers and addresses only; strings and lists travel through
/// two buffers, one each way, whose addresses hold until the next call that says it may move them.
///
/// input   u32 words that JavaScript writes before a call
/// output  what a call leaves behind: u32 words, or the 16 words of each Ranked
/// Words of a Ranked: item, score (f32), reason count, then 4 times reason kind, source item, score
/// (f32), then the propensity (f32).
class Engine {
 public:
  /// Address of `size` bytes to put the bundle into. Forgets an open bundle.
  std::uintptr_t reserveBundle(std::uint32_t size) {
    names_.reset();
    arranger_.reset();
    ranker_.reset();
    bundle_.reset();
    return bytes_.reserve(size);
  }

  /// Opens what was put there. `verified`: the page has compared its SHA-256, and the hash in the
  /// file is passed over. Returns a Status; 0 is ok.
  std::uint32_t open(bool verified) {
    vitrine::Result<Bundle> opened =
        Bundle::open(bytes_.all(), static_cast<vitrine::Checksum>(verified));
    if (!opened.ok()) return static_cast<std::uint32_t>(opened.status());
    bundle_.emplace(std::move(opened).value());
    ranker_.emplace(*bundle_);
    return 0;
  }

  /// Address of `size` bytes to put an overlay into.
  std::uintptr_t reserveOverlay(std::uint32_t size) { return next_overlay_.reserve(size); }

  /// Takes what was put there in the place of the overlay before. Returns a Status; when it is not
  /// ok nothing has changed. Forgets the history: numbers of items may be others.
  std::uint32_t apply() {
    const vitrine::Status status = bundle_->apply(next_overlay_.all());
    if (status == vitrine::Status::kOk) {
      overlay_ = std::move(next_overlay_);
      arranger_.reset();
      ranker_.emplace(*bundle_);
      session_.clear();
      planned_ = false;
      rules_.clear();
    }
    next_overlay_ = {};
    return static_cast<std::uint32_t>(status);
  }

  // The calls below need an open bundle.

  /// Returns the address of what open() and apply() may change: the count of items, the low and the
  /// high word of the bundle's hash, the seconds of silence that end a session (0: it never ends),
  /// address and size in bytes of the metadata, then of the experiments.
  std::uintptr_t facts() {
    std::uint32_t* out = words(8);
    const auto word = [&out](std::uint64_t value) { *out++ = static_cast<std::uint32_t>(value); };
    word(bundle_->item_count());
    word(bundle_->content_hash());
    word(bundle_->content_hash() >> 32U);
    word(bundle_->settings().session_gap);
    for (const std::string_view text : {bundle_->metadata(), bundle_->experiments()}) {
      word(reinterpret_cast<std::uintptr_t>(text.data()));
      word(text.size());
    }
    return output();
  }

  /// Address of an input buffer of at least `words`. May move both buffers.
  std::uintptr_t input(std::uint32_t words) {
    if (input_.size() < words) input_.resize(words);
    return reinterpret_cast<std::uintptr_t>(input_.data());
  }
  /// Looks `count` UTF-8 strings up: input holds their `count` lengths in bytes, then the bytes.
  /// Returns the address of an item number each, or kUnknown. `kind`: 0 items, 1 categories, 2
  /// brands, 3 markets.
  std::uintptr_t find(std::uint32_t kind, std::uint32_t count) {
    const char* text = reinterpret_cast<const char*>(input_.data() + count);
    std::uint32_t* found = words(count);
    for (std::uint32_t i = 0; i < count; text += input_[i++]) {
      const std::string_view name(text, input_[i]);
      const vitrine::StringTable& table = kind == 1   ? bundle_->catalog().categories()
                                          : kind == 2 ? bundle_->catalog().brands()
                                                      : bundle_->markets().names;
      const std::optional<std::uint32_t> index =
          kind == 0 ? bundle_->ids().find(name) : table.find(name);
      found[i] = index.value_or(kUnknown);
    }
    return output();
  }

  /// Returns the address of the length in bytes of the UTF-8 id of `item`, then the id.
  std::uintptr_t id(std::uint32_t item) {
    std::uint32_t* out = words(1 + vitrine::layout::kMaxIdBytes / 4);
    const std::span<char> room{reinterpret_cast<char*>(out + 1), vitrine::layout::kMaxIdBytes};
    if (!names_) names_.emplace(bundle_->ids());
    *out = static_cast<std::uint32_t>(names_->id_of(item, room).size());
    return output();
  }

  void clear() { session_.clear(); }
  void record(std::uint32_t item, std::uint32_t kind, bool startsSession) {
    if (item < bundle_->item_count() && kind < vitrine::kEventKinds) {
      session_.record({.item = item,
                       .kind = static_cast<vitrine::EventKind>(kind),
                       .starts_session = startsSession});
    }
  }

  /// Rules and arrangement of the lists that follow, until the next call; with 0 `words` there are
  /// none. Input: lambda (f32), items per category and per brand, kind of exploration, its strength
  /// (f32), the seed's low and high word, the count of pins, place and item of each; the count of
  /// rules, and of each factor, lowest and highest price (f32), the counts of items (rising),
  /// categories and brands, then these.
  void plan(std::uint32_t words) {
    planned_ = words > 0;
    rules_.clear();
    pins_.clear();
    if (!planned_) return;
    const auto given = std::span(input_).first(words);
    plan_words_.assign(given.begin(), given.end());
    if (!arranger_) arranger_.emplace(*bundle_);
    std::span<const std::uint32_t> rest(plan_words_);
    const auto word = [&rest] {
      const std::uint32_t first = rest.front();
      rest = rest.subspan(1);
      return first;
    };
    const auto real = [&word] { return std::bit_cast<float>(word()); };
    const auto list = [&rest](std::uint32_t count) {
      const auto taken = rest.first(count);
      rest = rest.subspan(count);
      return taken;
    };
    plan_.diversity.relevance = real();
    plan_.diversity.per_category = word();
    plan_.diversity.per_brand = word();
    plan_.exploration = static_cast<vitrine::Exploration>(word());
    plan_.strength = real();
    const std::uint64_t low = word();
    plan_.seed = low | static_cast<std::uint64_t>(word()) << 32U;
    for (std::uint32_t left = word(); left > 0; --left) {
      const std::uint32_t place = word();
      pins_.push_back({.place = place, .item = word()});
    }
    plan_.pins = pins_;
    for (std::uint32_t left = word(); left > 0; --left) {
      vitrine::Rule& rule = rules_.emplace_back();
      rule.factor = real();
      rule.when.min_price = real();
      rule.when.max_price = real();
      const std::uint32_t items = word();
      const std::uint32_t categories = word();
      const std::uint32_t brands = word();
      rule.items = list(items);
      rule.when.categories = list(categories);
      rule.when.brands = list(brands);
    }
  }

  /// One list. Input: `categories`, `brands`, `excluded`, `given` and `shown` index lists one after
  /// the other; `shown` are the categories that the page shows, `landing` the item and `market`
  /// where the shopper is, or kUnknown. `mode`: 0 recommend, 1 re-rank the given items, 2 similar
  /// to the one given item, 3 popular. `flags`: 1 available only, 2 exclude seen, 4 explain, 8 the
  /// session is over. Without a limit, maxPrice is infinite. Leaves Ranked in output, returns how
  /// many.
  std::uint32_t list(std::uint32_t mode, std::uint32_t limit, std::uint32_t flags, float minPrice,
                     float maxPrice, std::uint32_t categories, std::uint32_t brands,
                     std::uint32_t excluded, std::uint32_t given, std::uint32_t shown,
                     std::uint32_t landing, std::uint32_t market) {
    std::span<const std::uint32_t> rest(input_);
    const auto take = [&rest](std::uint32_t count) {
      const auto taken = rest.first(count);
      rest = rest.subspan(count);
      return taken;
    };
    const vitrine::Filter filter{.categories = take(categories),
                                 .brands = take(brands),
                                 .min_price = minPrice,
                                 .max_price = maxPrice,
                                 .available_only = (flags & 1U) != 0};
    RankRequest request{
        .history = mode == 3 ? std::span<const vitrine::SessionEvent>() : session_.events(),
        .session_over = (flags & 8U) != 0,
        .exclude = take(excluded),
        .filter = filter,
        .rules = rules_,
        .blend = bundle_->settings().recommend,
        .exclude_seen = (flags & 2U) != 0,
        .explain = (flags & 4U) != 0};
    const std::span<const std::uint32_t> items = take(given);
    if (mode == 3) request.blend = {.popularity = 1.0F};
    if (mode == 1) limit = given;
    if (limit > bundle_->item_count()) limit = bundle_->item_count();
    if (ranked_.size() < limit) ranked_.resize(limit);
    const std::span<Ranked> out = std::span(ranked_).first(limit);
    const vitrine::SessionEvent seed{.item = mode == 2 ? items[0] : 0};
    if (mode == 2) request = vitrine::similar_to(seed, request, *bundle_);
    vitrine::FirstVisit first;
    if (mode < 2) {
      vitrine::Context context{
          .landing = {}, .categories = take(shown), .market = bundle_->markets().of(market)};
      if (landing < bundle_->item_count()) context.landing = landing;
      request = first.with(request, context);
    }
    const auto candidates = mode == 1 ? items : std::span<const std::uint32_t>();
    return static_cast<std::uint32_t>(
        planned_    ? arranger_->arrange(*ranker_, request, candidates, plan_, out)
        : mode == 1 ? ranker_->rerank(candidates, request, out)
                    : ranker_->rank(request, out));
  }
  /// Address of the Ranked that the last list() left behind.
  std::uintptr_t ranked() const { return reinterpret_cast<std::uintptr_t>(ranked_.data()); }

 private:
  /// A file that JavaScript copies in.
  class File {
   public:
    std::uintptr_t reserve(std::uint32_t size) {
      size_ = size;
      bytes_.reset(new (std::align_val_t{vitrine::layout::kAlignment}) std::byte[size]);
      return reinterpret_cast<std::uintptr_t>(bytes_.get());
    }
    std::span<const std::byte> all() const { return {bytes_.get(), size_}; }

   private:
    struct AlignedDelete {
      void operator()(std::byte* bytes) const {
        ::operator delete[](bytes, std::align_val_t{vitrine::layout::kAlignment});
      }
    };
    std::unique_ptr<std::byte[], AlignedDelete> bytes_;
    std::size_t size_ = 0;
  };
  std::uintptr_t output() const { return reinterpret_cast<std::uintptr_t>(output_.data()); }
  std::uint32_t* words(std::uint32_t count) {
    if (output_.size() < count) output_.resize(count);
    return output_.data();
  }

  File bytes_;
  File overlay_;
  File next_overlay_;
  std::optional<Bundle> bundle_;
  std::optional<vitrine::ItemNames> names_;  // made by the first id()
  std::optional<Ranker> ranker_;
  std::optional<vitrine::Arranger> arranger_;
  bool planned_ = false;
  vitrine::Plan plan_;
  std::vector<vitrine::Pin> pins_;
  std::vector<vitrine::Rule> rules_;
  std::vector<std::uint32_t> plan_words_;  // what rules_ look into
  vitrine::Session session_;
  std::vector<std::uint32_t> input_;
  std::vector<std::uint32_t> output_;
  std::vector<Ranked> ranked_;
};

/// A module has one; who needs two instantiates it twice. Never destroyed.
Engine& engine = *new Engine;

}  // namespace

// abi.h says what these do.
namespace vitrine::abi {

std::uintptr_t reserveBundle(std::uint32_t size) { return engine.reserveBundle(size); }

std::uint32_t open(bool verified) { return engine.open(verified); }

std::uintptr_t reserveOverlay(std::uint32_t size) { return engine.reserveOverlay(size); }

std::uint32_t apply() { return engine.apply(); }

std::uintptr_t facts() { return engine.facts(); }

std::uintptr_t input(std::uint32_t words) { return engine.input(words); }

std::uintptr_t find(std::uint32_t table, std::uint32_t count) { return engine.find(table, count); }

std::uintptr_t id(std::uint32_t item) { return engine.id(item); }

void clear() { engine.clear(); }

void record(std::uint32_t item, std::uint32_t kind, bool startsSession) {
  engine.record(item, kind, startsSession);
}

void plan(std::uint32_t words) { engine.plan(words); }

std::uint32_t list(std::uint32_t mode, std::uint32_t limit, std::uint32_t flags, float minPrice,
                   float maxPrice, std::uint32_t categories, std::uint32_t brands,
                   std::uint32_t excluded, std::uint32_t given, std::uint32_t shown,
                   std::uint32_t landing, std::uint32_t market) {
  return engine.list(mode, limit, flags, minPrice, maxPrice, categories, brands, excluded, given,
                     shown, landing, market);
}

bool useRelaxedScan(std::uintptr_t slot) {
  return vitrine::use_relaxed_scan(reinterpret_cast<vitrine::DotScan*>(slot));
}

std::uintptr_t ranked() { return engine.ranked(); }

}  // namespace vitrine::abi
