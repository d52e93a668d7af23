#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/byte_stream.h"
#include "data/csv_dialect.h"
#include "data/database.h"

namespace vitrine::data {

enum class FileFormat { kCsv, kJsonLines, kJsonArray, kParquet };

/// One file of a log or catalogue and how to read it.
struct InputFile {
  /// As the person wrote it (or as the glob found it); what messages show.
  std::string name;
  /// What DuckDB reads: the same, or a repaired copy of it.
  std::string path;
  FileFormat format = FileFormat::kCsv;
  Compression compression = Compression::kNone;
  std::uint64_t bytes = 0;
  CsvDialect dialect;
  std::vector<std::string> columns;
  /// Parquet only: the SQL type of each column.
  std::map<std::string, std::string> types;
};

/// Expands globs, drops files named twice and sorts by path, so that the order in which files are
/// given changes nothing. Throws Error(kIo) when a path does not exist or a glob finds nothing.
[[nodiscard]] std::vector<std::string> expand_files(const std::vector<std::string>& patterns);

/// Looks into a file: format and compression by content, columns from its beginning. Reads an
/// archive to its end to be sure that it is whole. Throws Error(kDataUnusable) when it is empty,
/// binary, cut off or damaged.
[[nodiscard]] InputFile inspect_file(Database& database, const std::string& path);

/// SQL that reads a file as text.
struct TextSource {
  /// What stands after FROM.
  std::string from;
  /// Role -> VARCHAR expression over `from`; roles that the file does not have are missing.
  std::map<std::string, std::string> text;
  /// BOOLEAN expressions: the row is no record at all; the row cannot be parsed.
  std::string blank = "false";
  std::string malformed = "false";
};

/// Names of the tables in which DuckDB notes the CSV lines that it could not read.
inline constexpr std::string_view kRejectsTable = "vitrine_rejects";
inline constexpr std::string_view kRejectScansTable = "vitrine_reject_scans";

/// How to read the columns in `map` (role -> column) of a file. Row numbers of a table created
/// from it count the file's readable records from 0, in the order of the file.
[[nodiscard]] TextSource text_source(const InputFile& file,
                                     const std::map<std::string, std::string>& map);

}  // namespace vitrine::data
