#include "recommend/models/partition_trainer.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/parallel.h"
#include "vitrine/format/bundle_layout.h"
#include "vitrine/split_mix.h"

namespace vitrine::recommend {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Numbers = std::vector<std::uint32_t>;

/// The length of the list for which recall is measured.
constexpr std::size_t kList = 20;

/// The number of rows of one matrix product.
constexpr std::size_t kBlock = 256;

/// Unit vectors of the items that have a vector, and the numbers of these items.
struct Directions {
  Matrix rows;
  Numbers items;

  explicit Directions(const model::EmbeddingMatrix& embeddings) {
    const std::size_t dims = embeddings.dims;
    const std::size_t count = embeddings.values.size() / dims;
    rows.resize(static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(dims));
    for (std::uint32_t item = 0; item < count; ++item) {
      const Eigen::Map<const Eigen::RowVectorXf> vector(embeddings.values.data() + item * dims,
                                                        static_cast<Eigen::Index>(dims));
      const float norm = vector.norm();
      if (!(norm > 0.0F)) continue;
      rows.row(static_cast<Eigen::Index>(items.size())) = vector / norm;
      items.push_back(item);
    }
    rows.conservativeResize(static_cast<Eigen::Index>(items.size()), Eigen::NoChange);
  }
};

/// Calls take(row, scores) for every row, with the products of this row and all of `others`.
template <typename Take>
void each_product(const Matrix& rows, const Matrix& others, unsigned threads, const Take& take) {
  base::parallel_for(static_cast<std::size_t>(rows.rows()), kBlock, threads,
                     [&](std::size_t begin, std::size_t end) {
                       const Matrix products =
                           rows.middleRows(static_cast<Eigen::Index>(begin),
                                           static_cast<Eigen::Index>(end - begin)) *
                           others.transpose();
                       for (std::size_t row = begin; row < end; ++row) {
                         take(row, products.row(static_cast<Eigen::Index>(row - begin)));
                       }
                     });
}

/// Returns the nearest centroid of every row.
Numbers assign(const Matrix& rows, const Matrix& centroids, unsigned threads) {
  Numbers nearest(static_cast<std::size_t>(rows.rows()));
  each_product(rows, centroids, threads, [&](std::size_t row, const auto& products) {
    Eigen::Index best = 0;
    products.maxCoeff(&best);
    nearest[row] = static_cast<std::uint32_t>(best);
  });
  return nearest;
}

Matrix cluster(const Matrix& rows, std::size_t count, const PartitionOptions& options) {
  constexpr int kRounds = 12;
  constexpr std::size_t kPerCentroid = 96;  // more rows would change the centroids little
  Numbers picked(static_cast<std::size_t>(rows.rows()));
  std::iota(picked.begin(), picked.end(), 0U);
  SplitMix random(options.seed);
  for (std::size_t i = 0; i < picked.size(); ++i) {
    std::swap(picked[i], picked[i + random.below(picked.size() - i)]);
  }
  picked.resize(std::min(picked.size(), kPerCentroid * count));
  Matrix sample(static_cast<Eigen::Index>(picked.size()), rows.cols());
  for (std::size_t i = 0; i < picked.size(); ++i) {
    sample.row(static_cast<Eigen::Index>(i)) = rows.row(static_cast<Eigen::Index>(picked[i]));
  }
  Matrix centroids = sample.topRows(static_cast<Eigen::Index>(count));
  for (int round = 0; round < kRounds; ++round) {
    const Numbers nearest = assign(sample, centroids, options.threads);
    Matrix sums = Matrix::Zero(centroids.rows(), centroids.cols());
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      sums.row(static_cast<Eigen::Index>(nearest[i])) += sample.row(static_cast<Eigen::Index>(i));
    }
    for (Eigen::Index c = 0; c < centroids.rows(); ++c) {
      const float norm = sums.row(c).norm();
      if (norm > 0.0F) centroids.row(c) = sums.row(c) / norm;
    }
  }
  return centroids;
}

