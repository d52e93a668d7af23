#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ranking/abi.h"
#include "ranking/draw.h"
#include "ranking/file_buffer.h"
#include "ranking/request.h"
#include "vitrine/ranking/dot.h"
#include "vitrine/visit/recommender.h"
#include "vitrine/visit/shopper.h"
#include "vitrine/vitrine.h"

namespace vitrine::abi {
namespace {

/// Returns the address as the number that crosses the boundary.
template <typename T>
std::uintptr_t address_of(const T* data) {
  return reinterpret_cast<std::uintptr_t>(data);
}

/// Words that grow and never shrink, so that their address seldom changes.
class WordBuffer {
 public:
  std::uint32_t* reserve(std::size_t count) {
    if (words_.size() < count) words_.resize(count);
    return words_.data();
  }
  [[nodiscard]] std::span<const std::uint32_t> all() const { return words_; }

 private:
  std::vector<std::uint32_t> words_;
};

/// An open bundle and the shopper of one page. abi.h says what the functions do.
class Engine {
 public:
  std::uintptr_t reserve_bundle(std::uint32_t size) {
    names_.reset();
    recommender_.reset();
    bundle_.reset();
    return file_.reserve(size);
  }

  Status open(bool verified) {
    Result<Bundle> opened = Bundle::open(file_.all(), static_cast<Checksum>(verified));
    if (!opened.ok()) return opened.status();
    bundle_.emplace(std::move(opened).value());
    start();
    return Status::kOk;
  }

  std::uintptr_t reserve_overlay(std::uint32_t size) { return next_overlay_.reserve(size); }

  Status apply() {
    const Status status = bundle_->apply(next_overlay_.all());
    if (status == Status::kOk) {
      overlay_ = std::move(next_overlay_);
      start();
    }
    next_overlay_ = {};
    return status;
  }

  [[nodiscard]] std::span<const std::uint32_t> given() const { return input_.all(); }

  std::uintptr_t input(std::uint32_t words) { return address_of(input_.reserve(words)); }

  std::uintptr_t info() {
    const auto address = [](std::string_view text) {
      return static_cast<std::uint32_t>(address_of(text.data()));
    };
    const auto size = [](std::string_view text) { return static_cast<std::uint32_t>(text.size()); };
    const std::uint64_t hash = bundle_->content_hash();
    facts_ = {.item_count = bundle_->item_count(),
              .hash_low = static_cast<std::uint32_t>(hash),
              .hash_high = static_cast<std::uint32_t>(hash >> 32U),
              .metadata = address(bundle_->metadata()),
              .metadata_size = size(bundle_->metadata()),
              .experiments = address(bundle_->experiments()),
              .experiments_size = size(bundle_->experiments())};
    return address_of(&facts_);
  }

  std::uintptr_t find(Table table, std::uint32_t count) {
    const std::uint32_t* sizes = input_.all().data();
    const char* text = reinterpret_cast<const char*>(sizes + count);
    std::uint32_t* found = output_.reserve(count);
    for (std::uint32_t i = 0; i < count; text += sizes[i++]) {
      found[i] = index_of(table, {text, sizes[i]}).value_or(kUnknown);
    }
    return address_of(found);
  }

  std::uintptr_t id(std::uint32_t item) {
    std::uint32_t* out = output_.reserve(1 + layout::kMaxIdBytes / sizeof(std::uint32_t));
    const std::span<char> room{reinterpret_cast<char*>(out + 1), layout::kMaxIdBytes};
    if (!names_) names_.emplace(bundle_->ids());
    *out = static_cast<std::uint32_t>(names_->id_of(item, room).size());
    return address_of(out);
  }

  void clear() { shopper_.clear(); }

  void record(std::uint32_t item, std::uint32_t kind, double time) {
    if (item >= bundle_->item_count() || kind >= kEventKinds) return;
    shopper_.record({.item = item, .kind = static_cast<EventKind>(kind)}, time_of(time));
  }

  std::uint32_t list() {
    ranked_ = recommender_->list(shopper_, reader_.read(input_.all(), *bundle_));
    return static_cast<std::uint32_t>(ranked_.size());
  }

  [[nodiscard]] std::uintptr_t ranked() const { return address_of(ranked_.data()); }

 private:
  /// Begins anew with a bundle that has just been opened or changed.
  void start() {
    recommender_.emplace(*bundle_);
    shopper_ = Shopper(bundle_->settings().session_gap);
  }

  [[nodiscard]] std::optional<std::uint32_t> index_of(Table table, std::string_view name) const {
    switch (table) {
      case Table::kItems:
        return bundle_->ids().find(name);
      case Table::kCategories:
        return bundle_->catalog().categories().find(name);
      case Table::kBrands:
        return bundle_->catalog().brands().find(name);
      default:
        return bundle_->markets().names.find(name);
    }
  }

  FileBuffer file_;
  FileBuffer overlay_;
  FileBuffer next_overlay_;
  std::optional<Bundle> bundle_;
  std::optional<ItemNames> names_;  // made by the first id()
  std::optional<Recommender> recommender_;
  Shopper shopper_;
  RequestReader reader_;
  Info facts_;
  WordBuffer input_;
  WordBuffer output_;
  std::span<const Ranked> ranked_;
};

/// Each module has one engine; a page that needs two makes two instances of the module. It is never
/// destroyed.
Engine& engine = *new Engine;

}  // namespace

std::uintptr_t reserveBundle(std::uint32_t size) { return engine.reserve_bundle(size); }
std::uint32_t open(bool verified) { return static_cast<std::uint32_t>(engine.open(verified)); }
std::uintptr_t reserveOverlay(std::uint32_t size) { return engine.reserve_overlay(size); }
std::uint32_t apply() { return static_cast<std::uint32_t>(engine.apply()); }
std::uintptr_t input(std::uint32_t words) { return engine.input(words); }
std::uintptr_t info() { return engine.info(); }
std::uintptr_t find(std::uint32_t table, std::uint32_t count) {
  return engine.find(static_cast<Table>(table), count);
}
std::uintptr_t id(std::uint32_t item) { return engine.id(item); }
void clear() { engine.clear(); }
void record(std::uint32_t item, std::uint32_t kind, double time) {
  engine.record(item, kind, time);
}
std::uint32_t list() { return engine.list(); }
std::uintptr_t ranked() { return engine.ranked(); }
double bucket() { return bucket_of(engine.given()); }
std::int32_t variation() { return variation_of(engine.given()); }
bool useRelaxedScan(std::uintptr_t slot) {
  return use_relaxed_scan(reinterpret_cast<DotScan*>(slot));
}

}  // namespace vitrine::abi
