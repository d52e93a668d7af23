#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::data {

/// How a Database is opened.
struct DatabaseOptions {
  /// Folder for what does not fit into memory; created when missing. Empty: a fresh folder under
  /// the system's temporary folder, removed when the Database goes away.
  std::string spill_directory;
  /// Upper bound of DuckDB's own buffers in bytes; 0 takes 1.4 GB, or half of a smaller machine's
  /// memory. More makes nothing faster before some tens of millions of events.
  std::uint64_t memory_limit = 0;
  /// Threads; 0 takes one for each core.
  unsigned threads = 0;
};

/// One block of rows of a result, column by column. Views into it die with the next call of
/// Rows::next or with the Rows.
class Chunk {
 public:
  /// Rows in this block, at most DuckDB's vector size (2,048).
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t columns() const noexcept { return types_.size(); }

  /// True when the value is NULL; the typed views hold garbage there.
  [[nodiscard]] bool is_null(std::size_t column, std::size_t row) const;

  /// The values of a column of exactly that SQL type: INTEGER, BIGINT, UTINYINT, BOOLEAN, DOUBLE.
  /// Throws Error when the column has another type: the SQL and its reader must agree.
  [[nodiscard]] std::span<const std::int32_t> int32s(std::size_t column) const;
  [[nodiscard]] std::span<const std::int64_t> int64s(std::size_t column) const;
  [[nodiscard]] std::span<const std::uint8_t> uint8s(std::size_t column) const;
  [[nodiscard]] std::span<const bool> bools(std::size_t column) const;
  [[nodiscard]] std::span<const double> doubles(std::size_t column) const;

  /// One VARCHAR value; empty for NULL.
  [[nodiscard]] std::string_view text(std::size_t column, std::size_t row) const;

 private:
  friend class Rows;
  const void* typed(std::size_t column, int type) const;

  std::vector<void*> data_;
  std::vector<std::uint64_t*> validity_;
  std::vector<int> types_;
  std::size_t size_ = 0;
};

/// The result of a query; walk it once with next(). Owns its memory, may outlive the Database.
class Rows {
 public:
  Rows(Rows&&) noexcept;
  Rows& operator=(Rows&&) noexcept;
  ~Rows();

  /// The next block, or nullptr at the end. The block stays valid until the next call.
  [[nodiscard]] const Chunk* next();

  [[nodiscard]] std::size_t column_count() const;
  [[nodiscard]] std::string column_name(std::size_t column) const;

 private:
  friend class Database;
  struct Impl;
  explicit Rows(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Bulk insert into a table, a value at a time in column order. Rows reach the table at the latest
/// with close(); an Appender destroyed without close() (an exception flies) drops what it holds.
class Appender {
 public:
  Appender(Appender&&) noexcept;
  Appender& operator=(Appender&&) noexcept;
  ~Appender();

  void add(std::int32_t value);
  void add(std::int64_t value);
  void add(std::uint8_t value);
  void add(bool value);
  void add(double value);
  void add(std::string_view value);
  void add(const char* value) { add(std::string_view(value)); }
  void add_null();
  void end_row();

  /// Writes what is left. Throws Error when a row does not fit the table.
  void close();

 private:
  friend class Database;
  struct Impl;
  explicit Appender(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A DuckDB database in memory, through DuckDB's stable C API, that spills to a folder when the
/// memory limit is reached. Extensions are never downloaded. One connection; not thread-safe.
class Database {
 public:
  /// Called from a helper thread, several times a second, with the fraction done (0..1).
  using OnProgress = std::function<void(double fraction)>;

  explicit Database(const DatabaseOptions& options = {});
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  /// Runs one or several statements. Throws Error(kFailure) with DuckDB's own words; out of space
  /// for spilling is Error(kIo).
  void execute(const std::string& sql, const OnProgress& on_progress = {});

  /// Runs one query and keeps its result (spilled like a table when large).
  [[nodiscard]] Rows query(const std::string& sql);

  /// The single BIGINT, DOUBLE or VARCHAR that `sql` returns. NULL gives 0 and "". Throws Error
  /// when there is no row.
  [[nodiscard]] std::int64_t query_int64(const std::string& sql);
  [[nodiscard]] double query_double(const std::string& sql);
  [[nodiscard]] std::string query_text(const std::string& sql);

  /// Bulk insert into an existing table; no other statement may run until it is closed.
  [[nodiscard]] Appender append_to(std::string_view table);

  /// Folder for spilled data and other temporary files; it may not exist yet.
  [[nodiscard]] const std::string& spill_directory() const;

  /// Threads in use.
  [[nodiscard]] unsigned threads() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// `text` as an SQL string literal, quotes doubled. Throws Error(kUsage) on an embedded NUL.
[[nodiscard]] std::string sql_literal(std::string_view text);

/// `name` as an SQL identifier, always quoted.
[[nodiscard]] std::string sql_name(std::string_view name);

}  // namespace vitrine::data
