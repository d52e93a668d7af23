#include "metrics/test_sessions.h"

namespace vitrine::train {

TestSessions read_test_sessions(Database& database, const std::string& query,
                                const Bundle& bundle) {
  TestSessions sessions;
  Rows rows = database.query(query);
  std::int32_t current = -1;
  while (const Chunk* chunk = rows.next()) {
    const auto session = chunk->int32s(0);
    const auto kind = chunk->uint8s(2);
    const bool has_asked = chunk->columns() > 3;
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      if (session[i] != current && !sessions.events.empty()) {
        sessions.offsets.push_back(sessions.events.size());
      }
      current = session[i];
      sessions.events.push_back(
          {.item = bundle.ids().find(chunk->text(1, i)).value_or(TestSessions::kUnknown),
           .kind = static_cast<EventKind>(kind[i])});
      if (has_asked) sessions.asked.push_back(chunk->bools(3)[i]);
    }
  }
  if (!sessions.events.empty()) sessions.offsets.push_back(sessions.events.size());
  return sessions;
}

}  // namespace vitrine::train
