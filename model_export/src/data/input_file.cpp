#include "data/input_file.h"

#include <fmt/format.h>
#include <glob.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>

#include "base/error.h"
#include "data/columns.h"
#include "data/latin1.h"
#include "data/record_path.h"
#include "data/value_sql.h"

namespace vitrine::data {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHeadBytes = 1 << 20;

[[noreturn]] void throw_unusable(const std::string& path, std::string_view what) {
  throw base::Error(base::ExitCode::kDataUnusable, fmt::format("{} {}", path, what));
}

/// Returns the first unpacked bytes of a file. Reads an archive to its end, so that a cut-off
/// archive is noticed.
std::string read_head(const InputFile& file) {
  ByteStream stream(file.path, file.name);
  std::string head;
  while (true) {
    const std::string_view block = stream.next();
    if (block.empty()) break;
    if (head.size() < kHeadBytes) head += block.substr(0, kHeadBytes - head.size());
    if (head.size() >= kHeadBytes && file.compression == Compression::kNone) break;
  }
  return head;
}

void refuse_what_is_not_text(const std::string& path, std::string_view head) {
  if (head.starts_with("PK\x03\x04")) {
    throw_unusable(path, "is a zip archive or a spreadsheet; unpack it, or save the sheet as CSV");
  }
  if (head.starts_with("BZh") || head.starts_with("\xfd"
                                                  "7zXZ")) {
    throw_unusable(path, "is packed with bzip2 or xz; unpack it, or pack it with gzip or zstd");
  }
  if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff")) {
    throw_unusable(path, "is UTF-16 text; convert it with: iconv -f UTF-16 -t UTF-8");
  }
  const auto is_control = [](unsigned char c) {
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b;
  };
  const auto controls =
      static_cast<std::size_t>(std::count_if(head.begin(), head.end(), is_control));
  if (head.find('\0') != std::string_view::npos || controls * 20 > head.size()) {
    throw_unusable(path, "is a binary file; give CSV, JSON lines or Parquet (plain, .gz or .zst)");
  }
}

void describe_parquet(Database& database, InputFile& file) {
  try {
    Rows rows =
        database.query(fmt::format("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM "
                                   "read_parquet({}, hive_partitioning = false))",
                                   file_literal(file.path)));
    while (const Chunk* chunk = rows.next()) {
      for (std::size_t row = 0; row < chunk->size(); ++row) {
        file.columns.emplace_back(chunk->text(0, row));
        file.types[file.columns.back()] = std::string(chunk->text(1, row));
      }
    }
  } catch (const base::Error& error) {
    throw_unusable(file.name, fmt::format("is not a readable Parquet file: {}",
                                          with_user_name(file, error.what())));
  }
}

std::string json_records_sql(const InputFile& file) {
  const std::string_view compression = file.compression == Compression::kGzip   ? "gzip"
                                       : file.compression == Compression::kZstd ? "zstd"
                                                                                : "uncompressed";
  if (file.format == FileFormat::kJsonArray) {
    return fmt::format(
        "(SELECT json::VARCHAR AS line FROM read_json_objects({}, format = 'array', compression = "
        "'{}', maximum_object_size = 67108864, hive_partitioning = false))",
        file_literal(file.path), compression);
  }
  // Lines are read as CSV with one column. The delimiter is a character that JSON text cannot
  // contain, and quotes are off. So every physical line is a row, and row numbers are line numbers.
  return fmt::format(
      "(SELECT line FROM read_csv({}, auto_detect = false, compression = '{}', delim = '\x01', "
      "quote = '', escape = '', header = false, columns = {{'line': 'VARCHAR'}}, "
      "max_line_size = 16777216, hive_partitioning = false, strict_mode = false, store_rejects = "
      "true, rejects_limit = 0, "
      "rejects_table = '{}', rejects_scan = '{}'))",
      file_literal(file.path), compression, kRejectsTable, kRejectScansTable);
}

