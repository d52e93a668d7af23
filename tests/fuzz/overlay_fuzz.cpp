// libFuzzer target: whatever the bytes, a bundle that takes them as an overlay, or refuses to, can
// be used afterwards. FUZZ_BUNDLE names the bundle, which seeds were made for; the hash is made to
// match, so that the fuzzer gets behind it. Run by: make fuzz
#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

#include "rank_from.h"
#include "vitrine/vitrine.h"

namespace {

std::vector<char> read_bundle() {
  std::ifstream file(std::getenv("FUZZ_BUNDLE"), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<char> base = read_bundle();
  static vitrine::Bundle bundle = vitrine::Bundle::open(std::as_bytes(std::span(base))).value();
  std::vector<std::byte> bytes(size);
  if (size > 0) std::memcpy(bytes.data(), data, size);
  if (size >= sizeof(vitrine::layout::OverlayHeader)) {
    const std::uint64_t hash =
        vitrine::content_hash(std::span(bytes).subspan(vitrine::layout::kHashedFrom));
    std::memcpy(bytes.data() + offsetof(vitrine::layout::OverlayHeader, content_hash), &hash,
                sizeof hash);
  }
  if (bundle.apply(bytes) != vitrine::Status::kOk) return 0;
  std::array<char, vitrine::layout::kMaxIdBytes> id;
  const std::uint32_t last = bundle.item_count() - 1;
  if (bundle.ids().find(vitrine::ItemNames(bundle.ids()).id_of(last, id)) != last) __builtin_trap();
  vitrine::fuzz::rank_from(bundle);
  // An overlay without changes, so that none looks into these bytes afterwards.
  vitrine::layout::OverlayHeader nothing{};
  std::memcpy(nothing.magic, vitrine::layout::kOverlayMagic, sizeof nothing.magic);
  nothing.version = vitrine::layout::kOverlayVersion;
  nothing.file_size = sizeof nothing;
  nothing.base_hash = bundle.content_hash();
  const auto all = std::as_bytes(std::span(&nothing, 1));
  nothing.content_hash = vitrine::content_hash(all.subspan(vitrine::layout::kHashedFrom));
  if (bundle.apply(all) != vitrine::Status::kOk) __builtin_trap();
  return 0;
}
