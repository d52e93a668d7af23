#include "recommend/models/sequence_teacher.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/parallel.h"
#include "recommend/models/adam.h"
#include "recommend/models/likeliest.h"
#include "vitrine/split_mix.h"

namespace vitrine::recommend {
namespace {

using Matrix = Parameters::Matrix;
using Row = Eigen::RowVectorXf;
using Index = Eigen::Index;

constexpr float kTiny = 1e-6F;

/// A longer part of a session is cut, because the gradient does not reach that far.
constexpr std::size_t kLongest = 64;

float uniform(SplitMix& random, float most) {
  return static_cast<float>(2.0 * random.uniform() - 1.0) * most;
}

/// Parts of sessions, one after the other. Each event except the last of a part is an example, and
/// its target is the next event.
struct Batch {
  std::vector<std::uint32_t> sources;
  std::vector<std::uint32_t> targets;
  std::vector<std::size_t> starts{0};  // [parts + 1]

  [[nodiscard]] Index size() const { return static_cast<Index>(sources.size()); }
  void clear() {
    sources.clear();
    targets.clear();
    starts.assign(1, 0);
  }
  void add(std::span<const std::uint32_t> stretch) {
    sources.insert(sources.end(), stretch.begin(), stretch.end() - 1);
    targets.insert(targets.end(), stretch.begin() + 1, stretch.end());
    starts.push_back(sources.size());
  }
};

/// Draws negative items with a probability proportional to the square root of their count. It
/// returns all items when `count` is not smaller than their number; then the loss is the full
/// softmax.
class Negatives {
 public:
  Negatives(std::span<const std::uint32_t> counts, std::size_t wanted)
      : wanted_(wanted), cumulative_(counts.size()) {
    double sum = 0.0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      cumulative_[i] = sum += std::sqrt(static_cast<double>(counts[i]) + 1.0);
    }
  }
  /// Calls take(item) for each drawn item.
  template <typename Take>
  void draw(SplitMix& random, const Take& take) const {
    if (all()) {
      for (std::uint32_t item = 0; item < cumulative_.size(); ++item) take(item);
      return;
    }
    for (std::size_t i = 0; i < wanted_; ++i) {
      const double at = random.uniform() * cumulative_.back();
      const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, at);
      take(static_cast<std::uint32_t>(found - cumulative_.begin()));
    }
  }
  /// Returns the correction that is subtracted from the score of an item because it was drawn.
  [[nodiscard]] float log_odds(std::uint32_t item) const {
    if (all()) return 0.0F;
    const double before = item == 0 ? 0.0 : cumulative_[item - 1];
    return static_cast<float>(std::log((cumulative_[item] - before) / cumulative_.back()));
  }

 private:
  [[nodiscard]] bool all() const { return cumulative_.size() <= wanted_; }

  std::size_t wanted_;
  std::vector<double> cumulative_;
};

class Teacher {
 public:
  Teacher(std::span<const std::uint32_t> counts, const TeacherOptions& options)
      : options_(options),
        dims_(static_cast<Index>(options.dims)),
        items_(static_cast<Index>(counts.size()), dims_),
        bias_(static_cast<Index>(counts.size()), 1),
        mix_(dims_, dims_),
        decay_(1, 1),
        negatives_(counts, options.negatives),
        random_(options.seed),
        slots_(counts.size(), kNone) {
    const float most = std::sqrt(3.0F / static_cast<float>(dims_));
    for (Index i = 0; i < items_.values().size(); ++i) {
      items_.values().data()[i] = uniform(random_, most);
    }
    mix_.values().setIdentity();
    decay_.values()(0, 0) = 0.4F;  // gives a decay of .6
  }

  /// Makes one step of gradient descent on the loss of a batch.
  void learn(const Batch& batch, float rate) {
    ++step_;
    rate_ = rate;
    touch(batch);
    encode(batch);
    compare(batch);
    pull_back(batch);
    update();
  }