/// Returns how far the cosine of a centroid may lie below the lowest cosine of a list when its
/// partition still has to be searched.
float margin_for(const Matrix& rows, const Matrix& centroids, const Numbers& nearest,
                 std::size_t kept, unsigned threads) {
  constexpr std::size_t kQueries = 400;
  constexpr std::size_t kNeighbours = kList;
  const auto count = static_cast<std::size_t>(rows.rows());
  const std::size_t queries = std::min(kQueries, count);
  const std::size_t neighbours = std::min(kNeighbours, count - 1);
  // The distances of the nearest items' centroids below the lowest cosine of the list.
  std::vector<float> below(queries * neighbours);
  std::vector<float> bars(queries);
  Matrix to_centroids(static_cast<Eigen::Index>(queries), centroids.rows());
  base::parallel_for(queries, 4, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t q = begin; q < end; ++q) {
      const auto vector = rows.row(static_cast<Eigen::Index>(q * count / queries));
      const Eigen::VectorXf cosines = rows * vector.transpose();
      auto to = to_centroids.row(static_cast<Eigen::Index>(q));
      to.noalias() = vector * centroids.transpose();
      Numbers order(count);
      std::iota(order.begin(), order.end(), 0U);
      const std::size_t list = std::min(kept + 1, count);  // the first one is the item itself
      std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(list),
                        order.end(), [&](std::uint32_t a, std::uint32_t b) {
                          return cosines[a] != cosines[b] ? cosines[a] > cosines[b] : a < b;
                        });
      bars[q] = cosines[order[list - 1]];
      for (std::size_t i = 0; i < neighbours; ++i) {
        below[q * neighbours + i] = bars[q] - to[nearest[order[i + 1]]];
      }
    }
  });
  std::sort(below.begin(), below.end());
  const auto margin = [&](double recall) {
    const double at = recall * static_cast<double>(below.size() - 1);
    return below[static_cast<std::size_t>(at)];
  };
  std::vector<std::size_t> sizes(static_cast<std::size_t>(centroids.rows()));
  for (const std::uint32_t partition : nearest) ++sizes[partition];
  const float narrow = margin(0.99);
  std::size_t compared = 0;
  for (std::size_t q = 0; q < queries; ++q) {
    for (std::size_t p = 0; p < sizes.size(); ++p) {
      const float cosine = to_centroids(static_cast<Eigen::Index>(q), static_cast<Eigen::Index>(p));
      if (cosine >= bars[q] - narrow) compared += sizes[p];
    }
  }
  return compared <= queries * count / 8 ? narrow : margin(0.96);
}

}  // namespace

bool partitions_pay(const model::EmbeddingMatrix& embeddings) {
  return embeddings.values.size() >= (std::size_t{1} << 20U);
}

model::ItemPartitions train_partitions(const model::EmbeddingMatrix& embeddings,
                                       const PartitionOptions& options) {
  const Directions directions(embeddings);
  model::ItemPartitions result;
  if (directions.items.size() < 100) return result;
  const auto count =
      static_cast<std::size_t>(2.0 * std::sqrt(static_cast<double>(directions.items.size())));
  const Matrix centroids = cluster(directions.rows, count, options);
  const Numbers nearest = assign(directions.rows, centroids, options.threads);
  result.of.assign(embeddings.values.size() / embeddings.dims, model::ItemPartitions::kNone);
  for (std::size_t i = 0; i < nearest.size(); ++i) result.of[directions.items[i]] = nearest[i];
  result.centroids.assign(centroids.data(), centroids.data() + centroids.size());
  const std::size_t list = layout::searched_list(kList, embeddings.residuals);
  result.margin = margin_for(directions.rows, centroids, nearest, list, options.threads);
  return result;
}

}  // namespace vitrine::recommend
