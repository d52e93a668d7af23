#include <emscripten/bind.h>

#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "vitrine/vitrine.h"

namespace {

using vitrine::Bundle;
using vitrine::Ranked;
using vitrine::Ranker;
using vitrine::RankRequest;

/// What JavaScript sees of the core. Numbers and addresses only; strings and lists travel through
/// two buffers, one each way, whose addresses hold until the next call that says it may move them.
///
/// input   u32 words that JavaScript writes before a call
/// output  what a call leaves behind: u32 words, or the 15 words of each Ranked
/// Words of a Ranked: item, score (f32), reason count, then 4 times reason kind, source item, score
/// (f32).
class Engine {
 public:
  static constexpr std::uint32_t kUnknown = 0xFFFFFFFF;

  /// Address of `size` bytes to put the bundle into. Forgets an open bundle.
  std::uintptr_t reserveBundle(std::uint32_t size) {
    ranker_.reset();
    bundle_.reset();
    size_ = size;
    bytes_.reset(new (std::align_val_t{vitrine::layout::kAlignment}) std::byte[size]);
    return reinterpret_cast<std::uintptr_t>(bytes_.get());
  }

  /// Opens what was put there. Returns a Status; 0 is ok.
  int open() {
    vitrine::Result<Bundle> opened = Bundle::open({bytes_.get(), size_});
    if (!opened.ok()) return static_cast<int>(opened.status());
    bundle_.emplace(std::move(opened).value());
    ranker_.emplace(*bundle_);
    return 0;
  }

  /// What a Status that is not ok means, as UTF-8.
  std::uintptr_t message(int status) const { return address(text_of(status)); }
  std::uint32_t messageSize(int status) const { return size(text_of(status)); }

  // The calls below need an open bundle.

  std::uint32_t itemCount() const { return bundle_->item_count(); }
  std::uint32_t hashLow() const { return static_cast<std::uint32_t>(bundle_->content_hash()); }
  std::uint32_t hashHigh() const {
    return static_cast<std::uint32_t>(bundle_->content_hash() >> 32U);
  }
  std::uintptr_t metadata() const { return address(bundle_->metadata()); }
  std::uint32_t metadataSize() const { return size(bundle_->metadata()); }
  std::uintptr_t experiments() const { return address(bundle_->experiments()); }
  std::uint32_t experimentsSize() const { return size(bundle_->experiments()); }

  /// Address of an input buffer of at least `words`. May move both buffers.
  std::uintptr_t input(std::uint32_t words) {
    if (input_.size() < words) input_.resize(words);
    return reinterpret_cast<std::uintptr_t>(input_.data());
  }
  /// Address of what the last call left behind.
  std::uintptr_t output() const { return reinterpret_cast<std::uintptr_t>(output_.data()); }

  /// Looks `count` UTF-8 strings up: input holds their `count` lengths in bytes, then the bytes.
  /// Output: an item number each, or kUnknown. `kind`: 0 items, 1 categories, 2 brands.
  void find(int kind, std::uint32_t count) {
    const char* text = reinterpret_cast<const char*>(input_.data() + count);
    std::uint32_t* found = words(count);
    for (std::uint32_t i = 0; i < count; text += input_[i++]) {
      const std::string_view name(text, input_[i]);
      const std::optional<std::uint32_t> index = kind == 0 ? bundle_->ids().find(name)
                                                 : kind == 1
                                                     ? bundle_->catalog().categories().find(name)
                                                     : bundle_->catalog().brands().find(name);
      found[i] = index.value_or(kUnknown);
    }
  }

  /// Leaves the UTF-8 id of `item` in output and returns its length in bytes.
  std::uint32_t id(std::uint32_t item) {
    std::uint32_t* out = words(vitrine::layout::kMaxIdBytes / 4);
    return size(
        bundle_->ids().id_of(item, {reinterpret_cast<char*>(out), vitrine::layout::kMaxIdBytes}));
  }

