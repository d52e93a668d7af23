#include "simulate/trial_truth.h"

namespace vitrine::simulate {

using nlohmann::ordered_json;

// Not in an unnamed namespace: the library finds these by the namespace of their argument.

static void to_json(ordered_json& out, const VariationTruth& truth) {
  ordered_json means;
  ordered_json lifts;
  for (std::size_t i = 0; i < kTrialMetricNames.size(); ++i) {
    means[kTrialMetricNames[i]] = truth.means[i];
    if (truth.lifts[i]) lifts[kTrialMetricNames[i]] = *truth.lifts[i];
  }
  out = {{"variation", truth.variation}, {"means", means}};
  if (!lifts.is_null()) out.push_back({"lifts", lifts});
}

static void to_json(ordered_json& out, const SegmentTruth& truth) {
  out = {{"segment", truth.attribute},
         {"part", truth.value},
         {"units", truth.units},
         {"variations", truth.variations}};
}

void to_json(ordered_json& out, const ExperimentTruth& truth) {
  ordered_json units;
  for (const ExperimentTruth::Arm& arm : truth.arms) units[arm.variation] = arm.units;
  out = {{"experiment", truth.experiment}, {"units", units}, {"truth", truth.segments}};
}

void to_json(ordered_json& out, const ListTruth& truth) {
  out = {{"places", truth.places}, {"value", truth.value}};
  if (!truth.value_of_bundle) return;
  out.push_back({"value_of_bundle", *truth.value_of_bundle});
  out.push_back({"same_places", truth.same_places});
}

}  // namespace vitrine::simulate