  /// Returns the probabilities of targets after each single item that has a count.
  [[nodiscard]] std::vector<model::SessionEntry> after_each(
      std::span<const std::uint32_t> counts) const;

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  template <typename Body>
  void in_blocks(Index count, Index block, const Body& body) const {
    base::parallel_for(static_cast<std::size_t>(count), static_cast<std::size_t>(block),
                       options_.threads, [&](std::size_t begin, std::size_t end) {
                         body(static_cast<Index>(begin), static_cast<Index>(end - begin));
                       });
  }

  std::uint32_t slot(std::uint32_t item) {
    if (slots_[item] == kNone) {
      slots_[item] = static_cast<std::uint32_t>(touched_.size());
      touched_.push_back(item);
    }
    return slots_[item];
  }

  /// Draws negatives and collects the unit vectors of all items of the batch.
  void touch(const Batch& batch) {
    for (const std::uint32_t item : touched_) slots_[item] = kNone;
    touched_.clear();
    drawn_.clear();
    negatives_.draw(random_, [this](std::uint32_t item) { drawn_.push_back(slot(item)); });
    sources_.clear();
    targets_.clear();
    for (const std::uint32_t item : batch.sources) sources_.push_back(slot(item));
    for (const std::uint32_t item : batch.targets) targets_.push_back(slot(item));
    const auto count = static_cast<Index>(touched_.size());
    units_.resize(count, dims_);
    norms_.resize(count);
    offsets_.resize(count);
    in_blocks(count, 512, [&](Index first, Index size) {
      for (Index i = first; i < first + size; ++i) {
        const auto item = touched_[static_cast<std::size_t>(i)];
        items_.catch_up(static_cast<Index>(item), step_ - 1, rate_);
        bias_.catch_up(static_cast<Index>(item), step_ - 1, rate_);
        const auto row = items_.values().row(static_cast<Index>(item));
        norms_[i] = row.norm() + kTiny;
        units_.row(i) = row / norms_[i];
        offsets_[i] = bias_.values()(static_cast<Index>(item), 0) - negatives_.log_odds(item);
      }
    });
    unit_gradients_.setZero(count, dims_);
    bias_gradients_.setZero(count);
  }

  /// Draws the dropout mask of an event: zero or 1 / (1 - dropout) for each number of its vector.
  void mask(Index event) {
    auto out = masks_.row(event);
    SplitMix random(options_.seed ^ (step_ << 24U) ^ static_cast<std::uint64_t>(event));
    const auto least = static_cast<std::uint64_t>(options_.dropout * 256.0F);
    const float kept = 256.0F / static_cast<float>(256 - least);
    std::uint64_t bits = 0;
    for (Index d = 0; d < dims_; ++d, bits >>= 8U) {
      if (d % 8 == 0) bits = random.next();
      out[d] = (bits & 0xFFU) < least ? 0.0F : kept;
    }
  }

  [[nodiscard]] float decay() const { return 1.0F / (1.0F + std::exp(-decay_.values()(0, 0))); }

  /// Runs `body` over blocks of complete parts.
  template <typename Body>
  void for_stretches(const Batch& batch, const Body& body) const {
    in_blocks(static_cast<Index>(batch.starts.size()) - 1, 32, [&](Index first, Index size) {
      for (Index s = first; s < first + size; ++s) {
        body(static_cast<Index>(batch.starts[static_cast<std::size_t>(s)]),
             static_cast<Index>(batch.starts[static_cast<std::size_t>(s) + 1]));
      }
    });
  }

  /// Computes memory_t = decay * memory_t-1 + x_t and session_t = memory_t mix, scaled to unit
  /// length.
  void encode(const Batch& batch) {
    memory_.resize(batch.size(), dims_);
    sessions_.resize(batch.size(), dims_);
    lengths_.resize(batch.size());
    const float kept = decay();
    masks_.resize(batch.size(), dims_);
    for_stretches(batch, [&](Index begin, Index end) {
      for (Index t = begin; t < end; ++t) {
        mask(t);
        memory_.row(t) =
            units_.row(sources_[static_cast<std::size_t>(t)]).cwiseProduct(masks_.row(t));
        if (t > begin) memory_.row(t) += kept * memory_.row(t - 1);
      }
    });
    in_blocks(batch.size(), 128, [&](Index first, Index size) {
      auto block = sessions_.middleRows(first, size);
      block.noalias() = memory_.middleRows(first, size) * mix_.values();
      for (Index t = 0; t < size; ++t) {
        lengths_[first + t] = block.row(t).norm() + kTiny;
        block.row(t) /= lengths_[first + t];
      }
    });
  }

