#include "recommend/models/session_row_trainer.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>

#include "statistics/statistics.h"
#include "vitrine/split_mix.h"

namespace vitrine::recommend {

namespace {

/// X^T X, S^T S and S^T T as full matrices.
struct Dense {
  Eigen::MatrixXd together;
  Eigen::MatrixXd past;
  Eigen::MatrixXd future;
};

/// Of random sessions; every entry is positive when `share` is 1.
Dense random_statistics(Eigen::Index items, double share, std::uint64_t seed) {
  SplitMix random(seed);
  const auto matrix = [&](bool binary) {
    Eigen::MatrixXd m(3 * items, items);
    for (Eigen::Index i = 0; i < m.size(); ++i) {
      const bool there = random.uniform() < share;
      m.data()[i] = !there ? 0.0 : binary ? 1.0 : 0.1 + random.uniform();
    }
    return m;
  };
  const Eigen::MatrixXd x = matrix(share < 1.0);
  const Eigen::MatrixXd s = matrix(false);
  const Eigen::MatrixXd t = matrix(false);
  return {x.transpose() * x, s.transpose() * s, s.transpose() * t};
}

model::PairStatistics to_pairs(const Dense& dense) {
  model::PairStatistics pairs;
  const Eigen::Index items = dense.together.rows();
  pairs.item_count = static_cast<std::uint32_t>(items);
  pairs.offsets.push_back(0);
  for (Eigen::Index a = 0; a < items; ++a) {
    for (Eigen::Index b = 0; b < items; ++b) {
      if (dense.together(a, b) + dense.past(a, b) + dense.future(a, b) <= 0.0) continue;
      pairs.partner.push_back(static_cast<std::uint32_t>(b));
      pairs.together.push_back(static_cast<float>(dense.together(a, b)));
      pairs.past.push_back(static_cast<float>(dense.past(a, b)));
      pairs.future.push_back(static_cast<float>(dense.future(a, b)));
    }
    pairs.offsets.push_back(pairs.partner.size());
  }
  return pairs;
}

/// Column by column (G + lambda I) b = r over the items that speak for the target at all.
Eigen::MatrixXd solve_densely(const Dense& dense, const SessionRowOptions& options) {
  const double alpha = static_cast<double>(options.alpha);
  const Eigen::Index items = dense.together.rows();
  Eigen::MatrixXd weights = Eigen::MatrixXd::Zero(items, items);
  for (Eigen::Index target = 0; target < items; ++target) {
    Eigen::MatrixXd similar = dense.together;
    Eigen::VectorXd right_similar = similar.col(target);
    similar.row(target).setZero();
    similar.col(target).setZero();
    right_similar[target] = 0.0;
    const Eigen::MatrixXd gram = alpha * similar + (1.0 - alpha) * dense.past;
    const Eigen::VectorXd right = alpha * right_similar + (1.0 - alpha) * dense.future.col(target);
    std::vector<Eigen::Index> sources;
    for (Eigen::Index a = 0; a < items; ++a) {
      if (right[a] > 0.0) sources.push_back(a);
    }
    Eigen::MatrixXd system = gram(sources, sources);
    system.diagonal().array() += static_cast<double>(options.ridge);
    const Eigen::VectorXd solution = system.llt().solve(right(sources));
    for (std::size_t i = 0; i < sources.size(); ++i) {
      weights(sources[i], target) = solution[static_cast<Eigen::Index>(i)];
    }
  }
  return weights;
}

Eigen::MatrixXd to_matrix(const std::vector<model::SessionEntry>& entries, Eigen::Index items) {
  Eigen::MatrixXd weights = Eigen::MatrixXd::Zero(items, items);
  for (const model::SessionEntry& entry : entries) {
    weights(static_cast<Eigen::Index>(entry.source), static_cast<Eigen::Index>(entry.target)) =
        static_cast<double>(entry.weight);
  }
  return weights;
}

bool same(const std::vector<model::SessionEntry>& a, const std::vector<model::SessionEntry>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const model::SessionEntry& x, const model::SessionEntry& y) {
                      return x.source == y.source && x.target == y.target && x.weight == y.weight;
                    });
}

}  // namespace

TEST_CASE("session rows are the positive part of the dense ridge solution") {
  for (const double share : {1.0, 0.3, 0.05}) {
    for (const float alpha : {0.0F, 0.3F, 1.0F}) {
      for (const float ridge : {1.0F, 50.0F}) {
        INFO("share " << share << ", alpha " << alpha << ", ridge " << ridge);
        const Dense dense = random_statistics(15, share, 17);
        const SessionRowOptions options{.alpha = alpha, .ridge = ridge, .sources = 15};
        const auto entries = train_session_rows(to_pairs(dense), {}, options);
        REQUIRE_FALSE(entries.empty());
        for (const model::SessionEntry& entry : entries) CHECK(entry.weight > 0.0F);
        const Eigen::MatrixXd expected = solve_densely(dense, options).cwiseMax(0.0);
        CHECK((to_matrix(entries, 15) - expected).cwiseAbs().maxCoeff() < 1e-4);
      }
    }
  }
}