void describe_json(Database& database, InputFile& file) {
  std::string error_text;
  try {
    // Collect the keys of the first records in the order in which they appear.
    Rows rows = database.query(fmt::format(
        "SELECT key FROM (SELECT unnest(json_keys(line)) AS key, row AS row, "
        "generate_subscripts(json_keys(line), 1) AS place FROM (SELECT line, row_number() OVER () "
        "AS row FROM (SELECT line FROM {} LIMIT 1000) WHERE json_valid(line) AND json_type(line) = "
        "'OBJECT')) GROUP BY key ORDER BY min(row), min(place)",
        json_records_sql(file)));
    while (const Chunk* chunk = rows.next()) {
      for (std::size_t row = 0; row < chunk->size(); ++row) {
        file.columns.emplace_back(chunk->text(0, row));
      }
    }
  } catch (const base::Error& error) {
    error_text = with_user_name(file, error.what());
  }
  database.execute(fmt::format("DROP TABLE IF EXISTS {}; DROP TABLE IF EXISTS {}", kRejectsTable,
                               kRejectScansTable));
  if (file.columns.empty()) {
    throw_unusable(file.name, fmt::format("looks like JSON but has no readable object{}{}; give "
                                          "one object a line",
                                          error_text.empty() ? "" : ": ", error_text));
  }
}

std::string parquet_text(const InputFile& file, const std::string& column) {
  const std::string name = sql_name(column);
  const std::string& type = file.types.at(column);
  // pandas writes a column of whole numbers with missing values as doubles, so 17850.0 is the id
  // 17850.
  if (type == "DOUBLE" || type == "FLOAT") {
    return fmt::format(
        "CASE WHEN {0} = trunc({0}) AND abs({0}) < 9e15 THEN {0}::BIGINT::VARCHAR ELSE "
        "{0}::VARCHAR END",
        name);
  }
  const bool nested = type.ends_with("]") || type.starts_with("STRUCT") || type.starts_with("MAP");
  return nested ? fmt::format("to_json({})::VARCHAR", name) : name + "::VARCHAR";
}

/// Returns true for a column that only counts the rows of an export, so that rows which differ
/// in nothing else are repetitions.
bool is_row_counter(std::string_view name) {
  std::string key;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      key += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return key.empty() || key == "unnamed0" || key == "index" || key == "rownumber" ||
         key == "rownum" || key == "rowid";
}

std::string row_hash_sql(const InputFile& file) {
  if (file.format != FileFormat::kCsv && file.format != FileFormat::kParquet) return "hash(line)";
  std::string columns;
  for (const std::string& column : file.columns) {
    if (is_row_counter(column)) continue;
    columns += (columns.empty() ? "" : ", ") + sql_name(column);
  }
  return columns.empty() ? "0::UBIGINT" : fmt::format("hash({})", columns);
}

/// Makes the expressions of a source for a map of columns.
class SourceMaker {
 public:
  explicit SourceMaker(const InputFile& file) : file_(file) {
    is_json_ = file.format == FileFormat::kJsonLines || file.format == FileFormat::kJsonArray;
  }

