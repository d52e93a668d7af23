#include "recommend/evaluation/segments.h"

#include "data/event_kind.h"
#include "vitrine/ranking/accuracy.h"

namespace vitrine::recommend {
namespace {

constexpr std::size_t kNextColumns = 3;

Partition make(std::string key, std::string words, std::vector<std::string> names) {
  Partition partition{.key = std::move(key), .words = std::move(words), .names = std::move(names)};
  partition.sums.assign(partition.names.size(), SessionSums(kNextColumns));
  return partition;
}

std::size_t length_class(std::uint32_t before) {
  if (before <= 2) return before - 1;
  return before <= 4 ? 2 : before <= 9 ? 3 : 4;
}

}  // namespace

std::vector<Partition> partition(std::span<const Prediction> predictions,
                                 const ListMetrics& list_metrics) {
  std::vector<Partition> parts;
  parts.push_back(
      make("session_length", "events of the session so far", {"1", "2", "3-4", "5-9", "10+"}));
  parts.push_back(make("target_popularity",
                       "popularity of the next item (head: the best-known items that make 20 % of "
                       "events; tail: the least-known that make 20 %)",
                       {"head", "mid", "tail", "not in the bundle"}));
  parts.push_back(make("event_kind", "kind of the next event",
                       {data::kEventKindNames.begin(), data::kEventKindNames.end()}));
  for (const Prediction& prediction : predictions) {
    const bool known = prediction.target != TestSessions::kUnknown;
    const std::array<double, 3> values = next_item_values(prediction.rank);
    parts[0].sums[length_class(prediction.before)].add(prediction.session, values);
    parts[1]
        .sums[static_cast<std::size_t>(known ? list_metrics.popularity_class(prediction.target)
                                             : PopularityClass::kUnknown)]
        .add(prediction.session, values);
    parts[2].sums[static_cast<std::size_t>(prediction.kind)].add(prediction.session, values);
  }
  return parts;
}

}  // namespace vitrine::recommend
