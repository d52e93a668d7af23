#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace vitrine::simulate {

/// Metrics whose true values a simulation knows, all by unit.
enum class TrialMetric : std::uint8_t { kConversion, kRevenue, kCarts, kViews, kClicks };
inline constexpr std::array<const char*, 5> kTrialMetricNames = {"conversion", "revenue", "carts",
                                                                 "views", "clicks"};

/// A variation as if all units had seen it.
struct VariationTruth {
  std::string variation;
  std::array<double, kTrialMetricNames.size()> means{};
  /// Relative to the control; absent for the control, and where its mean is 0.
  std::array<std::optional<double>, kTrialMetricNames.size()> lifts{};

  [[nodiscard]] double mean(TrialMetric metric) const {
    return means[static_cast<std::size_t>(metric)];
  }
  [[nodiscard]] std::optional<double> lift(TrialMetric metric) const {
    return lifts[static_cast<std::size_t>(metric)];
  }
};

/// The units with one value of an attribute.
struct SegmentTruth {
  std::string attribute;  // empty: all units
  std::string value;
  std::uint64_t units = 0;
  std::vector<VariationTruth> variations;  // the control first
};

struct ExperimentTruth {
  struct Arm {
    std::string variation;
    std::uint64_t units = 0;  // that saw it
  };
  std::string experiment;
  std::vector<Arm> arms;
  std::vector<SegmentTruth> segments;  // all units first
};

/// Mean chance that a place of a list is clicked.
struct ListTruth {
  std::uint64_t places = 0;
  double value = 0.0;                     // as the lists were shown
  std::optional<double> value_of_bundle;  // as the judged bundle would order them
  std::uint64_t same_places = 0;  // places where the judged bundle puts the item that was shown
};

/// The true effects of the experiments of a simulated shop.
struct TrialTruth {
  std::vector<ExperimentTruth> experiments;
  std::optional<ListTruth> lists;
};

/// As a part of simulation.json, keys in this order.
void to_json(nlohmann::ordered_json& out, const ExperimentTruth& truth);
void to_json(nlohmann::ordered_json& out, const ListTruth& truth);

}  // namespace vitrine::simulate
