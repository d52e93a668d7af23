#include "vitrine/ranking/shortlist.h"

namespace vitrine {

void Shortlist::start(const RankRequest& request, std::span<const SessionEvent> running) {
  request_ = &request;
  lift_ = largest_factor(request.rules);
  for (const std::uint32_t item : request.exclude) {
    if (item < bundle_->item_count()) hide(item);
  }
  if (request.exclude_seen) {
    for (const SessionEvent& event : running) hide(event.item);
  }
}

void Shortlist::finish() {
  for (const std::uint32_t item : request_->exclude) {
    if (item < bundle_->item_count()) show(item);
  }
  for (const SessionEvent& event : request_->history) show(event.item);
}

}  // namespace vitrine
