#include "recommend/training/sizes.h"

#include "base/error.h"
#include "bundle/bundle_file.h"

namespace vitrine::recommend {
namespace {

/// Adds the model if it fits; adds nothing when the budget is too small for `contents`.
void add_fitted(const bundle::BundleContents& contents, std::size_t budget, SizeOf measure,
                unsigned threads, std::vector<Sized>& all) {
  try {
    Fitted fitted = fit_budget(contents, budget, measure, threads);
    all.push_back({.budget = budget,
                   .bundle = std::move(fitted.bytes),
                   .size = fitted.size,
                   .entries = fitted.entries,
                   .dims = contents.embeddings.dims});
  } catch (const base::Error& error) {
    if (error.code() != base::ExitCode::kUsage) throw;
  }
}

}  // namespace

std::vector<std::size_t> usual_sizes(std::size_t budget) {
  return {budget / 8, budget / 4, budget / 2, budget, budget * 2};
}

std::vector<Sized> fit_sizes(
    const bundle::BundleContents& contents, const std::vector<std::size_t>& budgets, SizeOf measure,
    unsigned threads,
    const std::function<model::SampledSessions(const bundle::BundleContents&, std::size_t budget)>&
        sample) {
  bundle::BundleContents with = contents;
  bundle::BundleContents without = contents;
  without.embeddings = {};
  without.settings.recommend.embeddings = 0.0F;
  without.settings.similar.embeddings = 0.0F;
  std::vector<Sized> all;
  for (const std::size_t budget : budgets) {
    const std::size_t before = all.size();
    if (sample) with.sessions = without.sessions = sample(without, budget);
    if (with.embeddings.dims > 0) add_fitted(with, budget, measure, threads, all);
    add_fitted(without, budget, measure, threads, all);
    if (all.size() > before) continue;
    bundle::BundleContents bare = without;
    bare.session_rows.clear();
    const std::vector<std::byte> bytes = bundle::write_bundle(bare);
    all.push_back({.budget = budget,
                   .bundle = {},
                   .size = measure == SizeOf::kRaw ? bytes.size() : bundle::brotli_size(bytes)});
  }
  return all;
}

}  // namespace vitrine::recommend
