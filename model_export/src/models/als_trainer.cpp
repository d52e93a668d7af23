#include "models/als_trainer.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "models/parallel.h"
#include "random/split_mix.h"

namespace vitrine::train {
namespace {

using Factors = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Square = Eigen::MatrixXf;

/// Observations row by row: which columns, how much.
struct Observations {
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint32_t> columns;
  std::vector<float> weights;
  [[nodiscard]] std::size_t rows() const { return offsets.size() - 1; }
};

/// Each item of a session once, with the sum of its events' weights.
Observations by_session(const SessionTable& sessions, const AlsOptions& options) {
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

/// Y^T Y, summed block by block in a fixed order whatever the threads.
Square gram(const Factors& y, unsigned threads) {
  constexpr Eigen::Index kRows = 4096;
  const auto blocks = static_cast<std::size_t>((y.rows() + kRows - 1) / kRows);
  std::vector<Square> parts(blocks);
  parallel_for(blocks, 1, threads, [&](std::size_t begin, std::size_t end) {
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

/// Solves x_u = (Y^T Y + lambda I + Y^T (C_u - I) Y)^-1 Y^T C_u 1 for every row u.
void solve_rows(const Observations& seen, const Factors& y, const AlsOptions& options, Factors& x) {
  Square base = gram(y, options.threads);
  base.diagonal().array() += options.lambda;
  parallel_for(seen.rows(), 512, options.threads, [&](std::size_t begin, std::size_t end) {
    Square system(base.rows(), base.cols());
    Eigen::VectorXf right(base.rows());
    Eigen::LLT<Square> factor(base.rows());
    for (std::size_t u = begin; u < end; ++u) {
      if (seen.offsets[u] == seen.offsets[u + 1]) {
        x.row(static_cast<Eigen::Index>(u)).setZero();
        continue;
      }
      system = base;
      right.setZero();
      for (std::uint64_t e = seen.offsets[u]; e < seen.offsets[u + 1]; ++e) {
        const auto row = y.row(static_cast<Eigen::Index>(seen.columns[e])).transpose();
        const float confidence = options.alpha * seen.weights[e];
        system.selfadjointView<Eigen::Lower>().rankUpdate(row, confidence);
        right += (1.0F + confidence) * row;
      }
      factor.compute(system.selfadjointView<Eigen::Lower>());
      x.row(static_cast<Eigen::Index>(u)) = factor.solve(right).transpose();
    }
  });
}

}  // namespace

EmbeddingMatrix train_als(const SessionTable& sessions, std::uint32_t item_count,
                          const AlsOptions& options,
                          const std::function<void(std::size_t)>& progress) {
  const auto dims = static_cast<Eigen::Index>(options.dims);
  EmbeddingMatrix result{.dims = options.dims, .values = {}, .lambda = options.lambda};
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
    solve_rows(seen, items, options, shoppers);
    solve_rows(seen_by, shoppers, options, items);
    if (progress) progress(sweep + 1);
  }
  result.values.assign(items.data(), items.data() + items.size());
  return result;
}

}  // namespace vitrine::train
