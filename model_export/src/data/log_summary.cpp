#include "data/log_summary.h"

#include <filesystem>

#include "base/json.h"
#include "data/refused.h"

namespace vitrine::data {

using nlohmann::json;

LogSummary summarize(const ReadReport& report) {
  LogSummary summary{.files = {},
                     .events = report.rows_kept,
                     .refused = report.rows_refused(),
                     .sessions = report.sessions,
                     .sessions_from = report.sessions_from,
                     .items = report.items,
                     .shoppers = report.users,
                     .first_time = report.first_time,
                     .last_time = report.last_time};
  for (const std::string& file : report.files) {
    summary.files.push_back(printable(std::filesystem::path(file).filename().string()));
  }
  return summary;
}

void to_json(json& out, const LogSummary& summary) {
  out = {{"files", summary.files},
         {"events", summary.events},
         {"refused", summary.refused},
         {"sessions", summary.sessions},
         {"sessions_from", summary.sessions_from},
         {"items", summary.items},
         {"shoppers", summary.shoppers},
         {"first_time", summary.first_time},
         {"last_time", summary.last_time}};
}

void from_json(const json& in, LogSummary& summary) {
  base::read_field(in, "files", summary.files);
  base::read_field(in, "events", summary.events);
  base::read_field(in, "refused", summary.refused);
  base::read_field(in, "sessions", summary.sessions);
  base::read_field(in, "sessions_from", summary.sessions_from);
  base::read_field(in, "items", summary.items);
  base::read_field(in, "shoppers", summary.shoppers);
  base::read_field(in, "first_time", summary.first_time);
  base::read_field(in, "last_time", summary.last_time);
}

}  // namespace vitrine::data
