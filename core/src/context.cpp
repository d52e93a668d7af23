#include "vitrine/context.h"

#include <algorithm>

namespace vitrine {

RankRequest FirstVisit::with(const RankRequest& request, const Context& context) {
  RankRequest result = request;
  if (!request.history.empty()) return result;
  if (context.landing) {
    view_ = {.item = *context.landing};
    result.history = {&view_, 1};
    result.session_over = false;
  } else if (!context.categories.empty() && request.rules.size() < kMaxRules) {
    std::copy(request.rules.begin(), request.rules.end(), rules_.begin());
    Rule& home = rules_[request.rules.size()];
    home = {};
    home.when.categories = context.categories;
    home.factor = kFactor;
    result.rules = std::span(rules_).first(request.rules.size() + 1);
  }
  return result;
}

}  // namespace vitrine
