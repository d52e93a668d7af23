#include "recommend/models/als_trainer.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "vitrine/split_mix.h"

namespace vitrine::recommend {

namespace {

constexpr std::uint32_t kBlocks = 3;
constexpr std::uint32_t kPerBlock = 8;
constexpr std::uint32_t kItems = kBlocks * kPerBlock;

/// Sessions that stay within a block of items, but for one click in twenty. Items of block b are
/// b, b + kBlocks, ...
model::SessionTable planted_sessions(std::size_t sessions) {
  SplitMix random(21);
  model::SessionTable table;
  for (std::size_t s = 0; s < sessions; ++s) {
    const std::uint64_t block = random.below(kBlocks);
    for (int click = 0; click < 4; ++click) {
      const bool noise = random.uniform() < 0.05;
      const std::uint64_t item =
          noise ? random.below(kItems) : block + kBlocks * random.below(kPerBlock);
      table.items.push_back(static_cast<std::uint32_t>(item));
      table.kinds.push_back(click == 3 ? EventKind::kPurchase : EventKind::kView);
    }
    table.offsets.push_back(table.items.size());
  }
  return table;
}

Eigen::MatrixXd as_matrix(const model::EmbeddingMatrix& embeddings) {
  const auto dims = static_cast<Eigen::Index>(embeddings.dims);
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const RowMajor>(embeddings.values.data(),
                                    static_cast<Eigen::Index>(embeddings.values.size()) / dims,
                                    dims)
      .cast<double>();
}

/// The observations of every session: for every item the sum of its events' weights.
Eigen::MatrixXd observations(const model::SessionTable& sessions, const AlsOptions& options) {
  Eigen::MatrixXd weights =
      Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(sessions.size()), kItems);
  for (std::size_t s = 0; s < sessions.size(); ++s) {
    for (std::uint64_t e = sessions.offsets[s]; e < sessions.offsets[s + 1]; ++e) {
      weights(static_cast<Eigen::Index>(s), static_cast<Eigen::Index>(sessions.items[e])) +=
          static_cast<double>(options.kind_weights[static_cast<std::size_t>(sessions.kinds[e])]);
    }
  }
  return weights;
}

/// Equation 4: x_u = (Y^T C_u Y + lambda I)^-1 Y^T C_u p_u for every row u of `weights`.
Eigen::MatrixXd solve_side(const Eigen::MatrixXd& weights, const Eigen::MatrixXd& y,
                           const AlsOptions& options) {
  Eigen::MatrixXd x(weights.rows(), y.cols());
  for (Eigen::Index u = 0; u < weights.rows(); ++u) {
    const Eigen::VectorXd weight = weights.row(u);
    const Eigen::VectorXd confidence = 1.0 + static_cast<double>(options.alpha) * weight.array();
    const Eigen::VectorXd preference = (weight.array() > 0.0).cast<double>();
    Eigen::MatrixXd system = y.transpose() * confidence.asDiagonal() * y;
    system.diagonal().array() += static_cast<double>(options.lambda);
    x.row(u) = system.llt().solve(y.transpose() * confidence.cwiseProduct(preference)).transpose();
  }
  return x;
}

/// Equation 3, with the best shoppers' factors for these items.
double loss(const Eigen::MatrixXd& weights, const Eigen::MatrixXd& items,
            const AlsOptions& options) {
  const Eigen::MatrixXd shoppers = solve_side(weights, items, options);
  const Eigen::ArrayXXd confidence = 1.0 + static_cast<double>(options.alpha) * weights.array();
  const Eigen::ArrayXXd preference = (weights.array() > 0.0).cast<double>();
  const Eigen::ArrayXXd miss = preference - (shoppers * items.transpose()).array();
  return (confidence * miss.square()).sum() +
         static_cast<double>(options.lambda) * (items.squaredNorm() + shoppers.squaredNorm());
}

}  // namespace

TEST_CASE("products are summed in blocks of the same sizes on every machine") {
  CHECK(Eigen::l1CacheSize() == 32 * 1024);
  CHECK(Eigen::l2CacheSize() == 256 * 1024);
  CHECK(Eigen::l3CacheSize() == 2 * 1024 * 1024);
}

