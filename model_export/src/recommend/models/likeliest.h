#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace vitrine::recommend {

/// Keeps the targets with the largest logits; of two equal ones the lower number. Logits are added
/// in blocks. Most blocks have no large value, and the search for the largest value is fast.
class Likeliest {
 public:
  struct Target {
    std::uint32_t item;
    float logit;
  };

  /// Keeps `kept` targets, at least 1.
  explicit Likeliest(std::size_t kept) : kept_(kept) {}

  /// Adds the logits of the targets from `first` on. `first` must rise from call to call.
  void add(std::uint32_t first, std::span<const float> logits) {
    constexpr std::size_t kAtOnce = 32;
    for (std::size_t i = 0; i < logits.size(); i += kAtOnce) {
      const auto some = logits.subspan(i, std::min(kAtOnce, logits.size() - i));
      if (const Eigen::Map<const Eigen::RowVectorXf> row(some.data(), std::ssize(some));
          !(row.maxCoeff() > least_)) {
        continue;
      }
      for (std::size_t j = 0; j < some.size(); ++j) {
        if (!(some[j] > least_)) continue;
        targets_.push_back({first + static_cast<std::uint32_t>(i + j), some[j]});
      }
      if (targets_.size() > 4 * kept_) cut();
    }
  }

  /// Returns the best targets so far, in no order.
  [[nodiscard]] std::span<const Target> targets() {
    cut();
    return targets_;
  }

 private:
  void cut() {
    if (targets_.size() <= kept_) return;
    const auto end = targets_.begin() + static_cast<std::ptrdiff_t>(kept_);
    std::nth_element(targets_.begin(), end - 1, targets_.end(),
                     [](const Target& a, const Target& b) {
                       return a.logit != b.logit ? a.logit > b.logit : a.item < b.item;
                     });
    least_ = (end - 1)->logit;
    targets_.erase(end, targets_.end());
  }

  std::size_t kept_;
  float least_ = -std::numeric_limits<float>::infinity();
  std::vector<Target> targets_;
};

}  // namespace vitrine::recommend
