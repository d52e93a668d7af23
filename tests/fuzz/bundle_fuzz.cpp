// libFuzzer target: whatever the bytes, opening a bundle and using it neither crashes nor reads
// outside. Seeds are bundles; the hash is made to match, so that the fuzzer gets behind it. Run by:
// make fuzz
#include <array>
#include <cstring>
#include <vector>

#include "rank_from.h"
#include "vitrine/vitrine.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::byte> bytes(size);
  if (size > 0) std::memcpy(bytes.data(), data, size);
  if (size > sizeof(vitrine::layout::Header)) {
    const std::uint64_t hash =
        vitrine::content_hash(std::span(bytes).subspan(vitrine::layout::kHashedFrom));
    std::memcpy(bytes.data() + offsetof(vitrine::layout::Header, content_hash), &hash, sizeof hash);
  }
  const vitrine::Result<vitrine::Bundle> opened = vitrine::Bundle::open(bytes);
  if (!opened.ok()) return 0;
  const vitrine::Bundle& bundle = opened.value();
  std::array<char, vitrine::layout::kMaxIdBytes> id;
  const std::uint32_t last = bundle.item_count() - 1;
  const bool well_formed = bundle.verify() == vitrine::Status::kOk;
  const auto found = bundle.ids().find(vitrine::ItemNames(bundle.ids()).id_of(last, id));
  if (well_formed ? found != last : found.value_or(0) > last) __builtin_trap();
  vitrine::fuzz::rank_from(bundle);
  return 0;
}
