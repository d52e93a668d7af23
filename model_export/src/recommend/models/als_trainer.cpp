#include "recommend/models/als_trainer.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/parallel.h"
#include "vitrine/split_mix.h"

namespace vitrine::recommend {
namespace {

using Factors = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Square = Eigen::MatrixXf;

/// A sparse matrix of observations: for each row the columns and their weights.
struct Observations {
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint32_t> columns;
  std::vector<float> weights;
  [[nodiscard]] std::size_t rows() const { return offsets.size() - 1; }
};

/// Returns the observations of each session: every item once, with the sum of its events' weights.
Observations by_session(const model::SessionTable& sessions, const AlsOptions& options) {
  Observations out;
  out.offsets.push_back(0);
  std::vector<std::pair<std::uint32_t, float>> row;
  for (std::size_t s = 0; s < sessions.size(); ++s) {
    row.clear();
    for (std::uint64_t e = sessions.offsets[s]; e < sessions.offsets[s + 1]; ++e) {
      row.emplace_back(sessions.items[e],
                       options.kind_weights[static_cast<std::size_t>(sessions.kinds[e])]);
    }
    std::sort(row.begin(), row.end());
    for (const auto& [item, weight] : row) {
      if (weight <= 0.0F) continue;
      if (out.columns.size() > out.offsets.back() && out.columns.back() == item) {
        out.weights.back() += weight;
      } else {
        out.columns.push_back(item);
        out.weights.push_back(weight);
      }
    }
    out.offsets.push_back(out.columns.size());
  }
  return out;
}

Observations transpose(const Observations& in, std::size_t columns) {
  Observations out;
  out.offsets.assign(columns + 1, 0);
  out.columns.resize(in.columns.size());
  out.weights.resize(in.columns.size());
  for (const std::uint32_t column : in.columns) ++out.offsets[column + 1];
  std::partial_sum(out.offsets.begin(), out.offsets.end(), out.offsets.begin());
  std::vector<std::uint64_t> next(out.offsets.begin(), out.offsets.end() - 1);
  for (std::size_t row = 0; row < in.rows(); ++row) {
    for (std::uint64_t e = in.offsets[row]; e < in.offsets[row + 1]; ++e) {
      const std::uint64_t at = next[in.columns[e]]++;
      out.columns[at] = static_cast<std::uint32_t>(row);
      out.weights[at] = in.weights[e];
    }
  }
  return out;
}

/// Returns Y^T Y. The blocks are summed in a fixed order, so that the result does not depend on the
/// number of threads.
Square gram(const Factors& y, unsigned threads) {
  constexpr Eigen::Index kRows = 4096;
  const auto blocks = static_cast<std::size_t>((y.rows() + kRows - 1) / kRows);
  std::vector<Square> parts(blocks);
  base::parallel_for(blocks, 1, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b) {
      const Eigen::Index first = static_cast<Eigen::Index>(b) * kRows;
      const auto block = y.middleRows(first, std::min(kRows, y.rows() - first));
      parts[b] = block.transpose() * block;
    }
  });
  Square sum = Square::Zero(y.cols(), y.cols());
  for (const Square& part : parts) sum += part;
  return sum;
}

/// Solves x_u = (G + Y_u^T D_u Y_u)^-1 Y_u^T c_u for every row u, where G = Y^T Y + lambda I is the
/// same for all, Y_u are the factors of the columns that u has, D_u = alpha w and c_u = 1 + alpha
/// w.
///
/// With G = L L^T and Z = Y L^-T this is x_u = L^-T (I + Z_u^T D_u Z_u)^-1 Z_u^T c_u. Most rows
/// have fewer columns than there are dims; for these the inverse is taken on the other side
/// (Woodbury):
///   x_u = L^-T Z_u^T (D_u^-1 + Z_u Z_u^T)^-1 D_u^-1 c_u
/// so that a session of five clicks costs a system of five, and is solved exactly.
class RowSolver {
 public:
  RowSolver(const Observations& seen, const Factors& y, const AlsOptions& options)
      : seen_(seen), options_(options), whitened_(y.rows(), y.cols()) {
    Square system = gram(y, options.threads);
    system.diagonal().array() += options.lambda;
    root_.compute(system);
    in_blocks(y.rows(), [&](Eigen::Index first, Eigen::Index count) {
      whitened_.middleRows(first, count) =
          root_.matrixL().solve(y.middleRows(first, count).transpose()).transpose();
    });
  }

  void solve(Factors& x) const {
    in_blocks(x.rows(), [&](Eigen::Index first, Eigen::Index count) {
      Scratch scratch;
      for (Eigen::Index u = first; u < first + count; ++u) {
        const auto row = static_cast<std::size_t>(u);
        const auto columns = static_cast<Eigen::Index>(seen_.offsets[row + 1] - seen_.offsets[row]);
        if (columns == 0) {
          x.row(u).setZero();
        } else if (columns <= x.cols()) {
          solve_small(row, scratch, x);
        } else {
          solve_large(row, scratch, x);
        }
      }
      x.middleRows(first, count) =
          root_.matrixU().solve(x.middleRows(first, count).transpose()).transpose();
    });
  }

