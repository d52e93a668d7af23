#include "vitrine/visit/context.h"

#include <algorithm>

namespace vitrine {

RankRequest FirstVisit::with(const RankRequest& request, const Context& context) {
  RankRequest result = request;
  if (!request.history.empty()) return result;
  if (context.landing) {
    view_ = {.item = *context.landing};
    result.history = {&view_, 1};
    result.session_over = false;
    return result;
  }
  std::size_t count = request.rules.size();
  if (count >= kMaxRules || (context.categories.empty() && context.market.empty())) return result;
  // The market counts within the categories that the page shows, if it shows any.
  std::copy(request.rules.begin(), request.rules.end(), rules_.begin());
  for (std::size_t step = 0; step < 3 && count < kMaxRules; ++step) {
    if ((step == 0 ? context.categories : context.market).empty()) continue;
    Rule& rule = rules_[count++];
    rule = {};
    rule.when.categories = context.categories;
    rule.factor = kFactor;
    if (step == 1) rule.items = context.market.subspan(layout::kMarketFirst);
    if (step == 2) {
      rule.items = context.market.first(layout::kMarketFirst);
      rule.factor *= kFactor;
    }
  }
  result.rules = std::span(rules_).first(count);
  return result;
}

}  // namespace vitrine
