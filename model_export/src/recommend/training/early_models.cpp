#include "recommend/training/early_models.h"

#include <algorithm>
#include <utility>

namespace vitrine::recommend {

EarlyModels::EarlyModels(statistics::LogPart& part, std::optional<model::Catalogue> catalogue,
                         OnStep on_step)
    : part_(part), catalogue_(std::move(catalogue)), on_step_(std::move(on_step)) {}

std::vector<std::byte> EarlyModels::build(const TrainOptions& options) {
  Variant& variant = variant_of(options);
  bundle::BundleContents contents = variant.solver->solve(options);
  const std::size_t most = byte_budget(options, contents.ids.size());
  if (2 * contents.ids.size() * options.als.dims > most) return {};
  // A bundle that fits the budget after brotli 11 is about a tenth larger after brotli 9.
  const SizeOf measure = options.raw_bytes ? SizeOf::kRaw : SizeOf::kBrotli9;
  const std::size_t quick_most = options.raw_bytes ? most : most + most / 10;
  if (const auto made = variant.samples.find(sample_key(options)); made != variant.samples.end()) {
    contents.sessions = made->second;
  } else {
    contents.sessions = sample_sessions(contents, variant.statistics, options, quick_most, measure);
    variant.samples.emplace(sample_key(options), contents.sessions);
  }
  const auto [known, is_new] = entries_.try_emplace(sample_key(options));
  if (is_new) {
    known->second = fit_budget(contents, quick_most, measure, options.threads).entries;
  }
  // The items are not arranged again, because held-out events have the item numbers of the first
  // bundle, as all other bundles do.
  contents.session_rows = strongest(contents.session_rows, known->second);
  return bundle::write_bundle(contents);
}

EarlyModels::SampleKey EarlyModels::sample_key(const TrainOptions& options) {
  const layout::Settings& settings = options.settings;
  return {settings.recommend.neighbours > 0.0F || settings.similar.neighbours > 0.0F,
          options.als.dims, options.neighbours.entries, options.neighbours.share};
}

EarlyModels::Variant& EarlyModels::variant_of(const TrainOptions& options) {
  const auto at = std::find_if(variants_.begin(), variants_.end(), [&](const auto& variant) {
    return variant->options == options.statistics;
  });
  if (at != variants_.end()) {
    std::rotate(at, at + 1, variants_.end());  // the latest last
    return *variants_.back();
  }
  if (variants_.size() == kKept) variants_.erase(variants_.begin());
  auto variant = std::make_unique<Variant>();
  variant->options = options.statistics;
  variant->statistics = part_.aggregate(options.statistics, on_step_);
  variant->solver =
      std::make_unique<Solver>(variant->statistics, catalogue_, teacher_, options, on_step_);
  return *variants_.emplace_back(std::move(variant));
}

}  // namespace vitrine::recommend
