/// Prints what a sweep of implicit ALS takes, and how much of it is arithmetic.
/// usage: vitrine_als_bench EVENTS.csv.gz DIMS SWEEPS THREADS
#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "recommend/models/als_trainer.h"
#include "statistics/event_log.h"

namespace {

namespace data = vitrine::data;
namespace model = vitrine::model;
namespace recommend = vitrine::recommend;
namespace statistics = vitrine::statistics;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Floating point operations of solving rows of these lengths over `columns` whitened columns.
double row_flops(const std::vector<std::uint32_t>& lengths, double columns, double dims) {
  double flops = 2.0 * columns * dims * dims;  // their Gram matrix and their whitening
  for (const std::uint32_t length : lengths) {
    const double n = length;
    flops += dims * dims;  // back from whitened
    flops += n <= dims ? 2.0 * n * n * dims + n * n * n / 3.0 + 2.0 * n * dims
                       : n * dims * dims + dims * dims * dims / 3.0 + 2.0 * n * dims;
  }
  return flops;
}

/// What one core reaches in a product of matrices that fit into its cache.
double product_gigaflops() {
  constexpr Eigen::Index kSize = 384;
  const Eigen::MatrixXf a = Eigen::MatrixXf::Random(kSize, kSize);
  const Eigen::MatrixXf b = Eigen::MatrixXf::Random(kSize, kSize);
  Eigen::MatrixXf c(kSize, kSize);
  double best = 0.0;
  for (int round = 0; round < 20; ++round) {
    const Clock::time_point start = Clock::now();
    c.noalias() = a * b;
    best = std::max(best, 2e-9 * std::pow(kSize, 3) / seconds_since(start));
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "usage: {} EVENTS.csv.gz DIMS SWEEPS THREADS\n", argv[0]);
    return 2;
  }
  statistics::EventLog log({.threads = 2});
  data::ReadOptions read;
  read.files = {argv[1]};
  log.read_events(read);
  const model::TrainingData data = log.training_data({}, [](const std::string&, double) {});
  const auto items = static_cast<std::uint32_t>(data.statistics.items.ids.size());
  const model::SessionTable& sessions = data.statistics.sessions;
  const recommend::AlsOptions options{.dims = static_cast<std::uint32_t>(std::atoi(argv[2])),
                                      .sweeps = static_cast<std::uint32_t>(std::atoi(argv[3])),
                                      .threads = static_cast<unsigned>(std::atoi(argv[4]))};
  std::vector<double> seconds;
  Clock::time_point last = Clock::now();
  (void)recommend::train_als(sessions, items, options, [&](std::size_t) {
    seconds.push_back(seconds_since(last));
    last = Clock::now();
  });
  std::nth_element(seconds.begin(), seconds.begin() + seconds.size() / 2, seconds.end());
  const double median = seconds[seconds.size() / 2];

  // Rows as the trainer sees them: distinct items of a session, sessions of an item.
  std::vector<std::uint32_t> of_sessions(sessions.size());
  std::vector<std::uint32_t> of_items(items);
  for (std::size_t s = 0; s < sessions.size(); ++s) {
    std::vector<std::uint32_t> row(sessions.items.begin() + sessions.offsets[s],
                                   sessions.items.begin() + sessions.offsets[s + 1]);
    std::sort(row.begin(), row.end());
    row.erase(std::unique(row.begin(), row.end()), row.end());
    of_sessions[s] = static_cast<std::uint32_t>(row.size());
    for (const std::uint32_t item : row) ++of_items[item];
  }
  const double flops = row_flops(of_sessions, items, options.dims) +
                       row_flops(of_items, static_cast<double>(sessions.size()), options.dims);
  fmt::print(
      "{:.4f} s a sweep; {:.2f} GFLOP at {:.1f} GFLOP/s, a matrix product reaches {:.1f} a core\n",
      median, flops * 1e-9, flops * 1e-9 / median, product_gigaflops());
}
