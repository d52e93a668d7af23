#include "training/sizes.h"

#include "bundle/bundle_file.h"
#include "cli/error.h"

namespace vitrine::train {
namespace {

/// False when the budget is too small for `contents`.
bool fits(const BundleContents& contents, SizeOf measure, Sized& sized) {
  try {
    Fitted fitted = fit_budget(contents, sized.budget, measure);
    sized.bundle = std::move(fitted.bytes);
    sized.size = fitted.size;
    sized.entries = fitted.entries;
    sized.dims = contents.embeddings.dims;
    return true;
  } catch (const Error& error) {
    if (error.code() != ExitCode::kUsage) throw;
    return false;
  }
}

}  // namespace

std::vector<std::size_t> usual_sizes(std::size_t budget) {
  return {budget / 8, budget / 4, budget / 2, budget, budget * 2};
}

std::vector<Sized> fit_sizes(const BundleContents& contents,
                             const std::vector<std::size_t>& budgets, SizeOf measure) {
  BundleContents without = contents;
  without.embeddings = {};
  without.settings.recommend.embeddings = 0.0F;
  without.settings.similar.embeddings = 0.0F;
  std::vector<Sized> all;
  for (const std::size_t budget : budgets) {
    Sized& sized = all.emplace_back();
    sized.budget = budget;
    if (fits(contents, measure, sized)) continue;
    if (fits(without, measure, sized)) continue;
    BundleContents bare = without;
    bare.session_rows.clear();
    const std::vector<std::byte> bytes = write_bundle(bare);
    sized.size = measure == SizeOf::kRaw ? bytes.size() : brotli_size(bytes);
  }
  return all;
}

}  // namespace vitrine::train
