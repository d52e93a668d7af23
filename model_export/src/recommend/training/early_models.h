#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include "recommend/training/solver.h"
#include "statistics/training_source.h"

namespace vitrine::recommend {

/// Builds bundles from an early part of a log under different options. Keeps the statistics of the
/// last few, since tuning changes one setting at a time.
class EarlyModels {
 public:
  /// `part` must outlive the models.
  EarlyModels(statistics::LogPart& part, std::optional<model::Catalogue> catalogue, OnStep on_step);

  /// Nothing when embeddings would take more than half of the budget.
  [[nodiscard]] std::vector<std::byte> build(const TrainOptions& options);

 private:
  /// The options that decide which sessions are sampled from the same statistics.
  using SampleKey = std::tuple<bool, std::uint32_t, std::uint32_t, float>;
  static SampleKey sample_key(const TrainOptions& options);

  struct Variant {
    statistics::StatisticsOptions options;
    model::LogStatistics statistics;
    std::unique_ptr<Solver> solver;
    std::map<SampleKey, model::SampledSessions> samples;
  };
  static constexpr std::size_t kKept = 2;

  Variant& variant_of(const TrainOptions& options);

  statistics::LogPart& part_;
  std::optional<model::Catalogue> catalogue_;
  OnStep on_step_;
  std::vector<std::unique_ptr<Variant>> variants_;
  LazyTeacher teacher_;
  std::map<SampleKey, std::size_t> entries_;  // of session rows that fit the budget
};

}  // namespace vitrine::recommend
