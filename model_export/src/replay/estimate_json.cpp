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
                  std::string (*words)(stats::SupportTrouble)) {
  out["effective_size"] = estimate.effective_size;
  out["largest_weight"] = estimate.largest_weight;
  out["mean_weight"] = value_json(estimate.mean_weight);
  const stats::SupportTrouble trouble = stats::support_trouble(estimate);
  if (trouble != stats::SupportTrouble::kNone) {
    out["refused"] = words(trouble);
    return;
  }
  out["ips"] = value_json(estimate.ips);
  out["snips"] = value_json(estimate.snips);
  out["doubly_robust"] = value_json(estimate.doubly_robust);
}

}  // namespace vitrine::replay
