#include "recommend/evaluation/bootstrap.h"

#include <algorithm>

#include "base/parallel.h"
#include "vitrine/split_mix.h"

namespace vitrine::recommend {
namespace {

constexpr std::size_t kRounds = 200;
constexpr std::size_t kOutside = kRounds * 25 / 1000;  // samples beyond each end of an interval

/// Sets the interval from the means of the samples. A small group may be missing in some samples;
/// these samples are left out.
void set_interval(std::vector<double>& means, Estimate& estimate) {
  if (means.empty()) return;
  std::sort(means.begin(), means.end());
  const std::size_t outside = means.size() * kOutside / kRounds;
  estimate.low = means[outside];
  estimate.high = means[means.size() - 1 - outside];
}

}  // namespace

void SessionSums::add(std::uint32_t session, std::span<const double> values) {
  const std::size_t width = columns_ + 1;
  if (sessions_.empty() || sessions_.back() != session) {
    sessions_.push_back(session);
    sums_.resize(sums_.size() + width);
  }
  double* sums = &sums_[sums_.size() - width];
  sums[0] += 1.0;
  for (std::size_t c = 0; c < columns_; ++c) sums[c + 1] += values[c];
  ++predictions_;
}

void SessionSums::total(std::span<const std::uint16_t> weights, std::span<double> out) const {
  const std::size_t width = columns_ + 1;
  std::fill(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(width), 0.0);
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    const double weight = weights.empty() ? 1.0 : weights[sessions_[i]];
    if (weight == 0.0) continue;
    for (std::size_t c = 0; c < width; ++c) out[c] += weight * sums_[i * width + c];
  }
}

std::vector<std::vector<Estimate>> bootstrap(std::span<const SessionSums> groups,
                                             std::size_t sessions, unsigned threads) {
  std::size_t width = 0;  // columns of all groups together
  std::vector<std::size_t> starts;
  for (const SessionSums& group : groups) {
    starts.push_back(width);
    width += group.columns() + 1;
  }
  std::vector<double> totals(width * kRounds);
  base::parallel_for(kRounds, 1, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint16_t> weights(sessions);
    for (std::size_t round = begin; round < end; ++round) {
      std::fill(weights.begin(), weights.end(), std::uint16_t{0});
      SplitMix random(round);
      for (std::size_t i = 0; i < sessions; ++i) ++weights[random.below(sessions)];
      for (std::size_t g = 0; g < groups.size(); ++g) {
        groups[g].total(weights, std::span(totals).subspan(round * width + starts[g]));
      }
    }
  });

  std::vector<std::vector<Estimate>> estimates;
  std::vector<double> sums(width);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::vector<Estimate>& of_group = estimates.emplace_back(groups[g].columns());
    if (groups[g].predictions() == 0) continue;
    groups[g].total({}, sums);
    for (std::size_t c = 0; c < of_group.size(); ++c) {
      std::vector<double> means;
      for (std::size_t round = 0; round < kRounds; ++round) {
        const double* at = &totals[round * width + starts[g]];
        if (at[0] > 0.0) means.push_back(at[c + 1] / at[0]);
      }
      of_group[c].mean = sums[c + 1] / sums[0];
      set_interval(means, of_group[c]);
    }
  }
  return estimates;
}

void put(nlohmann::json& json, const std::string& name, const Estimate& estimate) {
  json[name] = estimate.mean;
  json[name + "_interval"] = {estimate.low, estimate.high};
}

}  // namespace vitrine::recommend
