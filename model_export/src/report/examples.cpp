#include "report/examples.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "data/event_kind.h"

namespace vitrine::report {
namespace {

using nlohmann::json;

constexpr std::size_t kExamples = 6;
constexpr std::size_t kShown = 5;    // of a list
constexpr std::size_t kHistory = 5;  // latest events

/// Items as people know them.
class Namer {
 public:
  Namer(const std::unordered_map<std::string, std::string>& titles, const Bundle& bundle)
      : bundle_(bundle), ids_(bundle.ids()), titles_(titles) {}

  [[nodiscard]] json name(std::uint32_t item) const {
    if (item == recommend::TestSessions::kUnknown) return {{"unknown", true}};
    std::array<char, layout::kMaxIdBytes> text;
    const std::string id(ids_.id_of(item, text));
    json named = {{"id", id}};
    if (const auto title = titles_.find(id); title != titles_.end()) named["title"] = title->second;
    const std::uint16_t category = bundle_.catalog().category(item);
    if (category != layout::kNoCategory) {
      named["category"] = bundle_.catalog().categories()[category];
    }
    return named;
  }

 private:
  const Bundle& bundle_;
  ItemNames ids_;
  const std::unordered_map<std::string, std::string>& titles_;
};

json why(const Ranked& ranked, const Namer& namer) {
  if (ranked.reason_count == 0) return nullptr;
  const Reason& first = ranked.reasons[0];
  switch (first.kind) {
    case ReasonKind::kSessionRow:
      return {{"kind", "follows"}, {"item", namer.name(first.item)}};
    case ReasonKind::kEmbedding:
      return {{"kind", "like"}, {"item", namer.name(first.item)}};
    case ReasonKind::kNeighbours:
      return {{"kind", "with"}, {"item", namer.name(first.item)}};
    case ReasonKind::kPopularity:
      return {{"kind", "popular"}};
    default:
      return nullptr;
  }
}

}  // namespace

json make_examples(const model::LoggedSessions& logged,
                   const std::unordered_map<std::string, std::string>& titles,
                   const bundle::BundleFile& file, const recommend::EvaluationOptions& rules) {
  const Bundle& bundle = file.bundle();
  const recommend::TestSessions sessions = recommend::test_sessions_for(bundle, logged);
  const Namer namer(titles, bundle);
  std::vector<std::size_t> eligible;
  for (std::size_t s = 0; s < sessions.size(); ++s) {
    if (sessions.offsets[s + 1] - sessions.offsets[s] >= 3) eligible.push_back(s);
  }
  Recommender recommender(bundle);
  json examples = json::array();
  const std::size_t count = std::min(kExamples, eligible.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t session = eligible[(2 * i + 1) * eligible.size() / (2 * count)];
    const std::uint64_t begin = sessions.offsets[session];
    const std::uint64_t last = sessions.offsets[session + 1] - 1;
    json example = {{"history", json::array()},
                    {"recommended", json::array()},
                    {"earlier", last - begin > kHistory ? last - begin - kHistory : 0}};
    Shopper shopper = sessions.known_before(session);
    for (std::uint64_t e = begin; e < last; ++e) {
      const SessionEvent& event = sessions.events[e];
      if (event.item != recommend::TestSessions::kUnknown) {
        shopper.record({.item = event.item, .kind = event.kind});
      }
      if (last - e > kHistory) continue;
      json seen = namer.name(event.item);
      seen["kind"] = data::kEventKindNames[static_cast<std::size_t>(event.kind)];
      example["history"].push_back(std::move(seen));
    }
    ListRequest request{.limit = rules.k,
                        .filter = {.available_only = false},
                        .exclude_seen = rules.filter_seen,
                        .explain = true};
    std::uint32_t current = 0;
    if (rules.drop_current && !shopper.session_over()) {
      current = shopper.events().back().item;
      request.exclude = {&current, 1};
    }
    const std::span<const Ranked> list = recommender.list(shopper, request);
    const SessionEvent& next = sessions.events[last];
    std::size_t rank = 0;
    for (std::size_t place = 0; place < list.size(); ++place) {
      const bool hit = list[place].item == next.item;
      if (hit) rank = place + 1;
      if (place >= kShown) continue;
      json item = namer.name(list[place].item);
      item["why"] = why(list[place], namer);
      item["hit"] = hit;
      example["recommended"].push_back(std::move(item));
    }
    example["next"] = namer.name(next.item);
    example["next"]["kind"] = data::kEventKindNames[static_cast<std::size_t>(next.kind)];
    example["rank"] = rank;
    examples.push_back(std::move(example));
  }
  return examples;
}

}  // namespace vitrine::report