  /// Returns the expression of a column, as text_source describes it.
  std::string text_of(const std::string& column) {
    std::vector<std::string> values;
    for (const std::string& part : path_alternatives(column, file_.columns)) {
      const RecordPath path = parse_path(part, file_.columns);
      // A key that the first records lack may still come later.
      if (path.column.empty()) {
        if (is_json_) values.push_back(value_of({part, {}}));
      } else {
        values.push_back(path.has_list() ? element_of(path) : value_of(path));
      }
    }
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
      text += (i == 0 ? "" : ", ") + (i + 1 < values.size() ? id_sql(values[i]) : values[i]);
    }
    return values.empty()       ? "NULL::VARCHAR"
           : values.size() == 1 ? text
                                : fmt::format("coalesce({})", text);
  }

  [[nodiscard]] const std::string& pointers() const { return pointers_; }

  /// Wraps `scan`, the rows of the file, so that each element of a list is a row.
  void explode(const std::string& scan, TextSource& source) const {
    if (lists_.empty()) {
      source.from = scan;
      return;
    }
    std::string list = "[NULL]::VARCHAR[]";
    for (auto found = lists_.rbegin(); found != lists_.rend(); ++found) {
      list = fmt::format("CASE WHEN len({0}) > 0 THEN {0} ELSE {1} END", *found, list);
    }
    source.from = fmt::format(
        "(SELECT *, unnest(vitrine_list) AS vitrine_element, generate_subscripts(vitrine_list, 1) "
        "AS vitrine_place FROM (SELECT *, {} AS vitrine_list, row_number() OVER () - 1 AS "
        "vitrine_record FROM {}))",
        list, scan);
    source.record = "vitrine_record";
    source.place = "vitrine_place";
    source.row_hash = fmt::format("hash({}, vitrine_place)", source.row_hash);
  }

 private:
  /// The text of a top-level column.
  [[nodiscard]] std::string column_text(const std::string& column) const {
    return file_.format == FileFormat::kParquet ? parquet_text(file_, column) : sql_name(column);
  }

  std::string value_of(const RecordPath& path) {
    if (!is_json_) return json_value_sql(column_text(path.column), path.steps);
    std::vector<RecordPath::Step> steps = path.steps;
    steps.insert(steps.begin(), {RecordPath::Step::Kind::kField, path.column});
    const bool plain = std::none_of(steps.begin(), steps.end(), [](const RecordPath::Step& step) {
      return step.kind == RecordPath::Step::Kind::kEntry;
    });
    if (!plain) return json_value_sql("line", steps);
    // All plain values of a line are taken in one pass over its text.
    pointers_ += (pointers_.empty() ? "" : ", ") + sql_literal(json_pointer(steps));
    return fmt::format("fields[{}]", ++fields_);
  }

  std::string element_of(const RecordPath& path) {
    std::vector<RecordPath::Step> steps = path.steps;
    if (is_json_) steps.insert(steps.begin(), {RecordPath::Step::Kind::kField, path.column});
    const auto each = std::find_if(steps.begin(), steps.end(), [](const RecordPath::Step& step) {
      return step.kind == RecordPath::Step::Kind::kEach;
    });
    const std::vector<RecordPath::Step> before(steps.begin(), each);
    std::vector<RecordPath::Step> after(each + 1, steps.end());
    for (RecordPath::Step& step : after) {
      // A list inside of a list counts with its first element.
      if (step.kind == RecordPath::Step::Kind::kEach) {
        step = {RecordPath::Step::Kind::kIndex, "0"};
      }
    }
    const std::string list = list_sql(is_json_ ? "line" : column_text(path.column), before);
    if (std::find(lists_.begin(), lists_.end(), list) == lists_.end()) lists_.push_back(list);
    return after.empty()
               ? "CASE WHEN NOT starts_with(vitrine_element, '{') THEN vitrine_element END"
               : json_value_sql("vitrine_element", after);
  }

  const InputFile& file_;
  bool is_json_ = false;
  std::string pointers_;
  std::size_t fields_ = 0;
  std::vector<std::string> lists_;
};

}  // namespace

