#include "statistics/logged_sessions.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vitrine::statistics {
namespace {

/// Gives each text a number, in the order in which they come.
class Dictionary {
 public:
  explicit Dictionary(std::vector<std::string>& texts) : texts_(texts) {}

  std::uint32_t number_of(std::string_view text) {
    const auto [at, is_new] =
        numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(texts_.size()));
    if (is_new) texts_.emplace_back(text);
    return at->second;
  }

 private:
  std::vector<std::string>& texts_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

/// `numbers`: those of the sessions to predict, rising.
void read_past(data::Rows rows, const std::vector<std::int32_t>& numbers, Dictionary& ids,
               model::LoggedSessions& sessions) {
  std::string shopper;
  std::int32_t session = -1;
  while (const data::Chunk* chunk = rows.next()) {
    const auto session_of = chunk->int32s(1);
    const auto kinds = chunk->uint8s(3);
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      const bool starts_shopper = chunk->text(0, i) != shopper;
      if (starts_shopper) shopper = chunk->text(0, i);
      if (starts_shopper || session_of[i] != session) {
        session = session_of[i];
        const auto at = std::lower_bound(numbers.begin(), numbers.end(), session);
        const bool predicted = at != numbers.end() && *at == session;
        sessions.past_sessions.push_back(
            {.begin = sessions.past_items.size(),
             .starts_shopper = starts_shopper,
             .predicted = predicted ? static_cast<std::uint32_t>(at - numbers.begin())
                                    : model::LoggedSessions::kNone});
      }
      sessions.past_items.push_back(ids.number_of(chunk->text(2, i)));
      sessions.past_kinds.push_back(static_cast<EventKind>(kinds[i]));
    }
  }
}

}  // namespace

model::LoggedSessions read_logged_sessions(data::Database& database, const std::string& events,
                                           const std::string& condition, const std::string& asked) {
  model::LoggedSessions sessions;
  Dictionary ids(sessions.ids);
  Dictionary countries(sessions.countries);
  data::Rows rows = database.query(
      fmt::format("SELECT session, item, kind, {}, country FROM {} WHERE kind <> 4 AND "
                  "({}) ORDER BY session, position",
                  asked, events, condition));
  std::vector<std::int32_t> numbers;
  while (const data::Chunk* chunk = rows.next()) {
    const auto session = chunk->int32s(0);
    const auto kind = chunk->uint8s(2);
    const auto is_asked = chunk->bools(3);
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      if (numbers.empty() || session[i] != numbers.back()) {
        if (!numbers.empty()) sessions.offsets.push_back(sessions.items.size());
        numbers.push_back(session[i]);
        sessions.country_of.push_back(countries.number_of(chunk->text(4, i)));
      }
      sessions.items.push_back(ids.number_of(chunk->text(1, i)));
      sessions.kinds.push_back(static_cast<EventKind>(kind[i]));
      sessions.asked.push_back(is_asked[i]);
    }
  }
  if (!numbers.empty()) sessions.offsets.push_back(sessions.items.size());
  read_past(database.query(fmt::format(
                "SELECT user_key, session, item, kind FROM {0} WHERE kind <> 4 AND user_key IN "
                "(SELECT user_key FROM {0} WHERE {1} AND user_key IS NOT NULL) ORDER BY user_key, "
                "session, position",
                events, condition)),
            numbers, ids, sessions);
  return sessions;
}

}  // namespace vitrine::statistics
