#include "data/database.h"

#include <duckdb.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/temporary_folder.h"

namespace vitrine::data {

namespace {

std::uint64_t default_memory_limit() {
  constexpr std::uint64_t kEnough = 1'400'000'000;
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page_bytes = ::sysconf(_SC_PAGE_SIZE);
  if (pages <= 0 || page_bytes <= 0) return kEnough;
  const std::uint64_t half =
      static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes) / 2;
  return std::min(kEnough, half);
}

base::ExitCode code_for(duckdb_error_type type) {
  return type == DUCKDB_ERROR_IO ? base::ExitCode::kIo : base::ExitCode::kFailure;
}

/// Reports the progress of the query that runs on `connection`, until it is destroyed.
class ProgressPoller {
 public:
  ProgressPoller(duckdb_connection connection, const Database::OnProgress& on_progress) {
    if (!on_progress) return;
    thread_ = std::thread([this, connection, &on_progress] {
      std::unique_lock lock(mutex_);
      while (!wake_.wait_for(lock, std::chrono::milliseconds(200), [this] { return done_; })) {
        const duckdb_query_progress_type state = duckdb_query_progress(connection);
        if (state.percentage >= 0.0) on_progress(state.percentage / 100.0);
      }
    });
  }
  ~ProgressPoller() {
    if (!thread_.joinable()) return;
    {
      const std::scoped_lock lock(mutex_);
      done_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  ProgressPoller(const ProgressPoller&) = delete;
  ProgressPoller& operator=(const ProgressPoller&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace

bool Chunk::is_null(std::size_t column, std::size_t row) const {
  const std::uint64_t* mask = validity_[column];
  return mask != nullptr && ((mask[row / 64] >> (row % 64)) & 1U) == 0;
}

const void* Chunk::typed(std::size_t column, int type) const {
  if (types_[column] != type) {
    throw base::Error(
        base::ExitCode::kFailure,
        fmt::format("column {} has SQL type {} where {} was expected; this is a defect in "
                    "vitrine, please report it",
                    column, types_[column], type));
  }
  return data_[column];
}

std::span<const std::int32_t> Chunk::int32s(std::size_t column) const {
  return {static_cast<const std::int32_t*>(typed(column, DUCKDB_TYPE_INTEGER)), size_};
}
std::span<const std::int64_t> Chunk::int64s(std::size_t column) const {
  return {static_cast<const std::int64_t*>(typed(column, DUCKDB_TYPE_BIGINT)), size_};
}
std::span<const std::uint8_t> Chunk::uint8s(std::size_t column) const {
  return {static_cast<const std::uint8_t*>(typed(column, DUCKDB_TYPE_UTINYINT)), size_};
}
std::span<const bool> Chunk::bools(std::size_t column) const {
  return {static_cast<const bool*>(typed(column, DUCKDB_TYPE_BOOLEAN)), size_};
}
std::span<const double> Chunk::doubles(std::size_t column) const {
  return {static_cast<const double*>(typed(column, DUCKDB_TYPE_DOUBLE)), size_};
}

std::string_view Chunk::text(std::size_t column, std::size_t row) const {
  if (is_null(column, row)) return {};
  const auto* strings = static_cast<const duckdb_string_t*>(typed(column, DUCKDB_TYPE_VARCHAR));
  // The C API takes a pointer to non-const but only reads. Short text is stored inside the struct.
  auto* string = const_cast<duckdb_string_t*>(strings + row);
  return {duckdb_string_t_data(string), duckdb_string_t_length(*string)};
}

struct Rows::Impl {
  duckdb_result result{};
  duckdb_data_chunk chunk = nullptr;
  Chunk view;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (chunk != nullptr) duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_result(&result);
  }
};

Rows::Rows(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Rows::Rows(Rows&&) noexcept = default;
Rows& Rows::operator=(Rows&&) noexcept = default;
Rows::~Rows() = default;

const Chunk* Rows::next() {
  if (impl_->chunk != nullptr) duckdb_destroy_data_chunk(&impl_->chunk);
  impl_->chunk = duckdb_fetch_chunk(impl_->result);
  if (impl_->chunk == nullptr) return nullptr;
  Chunk& view = impl_->view;
  const idx_t columns = duckdb_data_chunk_get_column_count(impl_->chunk);
  view.size_ = duckdb_data_chunk_get_size(impl_->chunk);
  view.data_.resize(columns);
  view.validity_.resize(columns);
  view.types_.resize(columns);
  for (idx_t column = 0; column < columns; ++column) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(impl_->chunk, column);
    view.data_[column] = duckdb_vector_get_data(vector);
    view.validity_[column] = duckdb_vector_get_validity(vector);
    view.types_[column] = duckdb_column_type(&impl_->result, column);
  }
  return &view;
}

std::size_t Rows::column_count() const { return duckdb_column_count(&impl_->result); }

std::string Rows::column_name(std::size_t column) const {
  return duckdb_column_name(&impl_->result, column);
}

struct Appender::Impl {
  duckdb_appender appender = nullptr;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (appender != nullptr) duckdb_appender_destroy(&appender);
  }
  void check(duckdb_state state) const {
    if (state == DuckDBSuccess) return;
    const char* message = duckdb_appender_error(appender);
    throw base::Error(
        base::ExitCode::kFailure,
        fmt::format("bulk insert failed: {}", message == nullptr ? "unknown" : message));
  }
};

Appender::Appender(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Appender::Appender(Appender&&) noexcept = default;
Appender& Appender::operator=(Appender&&) noexcept = default;
Appender::~Appender() = default;

void Appender::add(std::int32_t value) {
  impl_->check(duckdb_append_int32(impl_->appender, value));
}
void Appender::add(std::int64_t value) {
  impl_->check(duckdb_append_int64(impl_->appender, value));
}
void Appender::add(std::uint8_t value) {
  impl_->check(duckdb_append_uint8(impl_->appender, value));
}
void Appender::add(bool value) { impl_->check(duckdb_append_bool(impl_->appender, value)); }
void Appender::add(double value) { impl_->check(duckdb_append_double(impl_->appender, value)); }
void Appender::add(std::string_view value) {
  impl_->check(duckdb_append_varchar_length(impl_->appender, value.data(), value.size()));
}
void Appender::add_null() { impl_->check(duckdb_append_null(impl_->appender)); }
void Appender::end_row() { impl_->check(duckdb_appender_end_row(impl_->appender)); }
void Appender::close() { impl_->check(duckdb_appender_close(impl_->appender)); }

struct Database::Impl {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  std::optional<base::TemporaryFolder> own_folder;
  std::string spill_directory;
  unsigned threads = 1;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (connection != nullptr) duckdb_disconnect(&connection);
    if (database != nullptr) duckdb_close(&database);
  }

  std::unique_ptr<Rows::Impl> run(const std::string& sql) const {
    auto rows = std::make_unique<Rows::Impl>();
    if (duckdb_query(connection, sql.c_str(), &rows->result) != DuckDBSuccess) {
      const char* message = duckdb_result_error(&rows->result);
      throw base::Error(code_for(duckdb_result_error_type(&rows->result)),
                        message == nullptr ? "DuckDB failed without a message" : message);
    }
    return rows;
  }
};

Database::Database(const DatabaseOptions& options) : impl_(std::make_unique<Impl>()) {
  if (options.spill_directory.empty()) impl_->own_folder.emplace();
  impl_->spill_directory = impl_->own_folder ? impl_->own_folder->path() : options.spill_directory;
  impl_->threads =
      options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());

  duckdb_config config = nullptr;
  duckdb_create_config(&config);
  duckdb_set_config(config, "threads", std::to_string(impl_->threads).c_str());
  duckdb_set_config(config, "temp_directory", impl_->spill_directory.c_str());
  const std::uint64_t limit =
      options.memory_limit != 0 ? options.memory_limit : default_memory_limit();
  duckdb_set_config(config, "memory_limit", fmt::format("{}B", limit).c_str());
  // Files are read by the numbers under which they are open, so a cache by name would mix them up.
  duckdb_set_config(config, "enable_external_file_cache", "false");
  // The trainer must not download code without the user's knowledge.
  duckdb_set_config(config, "autoinstall_known_extensions", "false");
  duckdb_set_config(config, "autoload_known_extensions", "false");
  char* message = nullptr;
  const duckdb_state state = duckdb_open_ext(nullptr, &impl_->database, config, &message);
  duckdb_destroy_config(&config);
  if (state != DuckDBSuccess) {
    const std::string text = message == nullptr ? "unknown" : message;
    duckdb_free(message);
    throw base::Error(base::ExitCode::kFailure, fmt::format("DuckDB does not start: {}", text));
  }
  if (duckdb_connect(impl_->database, &impl_->connection) != DuckDBSuccess) {
    throw base::Error(base::ExitCode::kFailure, "DuckDB does not accept a connection");
  }
  // Times without an offset are UTC, whatever the time zone of the machine.
  execute(
      "SET enable_progress_bar = true; SET enable_progress_bar_print = false; "
      "SET TimeZone = 'UTC';");
}

Database::~Database() = default;
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

void Database::execute(const std::string& sql, const OnProgress& on_progress) {
  const ProgressPoller poller(impl_->connection, on_progress);
  impl_->run(sql);
}

Rows Database::query(const std::string& sql) { return Rows(impl_->run(sql)); }

std::int64_t Database::query_int64(const std::string& sql) {
  Rows rows = query(sql);
  const Chunk* chunk = rows.next();
  if (chunk == nullptr) throw base::Error(base::ExitCode::kFailure, "no row from: " + sql);
  return chunk->is_null(0, 0) ? 0 : chunk->int64s(0)[0];
}

double Database::query_double(const std::string& sql) {
  Rows rows = query(sql);
  const Chunk* chunk = rows.next();
  if (chunk == nullptr) throw base::Error(base::ExitCode::kFailure, "no row from: " + sql);
  return chunk->is_null(0, 0) ? 0.0 : chunk->doubles(0)[0];
}

std::string Database::query_text(const std::string& sql) {
  Rows rows = query(sql);
  const Chunk* chunk = rows.next();
  if (chunk == nullptr) throw base::Error(base::ExitCode::kFailure, "no row from: " + sql);
  return std::string(chunk->text(0, 0));
}

Appender Database::append_to(std::string_view table) {
  auto impl = std::make_unique<Appender::Impl>();
  const std::string name(table);
  impl->check(duckdb_appender_create(impl_->connection, nullptr, name.c_str(), &impl->appender));
  return Appender(std::move(impl));
}

const std::string& Database::spill_directory() const { return impl_->spill_directory; }

unsigned Database::threads() const { return impl_->threads; }

std::string sql_literal(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    throw base::Error(base::ExitCode::kUsage, "a name with a NUL byte cannot be used; rename it");
  }
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2U : 1U, c);
  return out + "'";
}

std::string sql_name(std::string_view name) {
  if (name.find('\0') != std::string_view::npos) {
    throw base::Error(base::ExitCode::kUsage, "a name with a NUL byte cannot be used; rename it");
  }
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2U : 1U, c);
  return out + "\"";
}

}  // namespace vitrine::data
