#include "data/csv_dialect.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <set>

#include "base/error.h"
#include "data/byte_stream.h"

namespace vitrine::data {

namespace {

constexpr std::array<char, 4> kDelimiters = {',', '\t', ';', '|'};
constexpr std::size_t kSniffedRecords = 200;
// A quoted field that spans more lines than this counts as a stray quote, not as a long
// description.
constexpr std::size_t kLongestFieldLines = 500;

bool looks_like_number(std::string_view cell) {
  const bool digit =
      std::any_of(cell.begin(), cell.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  return digit && std::all_of(cell.begin(), cell.end(), [](unsigned char c) {
           return std::isdigit(c) != 0 || std::strchr("+-.,:/ TZ", c) != nullptr;
         });
}

std::vector<std::string> first_records(std::string_view head, const CsvDialect& dialect) {
  std::vector<std::string> records;
  CsvRecordScanner scanner(dialect);
  std::string record;
  while (!head.empty() && records.size() < kSniffedRecords) {
    const std::size_t end = head.find('\n');
    // The last line of the head may be cut off, so it is used only when there is no other line.
    if (end == std::string_view::npos && !records.empty()) break;
    std::string_view line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    record += line;
    if (!scanner.feed(line)) {
      record += '\n';
      continue;
    }
    if (!record.empty()) records.push_back(record);
    record.clear();
  }
  if (records.empty() && !record.empty()) records.push_back(record);
  return records;
}

/// Returns how many records have the most common number of columns (above one), and that number.
std::pair<std::size_t, std::size_t> agreement(std::string_view head, const CsvDialect& dialect) {
  std::map<std::size_t, std::size_t> by_width;
  for (const std::string& record : first_records(head, dialect)) {
    const std::size_t width = split_csv(record, dialect).size();
    if (width > 1) ++by_width[width];
  }
  std::pair<std::size_t, std::size_t> best{0, 0};
  for (const auto& [width, count] : by_width) best = std::max(best, {count, width});
  return best;
}

bool first_row_is_header(const std::vector<std::vector<std::string>>& rows,
                         bool (*known)(std::string_view)) {
  const std::vector<std::string>& first = rows.front();
  if (std::any_of(first.begin(), first.end(), known)) return true;
  if (std::any_of(first.begin(), first.end(), looks_like_number)) return false;
  if (std::set<std::string>(first.begin(), first.end()).size() != first.size()) return false;
  // Text in the first row above numbers in the following rows is a header in a language that we do
  // not know.
  for (std::size_t row = 1; row < rows.size(); ++row) {
    if (std::any_of(rows[row].begin(), rows[row].end(), looks_like_number)) return true;
  }
  return rows.size() == 1;
}

/// The lines before the header or the first record.
struct Preamble {
  std::size_t lines = 0;
  char delimiter = '\0';  // of a "sep=;" line, with which Excel is told the delimiter
};

/// Takes the preamble off `head`.
Preamble take_preamble(std::string_view& head) {
  Preamble found;
  while (true) {
    const std::size_t end = head.find('\n');
    if (end == std::string_view::npos) return found;
    std::string_view line = head.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool names_delimiter = found.lines == 0 && line.size() == 5 &&
                                 (line.starts_with("sep=") || line.starts_with("SEP="));
    if (names_delimiter) {
      found.delimiter = line[4];
    } else if (!line.starts_with('#') && !(found.lines > 0 && line.empty())) {
      return found;
    }
    head.remove_prefix(end + 1);
    ++found.lines;
  }
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

class LineWriter {
 public:
  explicit LineWriter(const std::string& path)
      : path_(path), file_(std::fopen(path.c_str(), "wb")) {
    if (!file_) fail();
  }
  void write(std::string_view line) {
    if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size() ||
        std::fputc('\n', file_.get()) == EOF) {
      fail();
    }
  }
  void close() {
    if (std::fclose(file_.release()) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw base::Error(base::ExitCode::kIo,
                      fmt::format("cannot write {}: {}; set TMPDIR to a folder with space", path_,
                                  std::strerror(errno)));
  }
  std::string path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

}  // namespace

bool CsvRecordScanner::feed(std::string_view line) {
  const char delimiter = dialect_->delimiter;
  const bool backslash = dialect_->escape == '\\';
  bool at_field_start = !in_quotes_;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_quotes_) {
      if (backslash && c == '\\') {
        ++i;
      } else if (c == '"') {
        if (!backslash && i + 1 < line.size() && line[i + 1] == '"') {
          ++i;
        } else {
          in_quotes_ = false;
        }
      }
      continue;
    }
    if (c == '"' && at_field_start) {
      in_quotes_ = true;
      at_field_start = false;
      continue;
    }
    at_field_start = c == delimiter;
  }
  return !in_quotes_;
}

std::vector<std::string> split_csv(std::string_view record, const CsvDialect& dialect) {
  std::vector<std::string> cells(1);
  bool in_quotes = false;
  bool at_field_start = true;
  for (std::size_t i = 0; i < record.size(); ++i) {
    const char c = record[i];
    if (in_quotes) {
      const bool has_next = i + 1 < record.size();
      if (dialect.escape == '\\' && c == '\\' && has_next) {
        cells.back() += record[++i];
      } else if (c != '"') {
        cells.back() += c;
      } else if (dialect.escape == '"' && has_next && record[i + 1] == '"') {
        cells.back() += '"';
        ++i;
      } else {
        in_quotes = false;
      }
    } else if (c == '"' && at_field_start) {
      in_quotes = true;
      at_field_start = false;
    } else if (c == dialect.delimiter) {
      cells.emplace_back();
      at_field_start = true;
    } else {
      cells.back() += c;
      at_field_start = false;
    }
  }
  return cells;
}

CsvDialect sniff_csv(std::string_view head, bool (*known)(std::string_view)) {
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  CsvDialect dialect;
  const std::string_view whole = head;
  const Preamble preamble = take_preamble(head);
  dialect.skipped_lines = preamble.lines;
  if (head.find_first_not_of("\r\n") == std::string_view::npos) {
    head = whole;  // ids that start with "#" are no comments
    dialect.skipped_lines = 0;
  }
  if (head.find("\\\"") != std::string_view::npos && head.find("\"\"") == std::string_view::npos) {
    dialect.escape = '\\';
  }
  std::pair<std::size_t, std::size_t> best{0, 0};
  char chosen = preamble.delimiter == '\0' ? ',' : preamble.delimiter;
  for (const char delimiter : kDelimiters) {
    if (preamble.delimiter != '\0' && delimiter != preamble.delimiter) continue;
    dialect.delimiter = delimiter;
    const auto score = agreement(head, dialect);
    if (score > best) {
      best = score;
      chosen = delimiter;
    }
  }
  dialect.delimiter = chosen;

  std::vector<std::vector<std::string>> rows;
  for (const std::string& record : first_records(head, dialect)) {
    rows.push_back(split_csv(record, dialect));
  }
  if (rows.empty()) rows.push_back({""});
  dialect.has_header = first_row_is_header(rows, known);
  if (dialect.has_header) {
    std::set<std::string> taken;
    for (std::string name : rows.front()) {
      if (name.empty()) name = fmt::format("column{}", dialect.columns.size());
      // SQL column names that differ only by case are equal.
      const auto lower = [](std::string text) {
        std::transform(text.begin(), text.end(), text.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return text;
      };
      while (!taken.insert(lower(name)).second) name += "_1";
      dialect.columns.push_back(name);
    }
  } else {
    const std::size_t width = std::max<std::size_t>(best.second, 1);
    for (std::size_t i = 0; i < width; ++i) dialect.columns.push_back(fmt::format("column{}", i));
  }
  return dialect;
}

RepairedCsv repair_csv(const std::string& from, const std::string& to, const CsvDialect& dialect,
                       std::size_t max_samples) {
  RepairedCsv repaired;
  LineReader reader(from);
  LineWriter writer(to);
  CsvRecordScanner scanner(dialect);
  // The lines of the current record. If its quotes never close, the first line is refused, and the
  // other lines are read again as separate records.
  std::deque<RepairedCsv::Line> lines;
  std::size_t fed = 0;
  bool more = true;
  while (more || !lines.empty()) {
    if (fed == lines.size()) {
      more = more && reader.next();
      if (more) lines.push_back({reader.number(), std::string(reader.line())});
    }
    if (fed < lines.size() && scanner.feed(lines[fed++].text)) {
      for (; fed > 0; --fed) {
        writer.write(lines.front().text);
        lines.pop_front();
      }
    } else if (!lines.empty() && (fed >= kLongestFieldLines || (!more && fed == lines.size()))) {
      ++repaired.refused;
      if (repaired.samples.size() < max_samples) repaired.samples.push_back(lines.front());
      writer.write("");
      lines.pop_front();
      fed = 0;
      scanner.reset();
    }
  }
  writer.close();
  return repaired;
}

}  // namespace vitrine::data
