#include "recommend/evaluation/test_sessions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace vitrine::recommend {
namespace {

/// Fills in the earlier events of each session's shopper. `numbers` are the numbers of the
/// sessions, in rising order.
void read_past(data::Database& database, const std::string& query, const Bundle& bundle,
               const std::vector<std::int32_t>& numbers, TestSessions& sessions) {
  sessions.past_of.resize(sessions.size());
  data::Rows rows = database.query(query);
  std::string shopper;
  std::uint64_t shopper_begin = 0;
  std::int32_t session = -1;
  bool starts = true;
  while (const data::Chunk* chunk = rows.next()) {
    const auto numbers_here = chunk->int32s(1);
    const auto kinds = chunk->uint8s(3);
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      if (chunk->text(0, i) != shopper) {
        shopper = chunk->text(0, i);
        shopper_begin = sessions.past.size();
        session = -1;
      }
      if (numbers_here[i] != session) {
        session = numbers_here[i];
        starts = true;
        const auto at = std::lower_bound(numbers.begin(), numbers.end(), session);
        if (at != numbers.end() && *at == session) {
          const std::uint64_t end = sessions.past.size();
          // A Session keeps only its last events, so earlier ones are not read.
          sessions.past_of[static_cast<std::size_t>(at - numbers.begin())] = {
              std::max(shopper_begin, end - std::min<std::uint64_t>(end, Session::kCapacity)), end};
        }
      }
      const auto item = bundle.ids().find(chunk->text(2, i));
      if (!item) continue;
      sessions.past.push_back({.item = *item,
                               .kind = static_cast<EventKind>(kinds[i]),
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

TestSessions read_test_sessions(data::Database& database, const TestQuery& query,
                                const Bundle& bundle) {
  TestSessions sessions;
  data::Rows rows = database.query(query.sessions);
  std::vector<std::int32_t> numbers;
  while (const data::Chunk* chunk = rows.next()) {
    const auto session = chunk->int32s(0);
    const auto kind = chunk->uint8s(2);
    const bool has_asked = chunk->columns() > 3;
    const bool has_country = chunk->columns() > 4;
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      if (numbers.empty() || session[i] != numbers.back()) {
        if (!numbers.empty()) sessions.offsets.push_back(sessions.events.size());
        numbers.push_back(session[i]);
        if (has_country) {
          sessions.markets.push_back(
              bundle.markets().names.find(chunk->text(4, i)).value_or(TestSessions::kUnknown));
        }
      }
      sessions.events.push_back(
          {.item = bundle.ids().find(chunk->text(1, i)).value_or(TestSessions::kUnknown),
           .kind = static_cast<EventKind>(kind[i])});
      if (has_asked) sessions.asked.push_back(chunk->bools(3)[i]);
    }
  }
  if (!numbers.empty()) sessions.offsets.push_back(sessions.events.size());
  if (!query.past.empty()) read_past(database, query.past, bundle, numbers, sessions);
  return sessions;
}

TestQuery test_query(const std::string& events, const std::string& condition,
                     const std::string& asked) {
  return {
      .sessions = fmt::format("SELECT session, item, kind, {}, country FROM {} WHERE kind <> 4 AND "
                              "({}) ORDER BY session, position",
                              asked, events, condition),
      .past = fmt::format(
          "SELECT user_key, session, item, kind FROM {0} WHERE kind <> 4 AND user_key IN "
          "(SELECT user_key FROM {0} WHERE {1} AND user_key IS NOT NULL) ORDER BY user_key, "
          "session, position",
          events, condition)};
}

}  // namespace vitrine::recommend