std::vector<std::string> expand_files(const std::vector<std::string>& patterns) {
  std::vector<std::string> found;
  for (const std::string& pattern : patterns) {
    std::error_code error;
    // A file of exactly this name comes first, whatever the name would mean as a pattern.
    if (fs::exists(fs::symlink_status(pattern, error))) {
      found.push_back(pattern);
      continue;
    }
    glob_t matches{};
    const int state = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &matches);
    for (std::size_t i = 0; state == 0 && i < matches.gl_pathc; ++i) {
      found.emplace_back(matches.gl_pathv[i]);
    }
    ::globfree(&matches);
    if (state != 0) {
      const bool is_glob = pattern.find_first_of("*?[") != std::string::npos;
      throw base::Error(
          base::ExitCode::kIo,
          is_glob ? fmt::format("no file matches {}; check the folder and the pattern", pattern)
                  : fmt::format("no such file: {}; check the path", pattern));
    }
  }
  if (found.empty()) throw base::Error(base::ExitCode::kUsage, "no files given; name at least one");
  std::map<std::string, std::string> by_path;
  for (const std::string& name : found) {
    std::error_code error;
    if (fs::is_directory(name, error)) {
      throw base::Error(
          base::ExitCode::kIo,
          fmt::format("{0} is a folder; name its files, for example '{0}/*.csv'", name));
    }
    const fs::path canonical = fs::canonical(name, error);
    auto& kept = by_path[error ? name : canonical.string()];
    // When one file is named in two ways, the smaller name is shown, whatever the order of the
    // names.
    if (kept.empty() || name < kept) kept = name;
  }
  std::vector<std::string> out;
  for (const auto& [canonical, name] : by_path) out.push_back(name);
  return out;
}

namespace {

/// Copies a pipe into a new file of the folder for spilled data and returns its name.
std::string copy_pipe(base::Input& pipe, const std::string& folder) {
  static std::atomic<unsigned> counter{0};
  std::error_code failed;
  fs::create_directories(folder, failed);
  const std::string copy =
      (fs::path(folder) / fmt::format("pipe-{}-{}", ::getpid(), counter++)).string();
  std::ofstream out(copy, std::ios::binary | std::ios::trunc);
  std::vector<char> block(std::size_t{1} << 18U);
  for (std::size_t size = 0; out && (size = pipe.read(block.data(), block.size())) > 0;) {
    out.write(block.data(), static_cast<std::streamsize>(size));
  }
  out.close();
  if (!out) {
    const std::string why = std::strerror(errno);
    fs::remove(copy, failed);
    throw base::Error(
        base::ExitCode::kIo,
        fmt::format("cannot write {}: {}; set TMPDIR to a folder with space", copy, why));
  }
  return copy;
}

InputFile open_input(const Database& database, const std::string& path) {
  InputFile file;
  file.name = path;
  base::Input input(path);
  if (input.is_pipe()) {
    file.path = copy_pipe(input, database.spill_directory());
    file.is_copy = true;
  } else {
    const std::string open = fmt::format("/proc/self/fd/{}", input.descriptor());
    std::error_code none;
    file.path = fs::exists(open, none) ? open : path;
    file.opened = std::make_shared<const base::Input>(std::move(input));
  }
  std::error_code failed;
  file.bytes = fs::file_size(file.path, failed);
  return file;
}

}  // namespace

void close_original(InputFile& file) {
  if (!file.is_copy) file.path = file.name;
  file.opened.reset();
}

void replace_by_copy(InputFile& file, const std::string& copy) {
  std::error_code ignored;
  if (file.is_copy) fs::remove(file.path, ignored);
  file.path = copy;
  file.is_copy = true;
  file.compression = Compression::kNone;
}

std::string file_literal(const std::string& path) {
  // A pattern's own characters stand for themselves in brackets, and what begins with a slash is
  // neither an address nor a home folder.
  std::string name;
  for (const char c : fs::absolute(path).string()) {
    if (c == '*' || c == '?' || c == '[') {
      name.append(1, '[').append(1, c).append(1, ']');
    } else {
      name += c;
    }
  }
  return sql_literal(name);
}

std::string with_user_name(const InputFile& file, std::string message) {
  for (std::size_t at = message.find(file.path); at != std::string::npos;
       at = message.find(file.path, at + file.name.size())) {
    message.replace(at, file.path.size(), file.name);
  }
  return message;
}

