#include "recommend/models/session_row_trainer.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include "base/parallel.h"

namespace vitrine::recommend {
namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;

/// The statistics grouped by target: the sources of each target.
struct Incoming {
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint32_t> source;
  std::vector<std::uint64_t> pair;  // index into PairStatistics
};

Incoming turn_around(const model::PairStatistics& pairs) {
  Incoming in;
  in.offsets.assign(std::size_t{pairs.item_count} + 1, 0);
  in.source.resize(pairs.pairs());
  in.pair.resize(pairs.pairs());
  for (const std::uint32_t target : pairs.partner) ++in.offsets[target + 1];
  std::partial_sum(in.offsets.begin(), in.offsets.end(), in.offsets.begin());
  std::vector<std::uint64_t> next(in.offsets.begin(), in.offsets.end() - 1);
  for (std::uint32_t a = 0; a < pairs.item_count; ++a) {
    for (std::uint64_t p = pairs.offsets[a]; p < pairs.offsets[a + 1]; ++p) {
      const std::uint64_t at = next[pairs.partner[p]]++;
      in.source[at] = a;
      in.pair[at] = p;
    }
  }
  return in;
}

/// Solves the ridge systems of targets one after the other. Each thread has one solver.
class TargetSolver {
 public:
  /// `teacher` is sorted by target, then source.
  TargetSolver(const model::PairStatistics& pairs, const Incoming& incoming,
               std::span<const model::SessionEntry> teacher, const SessionRowOptions& options)
      : pairs_(pairs),
        incoming_(incoming),
        teacher_(teacher),
        options_(options),
        place_(pairs.item_count, kNone) {}

  void solve(std::uint32_t target, std::vector<model::SessionEntry>& out) {
    choose_sources(target);
    const auto count = static_cast<Eigen::Index>(sources_.size());
    if (count == 0) return;
    fill_system(target);
    factor_.compute(system_.topLeftCorner(count, count));
    if (factor_.info() != Eigen::Success) return;
    solution_ = factor_.solve(right_.head(count));
    for (Eigen::Index i = 0; i < count; ++i) {
      const float weight = solution_[i];
      if (std::isfinite(weight) && weight > 0.0F) {
        out.push_back({sources_[static_cast<std::size_t>(i)].item, target, weight});
      }
    }
  }

 private:
  struct Candidate {
    std::uint32_t item;
    float right;     // right-hand side of the system
    float strength;  // the part that this source alone would explain
  };

  [[nodiscard]] float combine(std::uint64_t pair, bool with_target) const {
    const float similar = with_target ? 0.0F : options_.alpha * pairs_.together[pair];
    return similar + (1.0F - options_.alpha) * pairs_.past[pair];
  }

  void choose_sources(std::uint32_t target) {
    sources_.clear();
    const auto of_target =
        std::ranges::equal_range(teacher_, target, {}, &model::SessionEntry::target);
    std::span<const model::SessionEntry> taught(of_target.begin(), of_target.end());
    const auto add = [&](std::uint32_t source, float right) {
      if (!(right > 0.0F)) return;
      const float variance = diagonal(source, source == target);
      sources_.push_back({source, right, right * right / (variance + options_.ridge)});
    };
    const float toward = options_.ridge * options_.teacher;
    for (std::uint64_t i = incoming_.offsets[target]; i < incoming_.offsets[target + 1]; ++i) {
      const std::uint64_t pair = incoming_.pair[i];
      const std::uint32_t source = incoming_.source[i];
      const float similar = source == target ? 0.0F : options_.alpha * pairs_.together[pair];
      while (!taught.empty() && taught.front().source < source) {
        add(taught.front().source, toward * taught.front().weight);
        taught = taught.subspan(1);
      }
      float right = similar + (1.0F - options_.alpha) * pairs_.future[pair];
      if (!taught.empty() && taught.front().source == source) {
        right += toward * taught.front().weight;
        taught = taught.subspan(1);
      }
      add(source, right);
    }
    for (const model::SessionEntry& entry : taught) add(entry.source, toward * entry.weight);
    const auto stronger = [](const Candidate& a, const Candidate& b) {
      return a.strength != b.strength ? a.strength > b.strength : a.item < b.item;
    };
    if (sources_.size() > options_.sources) {
      std::nth_element(sources_.begin(), sources_.begin() + options_.sources, sources_.end(),
                       stronger);
      sources_.resize(options_.sources);
    }
    std::sort(sources_.begin(), sources_.end(),
              [](const Candidate& a, const Candidate& b) { return a.item < b.item; });
  }

