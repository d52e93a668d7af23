#include "recommend/evaluation/test_sessions.h"

#include <algorithm>
#include <string>
#include <utility>

namespace vitrine::recommend {
namespace {

/// Fills in the earlier events of each session's shopper. `numbers` has the bundle's item number of
/// each of logged.ids.
void fill_past(const model::LoggedSessions& logged, const std::vector<std::uint32_t>& numbers,
               TestSessions& sessions) {
  sessions.past_of.resize(sessions.size());
  std::uint64_t shopper_begin = 0;
  for (std::size_t s = 0; s < logged.past_sessions.size(); ++s) {
    const model::LoggedSessions::PastSession& session = logged.past_sessions[s];
    if (session.starts_shopper) shopper_begin = sessions.past.size();
    if (session.predicted != model::LoggedSessions::kNone) {
      const std::uint64_t end = sessions.past.size();
      // A Session keeps only its last events, so earlier ones are not read.
      sessions.past_of[session.predicted] = {
          std::max(shopper_begin, end - std::min<std::uint64_t>(end, Session::kCapacity)), end};
    }
    const std::uint64_t end = s + 1 < logged.past_sessions.size()
                                  ? logged.past_sessions[s + 1].begin
                                  : logged.past_items.size();
    bool starts = true;
    for (std::uint64_t e = session.begin; e < end; ++e) {
      const std::uint32_t item = numbers[logged.past_items[e]];
      if (item == TestSessions::kUnknown) continue;
      sessions.past.push_back({.item = item,
                               .kind = logged.past_kinds[e],
                               .starts_session = std::exchange(starts, false)});
    }
  }
}

}  // namespace

Shopper TestSessions::known_before(std::size_t s) const {
  Shopper known;
  const Range range = past_of.empty() ? Range{} : past_of[s];
  for (std::uint64_t e = range.begin; e < range.end; ++e) known.record(past[e]);
  known.end_session();
  return known;
}

TestSessions test_sessions_for(const Bundle& bundle, const model::LoggedSessions& logged) {
  TestSessions sessions;
  std::vector<std::uint32_t> numbers;
  numbers.reserve(logged.ids.size());
  for (const std::string& id : logged.ids) {
    numbers.push_back(bundle.ids().find(id).value_or(TestSessions::kUnknown));
  }
  std::vector<std::uint32_t> markets;
  for (const std::string& country : logged.countries) {
    markets.push_back(bundle.markets().names.find(country).value_or(TestSessions::kUnknown));
  }
  sessions.offsets = logged.offsets;
  sessions.asked = logged.asked;
  sessions.events.reserve(logged.items.size());
  for (std::size_t e = 0; e < logged.items.size(); ++e) {
    sessions.events.push_back({.item = numbers[logged.items[e]], .kind = logged.kinds[e]});
  }
  for (const std::uint32_t country : logged.country_of) {
    sessions.markets.push_back(markets[country]);
  }
  if (!logged.past_sessions.empty()) fill_past(logged, numbers, sessions);
  return sessions;
}

}  // namespace vitrine::recommend
