#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <vector>

namespace vitrine::recommend {

/// Parameters with the two moments of Adam (Kingma, Ba: Adam, ICLR 2015), which are updated row by
/// row.
class Parameters {
 public:
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  Parameters(Eigen::Index rows, Eigen::Index columns)
      : values_(Matrix::Zero(rows, columns)),
        mean_(Matrix::Zero(rows, columns)),
        square_(Matrix::Zero(rows, columns)),
        steps_(static_cast<std::size_t>(rows), 0) {}

  [[nodiscard]] const Matrix& values() const { return values_; }
  [[nodiscard]] Matrix& values() { return values_; }

  /// Updates a row as if it had taken part in all steps up to `step` with a gradient of zero since
  /// its last update.
  void catch_up(Eigen::Index row, std::uint64_t step, float rate) {
    std::uint64_t& last = steps_[static_cast<std::size_t>(row)];
    if (last == 0 || step <= last) {
      last = step;
      return;
    }
    const auto missed = static_cast<float>(step - last);
    const auto time = static_cast<float>(last);
    const float ratio = kMeanDecay / std::sqrt(kSquareDecay);
    const float drift = rate * ratio * (1.0F - std::pow(ratio, missed)) / (1.0F - ratio) *
                        std::sqrt(1.0F - std::pow(kSquareDecay, time)) /
                        (1.0F - std::pow(kMeanDecay, time));
    values_.row(row).array() -=
        drift * mean_.row(row).array() / (square_.row(row).array().sqrt() + 1e-8F);
    mean_.row(row) *= std::pow(kMeanDecay, missed);
    square_.row(row) *= std::pow(kSquareDecay, missed);
    last = step;
  }

  template <typename Gradient>
  void descend(Eigen::Index row, const Gradient& gradient, std::uint64_t step, float rate) {
    const auto time = static_cast<float>(step);
    const float mean_scale = 1.0F / (1.0F - std::pow(kMeanDecay, time));
    const float square_scale = 1.0F / (1.0F - std::pow(kSquareDecay, time));
    mean_.row(row) = kMeanDecay * mean_.row(row) + (1.0F - kMeanDecay) * gradient;
    square_.row(row) =
        kSquareDecay * square_.row(row) + (1.0F - kSquareDecay) * gradient.cwiseAbs2();
    values_.row(row).array() -= rate * mean_scale * mean_.row(row).array() /
                                ((square_scale * square_.row(row)).array().sqrt() + 1e-8F);
    steps_[static_cast<std::size_t>(row)] = step;
  }

 private:
  static constexpr float kMeanDecay = 0.9F;
  static constexpr float kSquareDecay = 0.999F;
  Matrix values_;
  Matrix mean_;
  Matrix square_;
  std::vector<std::uint64_t> steps_;  // the last step of each row; 0: none
};

}  // namespace vitrine::recommend
