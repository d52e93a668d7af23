#include "report/examples.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "vitrine/ranking/ranker.h"

namespace vitrine::report {
namespace {

constexpr std::size_t kExamples = 6;
constexpr std::size_t kShown = 5;    // of a list
constexpr std::size_t kHistory = 5;  // latest events

/// Names items for people.
class Namer {
 public:
  Namer(const std::unordered_map<std::string, std::string>& titles, const Bundle& bundle)
      : bundle_(bundle), ids_(bundle.ids()), titles_(titles) {}

  [[nodiscard]] ExampleItem name(std::uint32_t item) const {
    if (item == recommend::TestSessions::kUnknown) return {};
    std::array<char, layout::kMaxIdBytes> text;
    ExampleItem named{.known = true, .id = std::string(ids_.id_of(item, text)), .title = {}};
    const auto title = titles_.find(named.id);
    if (title != titles_.end()) named.title = title->second;
    const std::uint16_t category = bundle_.catalog().category(item);
    if (category != layout::kNoCategory) {
      named.category = bundle_.catalog().categories()[category];
    }
    return named;
  }

 private:
  const Bundle& bundle_;
  ItemNames ids_;
  const std::unordered_map<std::string, std::string>& titles_;
};

/// Adds the first reason, if the ranking gives one.
void explain(const Ranked& ranked, const Namer& namer, ExampleRecommendation& one) {
  if (ranked.reason_count == 0) return;
  const Reason& first = ranked.reasons[0];
  one.reason = first.kind;
  switch (first.kind) {
    case ReasonKind::kSessionRow:
    case ReasonKind::kEmbedding:
    case ReasonKind::kNeighbours:
      one.because_of = namer.name(first.item);
      break;
    default:
      break;
  }
}

}  // namespace

std::vector<Example> make_examples(const model::LoggedSessions& logged,
                                   const std::unordered_map<std::string, std::string>& titles,
                                   const bundle::BundleFile& file,
                                   const recommend::EvaluationOptions& rules) {
  const Bundle& bundle = file.bundle();
  const recommend::TestSessions sessions = recommend::test_sessions_for(bundle, logged);
  const Namer namer(titles, bundle);
  std::vector<std::size_t> eligible;
  for (std::size_t s = 0; s < sessions.size(); ++s) {
    if (sessions.offsets[s + 1] - sessions.offsets[s] >= 3) eligible.push_back(s);
  }
  Recommender recommender(bundle);
  std::vector<Example> examples;
  const std::size_t count = std::min(kExamples, eligible.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t session = eligible[(2 * i + 1) * eligible.size() / (2 * count)];
    const std::uint64_t begin = sessions.offsets[session];
    const std::uint64_t last = sessions.offsets[session + 1] - 1;
    Example& example = examples.emplace_back();
    example.earlier = last - begin > kHistory ? last - begin - kHistory : 0;
    Shopper shopper = sessions.known_before(session);
    for (std::uint64_t e = begin; e < last; ++e) {
      const SessionEvent& event = sessions.events[e];
      if (event.item != recommend::TestSessions::kUnknown) {
        shopper.record({.item = event.item, .kind = event.kind});
      }
      if (last - e > kHistory) continue;
      example.history.push_back({namer.name(event.item), event.kind});
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
    for (std::size_t place = 0; place < list.size(); ++place) {
      const bool hit = list[place].item == next.item;
      if (hit) example.rank = place + 1;
      if (place >= kShown) continue;
      ExampleRecommendation one{.item = namer.name(list[place].item), .because_of = {}, .hit = hit};
      explain(list[place], namer, one);
      example.recommended.push_back(std::move(one));
    }
    example.next = {namer.name(next.item), next.kind};
  }
  return examples;
}

}  // namespace vitrine::report
