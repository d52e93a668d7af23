#include "data/event_kind.h"

#include <fmt/format.h>

#include <cctype>

namespace vitrine::data {

namespace {

constexpr std::string_view kFillers = " _-.";

}  // namespace

EventMeaning event_meaning(std::string_view word) {
  std::string bare;
  for (const char c : word) {
    if (kFillers.find(c) == std::string_view::npos) {
      bare += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  for (const EventWord& known : kEventWords) {
    if (known.text == bare) return known.meaning;
  }
  return EventMeaning::kOther;
}

EventKind event_kind(std::string_view word) {
  const EventMeaning meaning = event_meaning(word);
  return is_step(meaning) ? static_cast<EventKind>(meaning) : EventKind::kOther;
}

std::string event_meaning_sql(std::string_view word) {
  std::string sql =
      fmt::format("CASE translate(lower(coalesce({}, '')), '{}', '')", word, kFillers);
  for (const EventWord& known : kEventWords) {
    sql += fmt::format(" WHEN '{}' THEN {}", known.text, static_cast<int>(known.meaning));
  }
  return sql + fmt::format(" ELSE {} END::UTINYINT", static_cast<int>(EventMeaning::kOther));
}

std::string event_kind_sql(std::string_view word) {
  return fmt::format("least({}, {})::UTINYINT", event_meaning_sql(word),
                     static_cast<int>(EventMeaning::kOther));
}

}  // namespace vitrine::data
