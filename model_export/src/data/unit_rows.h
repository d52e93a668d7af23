#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/event_log.h"

namespace vitrine::data {

/// Something in a log that an analyst must know of; what is unusable is left out, and counted.
struct LogProblem {
  std::string code;  // stable, such as "crossed_units"
  std::uint64_t count = 0;
  std::string message;  // words for people, with what to do
};

/// For reports: code, count and message of each.
[[nodiscard]] nlohmann::json to_json(const std::vector<LogProblem>& problems);

/// "1,234 <words>", unless `count` is 0.
void note_problem(std::vector<LogProblem>& problems, const std::string& code, std::int64_t count,
                  const std::string& words);

/// A column of a log beyond those that every log of units has.
struct ExtraColumn {
  enum class Kind : std::uint8_t { kId, kNumber, kText };
  std::string name;    // in the table: an SQL name of ours
  std::string column;  // in the files
  Kind kind = Kind::kId;
  bool required = true;  // that one file at least has it
};

struct UnitRows {
  std::vector<std::string> files;
  std::uint64_t rows = 0;  // read, with refused ones
  std::vector<LogProblem> problems;
};

/// Reads logs of units (visitors), exposures among the events, into `table`, which is replaced:
///     unit VARCHAR, word VARCHAR (of the event, lower case), kind UTINYINT (see event_kind),
///     time BIGINT (seconds UTC), item VARCHAR, revenue DOUBLE (price times quantity),
///     experiment VARCHAR, variation VARCHAR, and each of `extra`: VARCHAR or DOUBLE
/// A row that is there twice, alike in all of these, comes once. The order of the rows is chance.
///
/// Throws Error: kIo for a missing file, kUsage for a wrong --map or a required column that no file
/// has, kDataUnusable when a file cannot be read or lacks a column for unit, event or time.
[[nodiscard]] UnitRows read_unit_rows(Database& database, const ReadOptions& options,
                                      const std::vector<ExtraColumn>& extra,
                                      const std::string& table);

}  // namespace vitrine::data