TEST_CASE("an item follows itself by its revisits alone") {
  // One item with revisits: b = (1 - alpha) future / ((1 - alpha) past + ridge), whatever
  // `together`.
  model::PairStatistics pairs{.item_count = 1,
                              .offsets = {0, 1},
                              .partner = {0},
                              .together = {50.0F},
                              .past = {4.0F},
                              .future = {3.0F}};
  const auto entries = train_session_rows(pairs, {}, {.alpha = 0.5F, .ridge = 1.0F});
  REQUIRE(entries.size() == 1);
  CHECK(std::abs(entries[0].weight - 0.5F) < 1e-6F);
  pairs.future = {0.0F};
  CHECK(train_session_rows(pairs, {}, {.alpha = 0.5F, .ridge = 1.0F}).empty());
}

TEST_CASE("session rows come out sorted and the same for any number of threads") {
  const model::PairStatistics pairs = to_pairs(random_statistics(700, 0.004, 3));
  const auto one = train_session_rows(pairs, {}, {.ridge = 2.0F, .threads = 1});
  const auto four = train_session_rows(pairs, {}, {.ridge = 2.0F, .threads = 4});
  REQUIRE(one.size() > 1000);
  CHECK(same(one, four));
  CHECK(std::is_sorted(one.begin(), one.end(),
                       [](const model::SessionEntry& a, const model::SessionEntry& b) {
                         return a.source != b.source ? a.source < b.source : a.target < b.target;
                       }));
}

TEST_CASE("the limit keeps the sources that alone would explain most") {
  const Dense dense = random_statistics(20, 1.0, 5);
  const SessionRowOptions options{.alpha = 0.4F, .ridge = 3.0F, .sources = 4};
  std::map<std::uint32_t, std::vector<std::uint32_t>> kept;
  for (const model::SessionEntry& entry : train_session_rows(to_pairs(dense), {}, options)) {
    kept[entry.target].push_back(entry.source);
  }
  REQUIRE(kept.size() == 20);
  for (const auto& [target, sources] : kept) {
    std::vector<std::pair<double, std::uint32_t>> strengths;
    for (std::uint32_t a = 0; a < 20; ++a) {
      const double mask = a == target ? 0.0 : 0.4;
      const double right = mask * dense.together(a, target) + 0.6 * dense.future(a, target);
      const double own = mask * dense.together(a, a) + 0.6 * dense.past(a, a);
      strengths.emplace_back(-right * right / (own + 3.0), a);
    }
    std::sort(strengths.begin(), strengths.end());
    CHECK(sources.size() <= 4);
    for (const std::uint32_t source : sources) {
      const auto at = std::find_if(strengths.begin(), strengths.end(),
                                   [&](const auto& entry) { return entry.second == source; });
      CHECK(at - strengths.begin() < 4);
    }
  }
}

TEST_CASE("one source per target gives what that source explains alone") {
  const Dense dense = random_statistics(6, 1.0, 8);
  const auto entries =
      train_session_rows(to_pairs(dense), {}, {.alpha = 0.0F, .ridge = 2.0F, .sources = 1});
  REQUIRE(entries.size() == 6);
  for (const model::SessionEntry& entry : entries) {
    const double expected =
        dense.future(entry.source, entry.target) / (dense.past(entry.source, entry.source) + 2.0);
    CHECK(std::abs(static_cast<double>(entry.weight) - expected) < 1e-5);
  }
}

TEST_CASE("the ridge pulls toward what the teacher says, also of pairs that were never seen") {
  // One item with 4 sessions, and what two others say of it: (past + ridge) b = future + ridge *
  // teacher, for each source alone, since they share no session.
  model::PairStatistics pairs{.item_count = 3,
                              .offsets = {0, 2, 3, 3},
                              .partner = {0, 2, 1},
                              .together = {0.0F, 0.0F, 0.0F},
                              .past = {4.0F, 0.0F, 9.0F},
                              .future = {0.0F, 2.0F, 0.0F}};
  const std::vector<model::SessionEntry> teacher = {{0, 2, 0.5F}, {1, 2, 0.25F}, {2, 2, 0.01F}};
  const auto entries = train_session_rows(
      pairs, teacher, {.alpha = 0.0F, .ridge = 6.0F, .teacher = 0.5F, .sources = 2});
  REQUIRE(entries.size() == 2);
  CHECK((entries[0].source == 0 && entries[0].target == 2));
  CHECK(std::abs(entries[0].weight - (2.0F + 6.0F * 0.5F * 0.5F) / 10.0F) < 1e-6F);
  CHECK((entries[1].source == 1 && entries[1].target == 2));
  CHECK(std::abs(entries[1].weight - 6.0F * 0.5F * 0.25F / 15.0F) < 1e-6F);
  // The stronger the ridge, the nearer to the teacher.
  const auto firm = train_session_rows(
      pairs, teacher, {.alpha = 0.0F, .ridge = 1e6F, .teacher = 1.0F, .sources = 3});
  REQUIRE(firm.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(std::abs(firm[i].weight - teacher[i].weight) < 1e-4F);
  }
}

TEST_CASE("empty statistics give no rows, and items without pairs none of their own") {
  CHECK(train_session_rows({.item_count = 0, .offsets = {0}}, {}, {}).empty());
  CHECK(train_session_rows({.item_count = 3, .offsets = {0, 0, 0, 0}}, {}, {.threads = 3}).empty());
}

TEST_CASE("progress ends at the number of items") {
  const model::PairStatistics pairs = to_pairs(random_statistics(300, 0.01, 3));
  std::atomic<std::size_t> most{0};
  const auto entries = train_session_rows(pairs, {}, {.threads = 1}, [&](std::size_t done) {
    CHECK(done > most);
    most = done;
  });
  CHECK_FALSE(entries.empty());
  CHECK(most == 300);
}

}  // namespace vitrine::recommend
