#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/event_log.h"

namespace vitrine::data {

/// A log in short, for the metadata of a bundle and for reports.
struct LogSummary {
  std::vector<std::string> files;  // names without folders
  std::uint64_t events = 0;
  std::uint64_t refused = 0;  // rows
  std::uint64_t sessions = 0;
  std::string sessions_from;  // as in ReadReport
  std::uint64_t items = 0;
  std::uint64_t shoppers = 0;   // 0: the log names none
  std::int64_t first_time = 0;  // seconds UTC
  std::int64_t last_time = 0;
};

[[nodiscard]] LogSummary summarize(const ReadReport& report);

void to_json(nlohmann::json& out, const LogSummary& summary);
/// Keeps the defaults of what is missing or has another type.
void from_json(const nlohmann::json& in, LogSummary& summary);

}  // namespace vitrine::data
