#include "data/refused.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/byte_stream.h"

namespace vitrine::data {

namespace {

struct ReasonWords {
  RefusedReason reason;
  std::string_view key;
  std::string_view words;
};

constexpr ReasonWords kReasons[] = {
    {RefusedReason::kMalformed, "malformed_line", "malformed line"},
    {RefusedReason::kInvalidUtf8, "invalid_utf8", "invalid UTF-8"},
    {RefusedReason::kCancelled, "cancelled", "cancelled or returned"},
    {RefusedReason::kEmptyItem, "empty_item_id", "empty item id"},
    {RefusedReason::kItemTooLong, "item_id_too_long", "item id longer than 1,024 bytes"},
    {RefusedReason::kMissingShopper, "missing_session_or_user", "missing session or user"},
    {RefusedReason::kUnreadableTime, "unreadable_time", "unreadable time"},
    {RefusedReason::kTimeNotPositive, "zero_or_negative_time", "zero or negative time"},
    {RefusedReason::kTimeUnit, "other_time_unit", "time in another unit than the rest of the file"},
    {RefusedReason::kTimeTooLate, "time_after_2100", "time after the year 2100"},
    {RefusedReason::kTimeOutlier, "time_far_from_all_others",
     "time far from all others of the log"},
    {RefusedReason::kLeftOut, "left_out", "item named by --leave-out"},
    {RefusedReason::kOrderRepeated, "order_repeated", "item of an order that was reported before"},
    {RefusedReason::kCapped, "capped", "beyond what one shopper may add"},
    {RefusedReason::kDuplicate, "duplicate", "exact duplicate"},
    {RefusedReason::kRepeatedId, "repeated_id", "id seen before"},
};

const ReasonWords& words_of(RefusedReason reason) {
  return *std::find_if(std::begin(kReasons), std::end(kReasons),
                       [reason](const ReasonWords& known) { return known.reason == reason; });
}

/// Returns the length of the valid UTF-8 sequence at the start of `text`, or 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  if ((lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) > 0x9f) ||
      (lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) > 0x8f)) {
    return 0;
  }
  return length;
}

/// Walks through the records of a CSV file and counts them in the same way as DuckDB.
class CsvRecordWalk {
 public:
  CsvRecordWalk(const InputFile& file, const std::vector<CsvReject>& rejects)
      : reader_(file.path),
        scanner_(file.dialect),
        rejects_(rejects),
        one_column_(file.columns.size() == 1),
        skip_header_(file.dialect.has_header) {
    for (std::size_t i = 0; i < file.dialect.skipped_lines; ++i) {
      if (!reader_.next()) break;
    }
  }

  /// Moves to the next readable record. Returns false at the end.
  bool next() {
    while (reader_.next()) {
      const std::uint64_t offset = reader_.offset();
      line_ = reader_.number();
      text_ = reader_.line();
      while (!scanner_.feed(reader_.line())) {
        if (!reader_.next()) break;
      }
      scanner_.reset();
      if (text_.empty() && !one_column_) continue;
      if (skip_header_) {
        skip_header_ = false;
        continue;
      }
      while (reject_ < rejects_.size() && rejects_[reject_].offset < offset) ++reject_;
      if (reject_ < rejects_.size() && rejects_[reject_].offset == offset) continue;
      return true;
    }
    return false;
  }

  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  LineReader reader_;
  CsvRecordScanner scanner_;
  const std::vector<CsvReject>& rejects_;
  std::size_t reject_ = 0;
  bool one_column_;
  bool skip_header_;
  std::uint64_t line_ = 0;
  std::string text_;
};

std::map<std::uint64_t, RefusedSample> find_records(Database& database, const InputFile& file,
                                                    const std::vector<CsvReject>& rejects,
                                                    const std::vector<std::uint64_t>& rows) {
  std::map<std::uint64_t, RefusedSample> found;
  std::size_t next = 0;
  if (file.format == FileFormat::kCsv) {
    CsvRecordWalk walk(file, rejects);
    for (std::uint64_t row = 0; next < rows.size() && walk.next(); ++row) {
      if (row != rows[next]) continue;
      found[row] = {file.name, walk.line(), printable(walk.text())};
      ++next;
    }
  } else if (file.format == FileFormat::kJsonLines) {
    LineReader reader(file.path);
    std::size_t reject = 0;
    for (std::uint64_t row = 0; next < rows.size() && reader.next();) {
      if (reject < rejects.size() && rejects[reject].offset == reader.offset()) {
        ++reject;
        continue;
      }
      if (row == rows[next]) {
        found[row] = {file.name, reader.number(), printable(reader.line())};
        ++next;
      }
      ++row;
    }
  } else {
    const std::string source =
        file.format == FileFormat::kParquet
            ? fmt::format("read_parquet({}, hive_partitioning = false)", file_literal(file.path))
            : fmt::format("read_json({}, format = 'array', hive_partitioning = false)",
                          file_literal(file.path));
    for (const std::uint64_t row : rows) {
      const std::string text = database.query_text(fmt::format(
          "SELECT to_json(t)::VARCHAR FROM (SELECT * FROM {} LIMIT 1 OFFSET {}) t", source, row));
      found[row] = {file.name, row + 1, printable(text)};
    }
  }
  return found;
}

}  // namespace

std::string_view refused_key(RefusedReason reason) { return words_of(reason).key; }
std::string_view refused_words(RefusedReason reason) { return words_of(reason).words; }

void add_row_samples(Database& database, const InputFile& file,
                     const std::vector<CsvReject>& rejects,
                     const std::map<RefusedReason, std::vector<std::uint64_t>>& rows,
                     std::size_t max_samples, Refused& refused) {
  std::vector<std::uint64_t> wanted;
  for (const auto& [reason, numbers] : rows) {
    const std::size_t have = refused[reason].samples.size();
    const std::size_t room = max_samples > have ? max_samples - have : 0;
    wanted.insert(wanted.end(), numbers.begin(),
                  numbers.begin() + static_cast<std::ptrdiff_t>(std::min(room, numbers.size())));
  }
  if (wanted.empty()) return;
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  const auto found = find_records(database, file, rejects, wanted);
  for (const auto& [reason, numbers] : rows) {
    for (const std::uint64_t row : numbers) {
      const auto sample = found.find(row);
      if (refused[reason].samples.size() >= max_samples || sample == found.end()) break;
      refused[reason].samples.push_back(sample->second);
    }
  }
}

void add_rejects(const InputFile& file, const std::vector<CsvReject>& rejects,
                 std::size_t max_samples, Refused& refused) {
  std::vector<CsvReject> wanted;
  std::map<RefusedReason, std::size_t> room;
  for (const CsvReject& reject : rejects) {
    RefusedRows& rows = refused[reject.reason];
    ++rows.count;
    const auto slot =
        room.try_emplace(reject.reason, max_samples - std::min(max_samples, rows.samples.size()))
            .first;
    if (slot->second == 0) continue;
    --slot->second;
    wanted.push_back(reject);
  }
  if (wanted.empty()) return;
  LineReader reader(file.path);
  std::size_t next = 0;
  while (next < wanted.size() && reader.next()) {
    if (reader.offset() < wanted[next].offset) continue;
    refused[wanted[next].reason].samples.push_back(
        {file.name, reader.number(), printable(reader.line())});
    ++next;
  }
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (out.size() + std::max<std::size_t>(length, 3) > limit) return out + "...";
    if (length == 0) {
      out += "\xef\xbf\xbd";
    } else if (length == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7f)) {
      out += ' ';
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace vitrine::data