 private:
  static constexpr Eigen::Index kRows = 512;

  struct Scratch {
    Factors columns;
    Square system;
    Eigen::VectorXf right;
    Eigen::LLT<Square> factor;
  };

  template <typename Body>
  void in_blocks(Eigen::Index rows, const Body& body) const {
    base::parallel_for(static_cast<std::size_t>(rows), kRows, options_.threads,
                       [&](std::size_t begin, std::size_t end) {
                         body(static_cast<Eigen::Index>(begin),
                              static_cast<Eigen::Index>(end - begin));
                       });
  }

  [[nodiscard]] float confidence(std::uint64_t entry) const {
    return options_.alpha * seen_.weights[entry];
  }

  /// Copies the whitened factors of `count` entries from `entry` on.
  void gather(std::uint64_t entry, Eigen::Index count, Factors& out) const {
    out.resize(count, whitened_.cols());
    for (Eigen::Index i = 0; i < count; ++i) {
      out.row(i) = whitened_.row(
          static_cast<Eigen::Index>(seen_.columns[entry + static_cast<std::uint64_t>(i)]));
    }
  }

  void solve_small(std::size_t u, Scratch& scratch, Factors& x) const {
    const std::uint64_t begin = seen_.offsets[u];
    const auto count = static_cast<Eigen::Index>(seen_.offsets[u + 1] - begin);
    gather(begin, count, scratch.columns);
    scratch.system.noalias() = scratch.columns * scratch.columns.transpose();
    scratch.right.resize(count);
    for (Eigen::Index i = 0; i < count; ++i) {
      const float weight = confidence(begin + static_cast<std::uint64_t>(i));
      scratch.system(i, i) += 1.0F / weight;
      scratch.right[i] = (1.0F + weight) / weight;
    }
    scratch.factor.compute(scratch.system);
    scratch.factor.solveInPlace(scratch.right);
    x.row(static_cast<Eigen::Index>(u)).noalias() = scratch.right.transpose() * scratch.columns;
  }

  void solve_large(std::size_t u, Scratch& scratch, Factors& x) const {
    scratch.system.setIdentity(x.cols(), x.cols());
    scratch.right.setZero(x.cols());
    for (std::uint64_t at = seen_.offsets[u]; at < seen_.offsets[u + 1];) {
      const auto count =
          std::min<Eigen::Index>(kRows, static_cast<Eigen::Index>(seen_.offsets[u + 1] - at));
      gather(at, count, scratch.columns);
      for (Eigen::Index i = 0; i < count; ++i) {
        const float weight = confidence(at + static_cast<std::uint64_t>(i));
        scratch.right += (1.0F + weight) * scratch.columns.row(i).transpose();
        scratch.columns.row(i) *= std::sqrt(weight);
      }
      scratch.system.selfadjointView<Eigen::Lower>().rankUpdate(scratch.columns.transpose());
      at += static_cast<std::uint64_t>(count);
    }
    scratch.factor.compute(scratch.system.selfadjointView<Eigen::Lower>());
    scratch.factor.solveInPlace(scratch.right);
    x.row(static_cast<Eigen::Index>(u)) = scratch.right.transpose();
  }

  const Observations& seen_;
  const AlsOptions& options_;
  Factors whitened_;  // Z
  Eigen::LLT<Square> root_;
};

}  // namespace

model::EmbeddingMatrix train_als(const model::SessionTable& sessions, std::uint32_t item_count,
                                 const AlsOptions& options,
                                 const std::function<void(std::size_t)>& progress) {
  const auto dims = static_cast<Eigen::Index>(options.dims);
  model::EmbeddingMatrix result{.dims = options.dims, .values = {}, .lambda = options.lambda};
  if (dims == 0) return result;
  const Observations seen = by_session(sessions, options);
  const Observations seen_by = transpose(seen, item_count);
  Factors items(static_cast<Eigen::Index>(item_count), dims);
  Factors shoppers(static_cast<Eigen::Index>(seen.rows()), dims);
  SplitMix random(options.seed);
  for (Eigen::Index i = 0; i < items.size(); ++i) {
    items.data()[i] = static_cast<float>((random.uniform() - 0.5) * 0.2);
  }
  for (std::uint32_t sweep = 0; sweep < options.sweeps; ++sweep) {
    RowSolver(seen, items, options).solve(shoppers);
    RowSolver(seen_by, shoppers, options).solve(items);
    if (progress) progress(sweep + 1);
  }
  result.values.assign(items.data(), items.data() + items.size());
  return result;
}

}  // namespace vitrine::recommend