  [[nodiscard]] float diagonal(std::uint32_t item, bool is_target) const {
    const auto begin = pairs_.partner.begin() + static_cast<std::ptrdiff_t>(pairs_.offsets[item]);
    const auto end = pairs_.partner.begin() + static_cast<std::ptrdiff_t>(pairs_.offsets[item + 1]);
    const auto at = std::lower_bound(begin, end, item);
    if (at == end || *at != item) return 0.0F;
    return combine(static_cast<std::uint64_t>(at - pairs_.partner.begin()), is_target);
  }

  void fill_system(std::uint32_t target) {
    const auto count = static_cast<Eigen::Index>(sources_.size());
    if (system_.rows() < count) {
      system_.resize(count, count);
      right_.resize(count);
    }
    system_.topLeftCorner(count, count).setZero();
    for (std::uint32_t i = 0; i < sources_.size(); ++i) place_[sources_[i].item] = i;
    for (Eigen::Index i = 0; i < count; ++i) {
      const std::uint32_t a = sources_[static_cast<std::size_t>(i)].item;
      for (std::uint64_t p = pairs_.offsets[a]; p < pairs_.offsets[a + 1]; ++p) {
        const std::uint32_t b = pairs_.partner[p];
        const std::uint32_t j = place_[b];
        if (j == kNone || j > static_cast<std::uint32_t>(i)) continue;
        system_(i, static_cast<Eigen::Index>(j)) = combine(p, a == target || b == target);
      }
      system_(i, i) += options_.ridge;
      right_[i] = sources_[static_cast<std::size_t>(i)].right;
    }
    for (const Candidate& source : sources_) place_[source.item] = kNone;
  }

  const model::PairStatistics& pairs_;
  const Incoming& incoming_;
  std::span<const model::SessionEntry> teacher_;
  const SessionRowOptions& options_;
  std::vector<std::uint32_t> place_;  // position of an item in sources_, kNone between targets
  std::vector<Candidate> sources_;
  Eigen::MatrixXf system_;
  Eigen::VectorXf right_;
  Eigen::VectorXf solution_;
  Eigen::LLT<Eigen::MatrixXf> factor_;
};

}  // namespace

std::vector<model::SessionEntry> train_session_rows(
    const model::PairStatistics& pairs, std::span<const model::SessionEntry> teacher,
    const SessionRowOptions& options, const std::function<void(std::size_t)>& progress) {
  const Incoming incoming = turn_around(pairs);
  constexpr std::size_t kBlock = 256;
  std::vector<std::vector<model::SessionEntry>> blocks((pairs.item_count + kBlock - 1) / kBlock);
  std::atomic<std::size_t> done{0};
  base::parallel_for(blocks.size(), 1, options.threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t block = begin; block < end; ++block) {
      TargetSolver solver(pairs, incoming, teacher, options);
      const std::size_t last = std::min<std::size_t>(pairs.item_count, (block + 1) * kBlock);
      for (std::size_t target = block * kBlock; target < last; ++target) {
        solver.solve(static_cast<std::uint32_t>(target), blocks[block]);
      }
      const std::size_t so_far = done += last - block * kBlock;
      if (progress) progress(so_far);
    }
  });
  std::vector<model::SessionEntry> entries;
  std::size_t total = 0;
  for (const auto& block : blocks) total += block.size();
  entries.reserve(total);
  for (auto& block : blocks) {
    entries.insert(entries.end(), block.begin(), block.end());
    block = {};
  }
  std::sort(entries.begin(), entries.end(),
            [](const model::SessionEntry& a, const model::SessionEntry& b) {
              return a.source != b.source ? a.source < b.source : a.target < b.target;
            });
  return entries;
}

}  // namespace vitrine::recommend