  /// Computes the softmax over the target and the drawn items, and the gradients of sessions and
  /// drawn items.
  void compare(const Batch& batch) {
    const auto drawn = static_cast<Index>(drawn_.size());
    const float sharpness = 1.0F / options_.temperature;
    const float share = 1.0F / static_cast<float>(batch.size());
    drawn_units_.resize(drawn, dims_);
    Row drawn_offsets(drawn);
    for (Index j = 0; j < drawn; ++j) {
      drawn_units_.row(j) = units_.row(drawn_[static_cast<std::size_t>(j)]);
      drawn_offsets[j] = offsets_[drawn_[static_cast<std::size_t>(j)]];
    }
    odds_.resize(batch.size(), drawn);
    target_odds_.resize(batch.size());
    session_gradients_.resize(batch.size(), dims_);
    in_blocks(batch.size(), 128, [&](Index first, Index size) {
      auto odds = odds_.middleRows(first, size);
      const auto sessions = sessions_.middleRows(first, size);
      auto gradients = session_gradients_.middleRows(first, size);
      odds.noalias() = sharpness * sessions * drawn_units_.transpose();
      odds.rowwise() += drawn_offsets;
      for (Index t = 0; t < size; ++t) {
        const std::uint32_t target = targets_[static_cast<std::size_t>(first + t)];
        for (Index j = 0; j < drawn; ++j) {
          if (drawn_[static_cast<std::size_t>(j)] == target) odds(t, j) = -1e9F;
        }
        const float right = sharpness * sessions.row(t).dot(units_.row(target)) + offsets_[target];
        const float most = std::max(right, odds.row(t).maxCoeff());
        odds.row(t) = (odds.row(t).array() - most).exp();
        const float sum = odds.row(t).sum() + std::exp(right - most);
        odds.row(t) *= share / sum;
        target_odds_[first + t] = share * (std::exp(right - most) / sum - 1.0F);
      }
      gradients.noalias() = sharpness * odds * drawn_units_;
      for (Index t = 0; t < size; ++t) {
        gradients.row(t) += sharpness * target_odds_[first + t] *
                            units_.row(targets_[static_cast<std::size_t>(first + t)]);
      }
    });
    drawn_gradients_.resize(drawn, dims_);
    in_blocks(drawn, 128, [&](Index first, Index size) {
      drawn_gradients_.middleRows(first, size).noalias() =
          sharpness * odds_.middleCols(first, size).transpose() * sessions_;
    });
    const Row drawn_bias = odds_.colwise().sum();
    for (Index j = 0; j < drawn; ++j) {
      const auto at = static_cast<Index>(drawn_[static_cast<std::size_t>(j)]);
      unit_gradients_.row(at) += drawn_gradients_.row(j);
      bias_gradients_[at] += drawn_bias[j];
    }
    for (Index t = 0; t < batch.size(); ++t) {
      const auto at = static_cast<Index>(targets_[static_cast<std::size_t>(t)]);
      unit_gradients_.row(at) += sharpness * target_odds_[t] * sessions_.row(t);
      bias_gradients_[at] += target_odds_[t];
    }
  }

