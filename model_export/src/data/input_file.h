#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "data/byte_stream.h"
#include "data/csv_dialect.h"
#include "data/database.h"

namespace vitrine::data {

enum class FileFormat { kCsv, kJsonLines, kJsonArray, kParquet };

/// One file of a log or catalogue, and the way to read it.
struct InputFile {
  /// The name as the user wrote it (or as the glob found it). Messages show this name.
  std::string name;
  /// The file that is read: the open original, or a copy of a pipe or of a faulty file.
  std::string path;
  /// True when `path` is a copy, which may be removed.
  bool is_copy = false;
  /// Keeps the original open while it is read, so that all of it is read from the same file,
  /// whatever its name means to a reader or is given to meanwhile.
  std::shared_ptr<const base::Input> opened;
  FileFormat format = FileFormat::kCsv;
  Compression compression = Compression::kNone;
  std::uint64_t bytes = 0;
  CsvDialect dialect;
  std::vector<std::string> columns;
  /// The SQL type of each column; filled for Parquet only.
  std::map<std::string, std::string> types;
  /// True when `path` is a copy in UTF-8 of a file in Latin-1.
  bool recoded = false;
};

/// Expands globs, removes files named twice and sorts by path, so that the order of the arguments
/// does not change the result. Throws Error(kIo) when a path does not exist or a glob matches no
/// file.
[[nodiscard]] std::vector<std::string> expand_files(const std::vector<std::string>& patterns);

/// Finds out how to read a file: format and compression from its content, columns from its
/// beginning. Reads an archive to its end to make sure that it is complete. A pipe, which can be
/// read only once, is copied into the folder for spilled data first. Throws Error(kIo) when it
/// cannot be read, and Error(kDataUnusable) when the file is empty, binary, cut off or damaged.
[[nodiscard]] InputFile inspect_file(Database& database, const std::string& path);

/// Closes the original. From then on `path` is its name, under which refused rows are looked up.
void close_original(InputFile& file);

/// Up to this many originals stay open from when they are looked at until they are read.
inline constexpr std::size_t kMostOpenFiles = 256;

/// Lets `file` be read from `copy`, which is not compressed. An earlier copy is removed.
void replace_by_copy(InputFile& file, const std::string& copy);

/// Returns `path` as an SQL string that means this one file to DuckDB's readers, whose file names
/// are patterns.
[[nodiscard]] std::string file_literal(const std::string& path);

/// Returns `message` with the name that the user gave in the place of the one under which the file
/// is read.
[[nodiscard]] std::string with_user_name(const InputFile& file, std::string message);

/// SQL that reads a file as text.
struct TextSource {
  /// The text after FROM.
  std::string from;
  /// Maps our column names to VARCHAR expressions over `from`. Columns that the file does not have
  /// are missing.
  std::map<std::string, std::string> text;
  /// BIGINT expression: the number of the record, from 0. It is empty where each record gives one
  /// row; then the row numbers of a table created from `from` are the numbers of the records.
  std::string record;
  /// BIGINT expression: the place of the row among those of its record.
  std::string place = "0";
  /// UBIGINT expression that is equal for rows that are equal in every column of the file.
  std::string row_hash;
  /// BOOLEAN expressions. `blank`: the row is not a record. `malformed`: the row cannot be parsed.
  std::string blank = "false";
  std::string malformed = "false";
};

/// The tables in which DuckDB notes the CSV lines that it could not read.
inline constexpr std::string_view kRejectsTable = "vitrine_rejects";
inline constexpr std::string_view kRejectScansTable = "vitrine_reject_scans";

/// Returns the SQL that reads the columns of `map` (our name -> column) from a file. A column may
/// be a path into nested values, and several paths with "|" between them, of which the first with a
/// value counts (see record_path.h). A record gives one row for each element of the list of a path
/// with "[]", and one row without elements. Rows have the order of the file.
[[nodiscard]] TextSource text_source(const InputFile& file,
                                     const std::map<std::string, std::string>& map);

/// Returns the VARCHAR expression of a column, or NULL when the file does not have it.
[[nodiscard]] std::string text_or_null(const TextSource& source, std::string_view role);

/// Drops DuckDB's tables of unreadable lines. Call it after each statement over a text_source.
void drop_reject_tables(Database& database);

}  // namespace vitrine::data