InputFile inspect_file(Database& database, const std::string& path) {
  InputFile file = open_input(database, path);
  if (file.bytes == 0) throw_unusable(path, "is empty; export the log again");
  file.compression = detect_compression(file.path);
  const std::string head = read_head(file);
  if (head.starts_with("PAR1")) {
    if (file.compression != Compression::kNone) {
      throw_unusable(
          path,
          "is a compressed Parquet file; unpack it, because Parquet compresses its pages itself");
    }
    file.format = FileFormat::kParquet;
    describe_parquet(database, file);
    return file;
  }
  refuse_what_is_not_text(path, head);
  std::string_view text = head;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) throw_unusable(path, "is empty; export the log again");
  if (text[start] == '{' || text[start] == '[') {
    file.format = text[start] == '{' ? FileFormat::kJsonLines : FileFormat::kJsonArray;
    describe_json(database, file);
    return file;
  }
  file.format = FileFormat::kCsv;
  std::string recoded;
  if (is_latin1(head, head.size() >= kHeadBytes)) {
    static std::atomic<unsigned> counter{0};
    const std::string copy = (fs::path(database.spill_directory()) /
                              fmt::format("recoded-{}-{}.csv", ::getpid(), counter++))
                                 .string();
    recode_latin1(file.path, copy);
    replace_by_copy(file, copy);
    file.recoded = true;
    recoded = read_head(file);
  }
  file.dialect = sniff_csv(file.recoded ? recoded : head, is_known_column);
  file.columns = file.dialect.columns;
  return file;
}

TextSource text_source(const InputFile& file, const std::map<std::string, std::string>& map) {
  TextSource source;
  source.row_hash = row_hash_sql(file);
  SourceMaker maker(file);
  for (const auto& [role, column] : map) source.text[role] = maker.text_of(column);
  if (file.format == FileFormat::kParquet) {
    maker.explode(
        fmt::format("read_parquet({}, hive_partitioning = false)", file_literal(file.path)),
        source);
    return source;
  }
  if (file.format == FileFormat::kCsv) {
    std::string columns;
    for (const std::string& column : file.columns) {
      columns += fmt::format("{}{}: 'VARCHAR'", columns.empty() ? "" : ", ", sql_literal(column));
    }
    const std::string_view compression = file.compression == Compression::kGzip   ? "gzip"
                                         : file.compression == Compression::kZstd ? "zstd"
                                                                                  : "uncompressed";
    maker.explode(
        fmt::format("read_csv({}, auto_detect = false, compression = '{}', delim = {}, quote = "
                    "'\"', escape = '{}', header = {}, skip = {}, columns = {{{}}}, "
                    "hive_partitioning = false, store_rejects "
                    "= true, rejects_limit = 0, rejects_table = '{}', rejects_scan = '{}')",
                    file_literal(file.path), compression,
                    sql_literal(std::string(1, file.dialect.delimiter)), file.dialect.escape,
                    file.dialect.has_header, file.dialect.skipped_lines, columns, kRejectsTable,
                    kRejectScansTable),
        source);
    return source;
  }
  // A list of one pointer at least, so that `fields` says whether the line is valid JSON.
  const std::string pointers = maker.pointers().empty() ? "'/'" : maker.pointers();
  maker.explode(fmt::format("(SELECT line, CASE WHEN json_valid(line) THEN "
                            "json_extract_string(line, [{}]) END AS fields FROM {})",
                            pointers, json_records_sql(file)),
                source);
  source.blank = "coalesce(trim(line), '') = ''";
  source.malformed = "fields IS NULL";
  return source;
}

std::string text_or_null(const TextSource& source, std::string_view role) {
  const auto found = source.text.find(std::string(role));
  return found == source.text.end() ? "NULL::VARCHAR" : found->second;
}

void drop_reject_tables(Database& database) {
  database.execute(fmt::format("DROP TABLE IF EXISTS {}; DROP TABLE IF EXISTS {}", kRejectsTable,
                               kRejectScansTable));
}

}  // namespace vitrine::data
