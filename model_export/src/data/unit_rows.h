#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/database.h"
#include "data/read_options.h"

namespace vitrine::data {

/// A problem of a log that an analyst must know of. The unusable rows are left out and counted.
struct LogProblem {
  std::string code;  // stable, such as "crossed_units"
  std::uint64_t count = 0;
  std::string message;  // text for people that says what to do
};

/// For reports: code, count and message of each.
void to_json(nlohmann::json& out, const LogProblem& problem);

/// Adds the problem "1,234 <words>", unless `count` is 0.
void note_problem(std::vector<LogProblem>& problems, const std::string& code, std::int64_t count,
                  const std::string& words);

/// A column that an analysis reads in addition to the standard columns.
struct ExtraColumn {
  enum class Kind : std::uint8_t { kId, kNumber, kText };
  std::string name;    // SQL name of the column in the table
  std::string column;  // name of the column in the files
  Kind kind = Kind::kId;
  bool required = true;  // at least one file must have it
};

struct UnitRows {
  std::vector<std::string> files;
  std::uint64_t rows = 0;  // all rows read, including refused ones
  std::vector<LogProblem> problems;
};

/// Reads logs of units (visitors), with exposures among the events, into `table`, which is
/// replaced:
///     unit VARCHAR, word VARCHAR (of the event, lower case), kind UTINYINT (see event_kind),
///     time BIGINT (seconds UTC), item VARCHAR, revenue DOUBLE (price times quantity),
///     experiment VARCHAR, variation VARCHAR, and each of `extra`: VARCHAR or DOUBLE
/// Of rows that are equal in all these columns one is kept. The order of the rows is not defined.
///
/// Throws Error: kIo for a missing file, kUsage for a wrong --map or a required column that no file
/// has, kDataUnusable when a file cannot be read or lacks a column for unit, event or time.
[[nodiscard]] UnitRows read_unit_rows(Database& database, const ReadOptions& options,
                                      const std::vector<ExtraColumn>& extra,
                                      const std::string& table);

}  // namespace vitrine::data