  /// Seconds of silence that end a session; 0: it never ends.
  std::uint32_t sessionGap() const { return bundle_->settings().session_gap; }
  void clear() { session_.clear(); }
  void record(std::uint32_t item, std::uint32_t kind, bool startsSession) {
    if (item < bundle_->item_count() && kind < vitrine::kEventKinds) {
      session_.record({.item = item,
                       .kind = static_cast<vitrine::EventKind>(kind),
                       .starts_session = startsSession});
    }
  }

  /// One list. Input: `categories`, `brands`, `excluded` and `given` index lists one after the
  /// other. `mode`: 0 recommend, 1 re-rank the given items, 2 similar to the one given item, 3
  /// popular. `flags`: 1 available only, 2 exclude seen, 4 explain, 8 the session is over. Without
  /// a limit, maxPrice is infinite. Leaves Ranked in output, returns how many.
  std::uint32_t list(int mode, std::uint32_t limit, std::uint32_t flags, float minPrice,
                     float maxPrice, std::uint32_t categories, std::uint32_t brands,
                     std::uint32_t excluded, std::uint32_t given) {
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
        .blend = bundle_->settings().recommend,
        .exclude_seen = (flags & 2U) != 0,
        .explain = (flags & 4U) != 0};
    const std::span<const std::uint32_t> items = take(given);
    if (mode == 3) request.blend = {.popularity = 1.0F};
    if (mode == 1) limit = given;
    if (limit > bundle_->item_count()) limit = bundle_->item_count();
    if (ranked_.size() < limit) ranked_.resize(limit);
    const std::span<Ranked> out = std::span(ranked_).first(limit);
    return static_cast<std::uint32_t>(mode == 1   ? ranker_->rerank(items, request, out)
                                      : mode == 2 ? ranker_->similar(items[0], request, out)
                                                  : ranker_->rank(request, out));
  }
  /// Address of the Ranked that the last list() left behind.
  std::uintptr_t ranked() const { return reinterpret_cast<std::uintptr_t>(ranked_.data()); }

 private:
  static std::string_view text_of(int status) {
    return vitrine::message(static_cast<vitrine::Status>(status));
  }
  struct AlignedDelete {
    void operator()(std::byte* bytes) const {
      ::operator delete[](bytes, std::align_val_t{vitrine::layout::kAlignment});
    }
  };
  static std::uintptr_t address(std::string_view text) {
    return reinterpret_cast<std::uintptr_t>(text.data());
  }
  static std::uint32_t size(std::string_view text) {
    return static_cast<std::uint32_t>(text.size());
  }
  std::uint32_t* words(std::uint32_t count) {
    if (output_.size() < count) output_.resize(count);
    return output_.data();
  }

  std::unique_ptr<std::byte[], AlignedDelete> bytes_;
  std::size_t size_ = 0;
  std::optional<Bundle> bundle_;
  std::optional<Ranker> ranker_;
  vitrine::Session session_;
  std::vector<std::uint32_t> input_;
  std::vector<std::uint32_t> output_;
  std::vector<Ranked> ranked_;
};

static_assert(sizeof(Ranked) == 15 * 4, "JavaScript reads these words");

}  // namespace

EMSCRIPTEN_BINDINGS(vitrine) {
  emscripten::class_<Engine>("Engine")
      .constructor()
      .function("reserveBundle", &Engine::reserveBundle)
      .function("open", &Engine::open)
      .function("message", &Engine::message)
      .function("messageSize", &Engine::messageSize)
      .function("itemCount", &Engine::itemCount)
      .function("hashLow", &Engine::hashLow)
      .function("hashHigh", &Engine::hashHigh)
      .function("metadata", &Engine::metadata)
      .function("metadataSize", &Engine::metadataSize)
      .function("experiments", &Engine::experiments)
      .function("experimentsSize", &Engine::experimentsSize)
      .function("input", &Engine::input)
      .function("output", &Engine::output)
      .function("find", &Engine::find)
      .function("id", &Engine::id)
      .function("sessionGap", &Engine::sessionGap)
      .function("clear", &Engine::clear)
      .function("record", &Engine::record)
      .function("list", &Engine::list)
      .function("ranked", &Engine::ranked);
}