  /// Propagates gradients of sessions back to those of mix, decay and the sources.
  void pull_back(const Batch& batch) {
    in_blocks(batch.size(), 128, [&](Index first, Index size) {
      for (Index t = first; t < first + size; ++t) {
        auto gradient = session_gradients_.row(t);
        const float along = gradient.dot(sessions_.row(t));
        gradient = (gradient - along * sessions_.row(t)) / lengths_[t];
      }
    });
    mix_gradient_.noalias() = memory_.transpose() * session_gradients_;
    memory_gradients_.resize(batch.size(), dims_);
    in_blocks(batch.size(), 128, [&](Index first, Index size) {
      memory_gradients_.middleRows(first, size).noalias() =
          session_gradients_.middleRows(first, size) * mix_.values().transpose();
    });
    const float kept = decay();
    for_stretches(batch, [&](Index begin, Index end) {
      for (Index t = end - 1; t > begin; --t) {
        memory_gradients_.row(t - 1) += kept * memory_gradients_.row(t);
      }
    });
    float decay_gradient = 0.0F;
    for (std::size_t s = 0; s + 1 < batch.starts.size(); ++s) {
      const auto begin = static_cast<Index>(batch.starts[s]);
      const auto end = static_cast<Index>(batch.starts[s + 1]);
      for (Index t = begin; t < end; ++t) {
        unit_gradients_.row(sources_[static_cast<std::size_t>(t)]) +=
            memory_gradients_.row(t).cwiseProduct(masks_.row(t));
        if (t > begin) decay_gradient += memory_gradients_.row(t).dot(memory_.row(t - 1));
      }
    }
    decay_gradient_ = decay_gradient * kept * (1.0F - kept);
  }

  void update() {
    in_blocks(static_cast<Index>(touched_.size()), 256, [&](Index first, Index size) {
      for (Index i = first; i < first + size; ++i) {
        const auto item = static_cast<Index>(touched_[static_cast<std::size_t>(i)]);
        auto gradient = unit_gradients_.row(i);
        const float along = gradient.dot(units_.row(i));
        gradient = (gradient - along * units_.row(i)) / norms_[i];
        items_.descend(item, gradient, step_, rate_);
        bias_.descend(item, Row::Constant(1, bias_gradients_[i]), step_, rate_);
      }
    });
    for (Index d = 0; d < dims_; ++d) mix_.descend(d, mix_gradient_.row(d), step_, rate_);
    decay_.descend(0, Row::Constant(1, decay_gradient_), step_, rate_);
  }

  const TeacherOptions& options_;
  Index dims_;
  Parameters items_;  // [items, dims]
  Parameters bias_;   // [items, 1]
  Parameters mix_;    // [dims, dims]
  Parameters decay_;  // [1, 1], before the logistic function
  Negatives negatives_;
  SplitMix random_;
  std::uint64_t step_ = 0;
  float rate_ = 0.0F;

  // The current batch. Each item of the batch has a slot.
  std::vector<std::uint32_t> slots_;    // [items]
  std::vector<std::uint32_t> touched_;  // [slots]
  std::vector<std::uint32_t> drawn_;    // slots of the drawn items
  std::vector<std::uint32_t> sources_;  // slot of each example
  std::vector<std::uint32_t> targets_;  // slot of each example
  Matrix units_;                        // [slots, dims]
  Row norms_;
  Row offsets_;  // bias minus the correction for having been drawn
  Matrix unit_gradients_;
  Row bias_gradients_;
  Matrix drawn_units_;
  Matrix drawn_gradients_;
  Matrix masks_;   // [examples, dims], dropout masks
  Matrix memory_;  // [examples, dims]
  Matrix memory_gradients_;
  Matrix sessions_;
  Row lengths_;
  Matrix session_gradients_;
  Matrix odds_;  // [examples, drawn]
  Row target_odds_;
  Matrix mix_gradient_;
  float decay_gradient_ = 0.0F;
};