TEST_CASE("items of one planted block are nearest to each other") {
  const model::SessionTable sessions = planted_sessions(400);
  const AlsOptions options{.dims = kBlocks, .sweeps = 8, .alpha = 10.0F, .lambda = 1.0F};
  Eigen::MatrixXd items = as_matrix(train_als(sessions, kItems, options));
  REQUIRE(items.rows() == kItems);
  items.rowwise().normalize();
  const Eigen::MatrixXd cosine = items * items.transpose();
  for (Eigen::Index i = 0; i < kItems; ++i) {
    double worst_inside = 1.0;
    double best_outside = -1.0;
    for (Eigen::Index j = 0; j < kItems; ++j) {
      if (i == j) continue;
      if (i % kBlocks == j % kBlocks) worst_inside = std::min(worst_inside, cosine(i, j));
      if (i % kBlocks != j % kBlocks) best_outside = std::max(best_outside, cosine(i, j));
    }
    INFO("item " << i);
    CHECK(worst_inside > best_outside);
  }
}

TEST_CASE("more sweeps lower the loss of Hu, Koren and Volinsky") {
  const model::SessionTable sessions = planted_sessions(200);
  double before = std::numeric_limits<double>::infinity();
  for (const std::uint32_t sweeps : {1U, 2U, 4U, 8U}) {
    const AlsOptions options{.dims = 6, .sweeps = sweeps, .alpha = 4.0F, .lambda = 2.0F};
    const double after = loss(observations(sessions, options),
                              as_matrix(train_als(sessions, kItems, options)), options);
    INFO(sweeps << " sweeps");
    CHECK(after < before);
    before = after;
  }
}

TEST_CASE("sweeps solve the equations for sessions, then for items") {
  const model::SessionTable sessions = planted_sessions(150);
  const AlsOptions options{.dims = 4, .sweeps = 2, .alpha = 3.0F, .lambda = 2.0F, .seed = 5};
  const Eigen::MatrixXd weights = observations(sessions, options);
  Eigen::MatrixXd items(kItems, 4);
  SplitMix random(options.seed);
  for (Eigen::Index i = 0; i < kItems; ++i) {
    for (Eigen::Index d = 0; d < 4; ++d) items(i, d) = (random.uniform() - 0.5) * 0.2;
  }
  for (int sweep = 0; sweep < 2; ++sweep) {
    const Eigen::MatrixXd shoppers = solve_side(weights, items, options);
    items = solve_side(weights.transpose(), shoppers, options);
  }
  const Eigen::MatrixXd trained = as_matrix(train_als(sessions, kItems, options));
  CHECK(items.cwiseAbs().maxCoeff() > 0.3);
  CHECK((trained - items).cwiseAbs().maxCoeff() < 1e-3);
}

TEST_CASE("the seed decides the embeddings, the number of threads does not") {
  const model::SessionTable sessions = planted_sessions(1500);
  AlsOptions options{.dims = 5, .sweeps = 3};
  const std::vector<float> one = train_als(sessions, kItems, options).values;
  REQUIRE(one.size() == kItems * 5);
  for (const unsigned threads : {2U, 3U}) {
    options.threads = threads;
    CHECK(train_als(sessions, kItems, options).values == one);
  }
  options.seed = 2;
  CHECK(train_als(sessions, kItems, options).values != one);
}

TEST_CASE("zero dimensions give no embeddings") {
  const model::EmbeddingMatrix none = train_als(planted_sessions(5), kItems, {.dims = 0});
  CHECK(none.dims == 0);
  CHECK(none.values.empty());
}

TEST_CASE("items that nobody saw, and kinds that count nothing, have the zero embedding") {
  model::SessionTable sessions;
  sessions.items = {0, 1, 2};
  sessions.kinds = {EventKind::kView, EventKind::kView, EventKind::kRemove};
  sessions.offsets = {0, 3};
  const model::EmbeddingMatrix embeddings = train_als(sessions, 4, {.dims = 2, .lambda = 0.1F});
  REQUIRE(embeddings.values.size() == 8);
  CHECK(std::vector<float>(embeddings.values.begin() + 4, embeddings.values.end()) ==
        std::vector<float>(4, 0.0F));
  CHECK(embeddings.values[0] != 0.0F);
}

TEST_CASE("no session at all gives zero embeddings, not garbage") {
  const model::EmbeddingMatrix embeddings = train_als({}, 3, {.dims = 2});
  CHECK(embeddings.values == std::vector<float>(6, 0.0F));
}

}  // namespace vitrine::recommend
