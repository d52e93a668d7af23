#pragma once

#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "data/event_log.h"

namespace vitrine {

/// A new folder for each test. The destructor removes it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "vitrine-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  /// Writes a file and returns its path.
  std::string write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return (path_ / name).string();
  }

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string gzip(std::string_view text) {
  std::string out(text.size() + 1024, '\0');
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct ReadLog {
  data::ReadReport report;
  /// The events as "session:position:item:kind:time", in order.
  std::vector<std::string> events;

  [[nodiscard]] std::uint64_t refused(data::RefusedReason reason) const {
    const auto found = report.refused.find(reason);
    return found == report.refused.end() ? 0 : found->second.count;
  }
  [[nodiscard]] std::vector<std::uint64_t> refused_lines(data::RefusedReason reason) const {
    std::vector<std::uint64_t> lines;
    const auto found = report.refused.find(reason);
    if (found == report.refused.end()) return lines;
    for (const data::RefusedSample& sample : found->second.samples) lines.push_back(sample.line);
    return lines;
  }
};

inline std::vector<std::string> column(data::Database& database, const std::string& sql) {
  std::vector<std::string> out;
  data::Rows rows = database.query(sql);
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) out.emplace_back(chunk->text(0, i));
  }
  return out;
}

inline ReadLog read(const data::ReadOptions& options, unsigned threads = 2) {
  data::DatabaseOptions database_options;
  database_options.threads = threads;
  data::Database database(database_options);
  ReadLog result;
  result.report = data::read_events(database, options);
  result.events = column(database,
                         "SELECT concat_ws(':', session, position, item, kind, time) FROM events "
                         "ORDER BY session, position");
  return result;
}

inline ReadLog read_file(const std::string& path) {
  data::ReadOptions options;
  options.files = {path};
  return read(options);
}

/// The code and message of the Error that reading throws; kOk without an error.
struct Failure {
  base::ExitCode code = base::ExitCode::kOk;
  std::string message;
};

inline Failure failure_of(const data::ReadOptions& options) {
  try {
    read(options);
  } catch (const base::Error& error) {
    return {error.code(), error.what()};
  }
  return {};
}

inline Failure failure_of(const std::string& path) {
  data::ReadOptions options;
  options.files = {path};
  return failure_of(options);
}

}  // namespace vitrine
