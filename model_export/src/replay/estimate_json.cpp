#include "replay/estimate_json.h"

namespace vitrine::replay {
namespace {

nlohmann::json value_json(const stats::PolicyValue& value) {
  return {{"value", value.value},
          {"standard_error", value.standard_error},
          {"interval", {value.interval.low, value.interval.high}}};
}

}  // namespace

void put_estimate(nlohmann::json& out, const stats::OffPolicyEstimate& estimate,
                  std::string (*words)(stats::SupportProblem)) {
  out.update({{"effective_size", estimate.effective_size},
              {"largest_weight", estimate.largest_weight},
              {"mean_weight", value_json(estimate.mean_weight)}});
  const stats::SupportProblem problem = stats::support_problem(estimate);
  if (problem != stats::SupportProblem::kNone) {
    out.push_back({"refused", words(problem)});
    return;
  }
  out.update({{"ips", value_json(estimate.ips)},
              {"snips", value_json(estimate.snips)},
              {"doubly_robust", value_json(estimate.doubly_robust)}});
}

}  // namespace vitrine::replay