std::vector<model::SessionEntry> Teacher::after_each(std::span<const std::uint32_t> counts) const {
  // Both the sources and the targets are handled in blocks, so that their logits stay in the cache
  // of a core.
  constexpr Index kSources = 128;
  constexpr Index kTargets = 512;
  Matrix units = items_.values();
  for (Index i = 0; i < units.rows(); ++i) units.row(i) /= units.row(i).norm() + kTiny;
  const float sharpness = 1.0F / options_.temperature;
  const Row bias = bias_.values().transpose();
  const float most = sharpness + bias.maxCoeff();
  std::vector<std::vector<model::SessionEntry>> blocks(
      static_cast<std::size_t>((units.rows() + kSources - 1) / kSources));
  base::parallel_for(blocks.size(), 1, options_.threads, [&](std::size_t begin, std::size_t end) {
    Matrix sessions;
    Matrix logits;
    for (std::size_t b = begin; b < end; ++b) {
      const Index first = static_cast<Index>(b) * kSources;
      const Index size = std::min(kSources, units.rows() - first);
      sessions.noalias() = units.middleRows(first, size) * mix_.values();
      for (Index i = 0; i < size; ++i)
        sessions.row(i) *= sharpness / (sessions.row(i).norm() + kTiny);
      std::vector<Likeliest> likeliest(static_cast<std::size_t>(size), Likeliest(options_.kept));
      std::vector<double> sums(static_cast<std::size_t>(size), 0.0);
      for (Index from = 0; from < units.rows(); from += kTargets) {
        const Index targets = std::min(kTargets, units.rows() - from);
        logits.noalias() = sessions * units.middleRows(from, targets).transpose();
        logits.rowwise() += bias.segment(from, targets);
        for (Index i = 0; i < size; ++i) {
          const auto at = static_cast<std::size_t>(i);
          if (counts[static_cast<std::size_t>(first) + at] == 0) continue;
          likeliest[at].add(static_cast<std::uint32_t>(from),
                            {logits.row(i).data(), static_cast<std::size_t>(targets)});
          sums[at] += static_cast<double>((logits.row(i).array() - most).exp().sum());
        }
      }
      for (std::size_t i = 0; i < sums.size(); ++i) {
        for (const auto [target, logit] : likeliest[i].targets()) {
          const double odds = std::exp(static_cast<double>(logit - most)) / sums[i];
          blocks[b].push_back({static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(i),
                               target, static_cast<float>(odds)});
        }
      }
    }
  });
  std::vector<model::SessionEntry> entries;
  for (auto& block : blocks) {
    entries.insert(entries.end(), block.begin(), block.end());
    block = {};
  }
  std::sort(entries.begin(), entries.end(),
            [](const model::SessionEntry& a, const model::SessionEntry& b) {
              return a.target != b.target ? a.target < b.target : a.source < b.source;
            });
  return entries;
}

/// Returns the parts of sessions that have examples: the latest ones with at most `most` examples
/// in total.
std::vector<std::span<const std::uint32_t>> stretches_of(const model::SessionTable& sessions,
                                                         std::uint64_t most) {
  std::vector<std::span<const std::uint32_t>> stretches;
  std::uint64_t examples = 0;
  for (std::size_t s = sessions.size(); s-- > 0 && examples < most;) {
    std::span<const std::uint32_t> left(sessions.items.data() + sessions.offsets[s],
                                        sessions.offsets[s + 1] - sessions.offsets[s]);
    while (left.size() >= 2) {
      stretches.push_back(left.first(std::min(left.size(), kLongest)));
      examples += stretches.back().size() - 1;
      left = left.subspan(stretches.back().size() - 1);
    }
  }
  return stretches;
}

}  // namespace

std::vector<model::SessionEntry> train_teacher(const model::SessionTable& sessions,
                                               std::uint32_t item_count,
                                               const TeacherOptions& options,
                                               const std::function<void(double)>& progress) {
  auto stretches = stretches_of(sessions, options.examples);
  if (stretches.empty() || item_count == 0) return {};
  std::vector<std::uint32_t> counts(item_count, 0);
  std::uint64_t examples = 0;
  for (const auto& stretch : stretches) {
    for (const std::uint32_t item : stretch) ++counts[item];
    examples += stretch.size() - 1;
  }
  const std::uint64_t total =
      std::max(examples, std::min(options.examples, examples * options.epochs));
  Teacher teacher(counts, options);
  SplitMix random(options.seed + 1);
  Batch batch;
  std::uint64_t seen = 0;
  while (seen < total) {
    for (std::size_t i = stretches.size(); i > 1; --i) {
      std::swap(stretches[i - 1], stretches[random.below(i)]);
    }
    for (std::size_t i = 0; i < stretches.size() && seen < total; ++i) {
      batch.add(stretches[i]);
      const bool is_last = i + 1 == stretches.size();
      if (batch.sources.size() < options.batch && !is_last) continue;
      const double share = static_cast<double>(seen) / static_cast<double>(total);
      teacher.learn(batch, options.learning_rate * static_cast<float>(1.0 - share));
      seen += batch.sources.size();
      batch.clear();
      if (progress) progress(share);
    }
  }
  return teacher.after_each(counts);
}

}  // namespace vitrine::recommend
