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

/// Options for opening a Database.
struct DatabaseOptions {
  /// The folder for data that does not fit into memory. It is created when missing. An empty value
  /// means a new folder under the system's temporary folder, which is removed together with the
  /// Database.
  std::string spill_directory;
  /// The upper bound of DuckDB's own buffers in bytes. 0 means 1.4 GB, or half of the memory on a
  /// smaller machine. A larger value does not make a log of fewer than some tens of millions of
  /// events faster.
  std::uint64_t memory_limit = 0;
  /// The number of threads; 0 means one for each core.
  unsigned threads = 0;
};

/// A block of rows of a result, stored by column. Views into it are valid until the next call of
/// Rows::next and while the Rows object lives.
class Chunk {
 public:
  /// The number of rows in this block, at most DuckDB's vector size (2,048).
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t columns() const noexcept { return types_.size(); }

  /// Returns true when the value is NULL; the typed views have no meaning for this row.
  [[nodiscard]] bool is_null(std::size_t column, std::size_t row) const;

  /// Return the values of a column of exactly this SQL type: INTEGER, BIGINT, UTINYINT, BOOLEAN,
  /// DOUBLE. Throw Error when the column has another type, because then the SQL and the C++ code do
  /// not match.
  [[nodiscard]] std::span<const std::int32_t> int32s(std::size_t column) const;
  [[nodiscard]] std::span<const std::int64_t> int64s(std::size_t column) const;
  [[nodiscard]] std::span<const std::uint8_t> uint8s(std::size_t column) const;
  [[nodiscard]] std::span<const bool> bools(std::size_t column) const;
  [[nodiscard]] std::span<const double> doubles(std::size_t column) const;

  /// Returns one VARCHAR value; empty for NULL.
  [[nodiscard]] std::string_view text(std::size_t column, std::size_t row) const;

 private:
  friend class Rows;
  const void* typed(std::size_t column, int type) const;

  std::vector<void*> data_;
  std::vector<std::uint64_t*> validity_;
  std::vector<int> types_;
  std::size_t size_ = 0;
};

/// The result of a query. next() walks through it once. It owns its memory and may outlive the
/// Database.
class Rows {
 public:
  Rows(Rows&&) noexcept;
  Rows& operator=(Rows&&) noexcept;
  ~Rows();

  /// Returns the next block, or nullptr at the end. The block is valid until the next call.
  [[nodiscard]] const Chunk* next();

  [[nodiscard]] std::size_t column_count() const;
  [[nodiscard]] std::string column_name(std::size_t column) const;

 private:
  friend class Database;
  struct Impl;
  explicit Rows(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Inserts many rows into a table, one value at a time in the order of the columns. All rows are in
/// the table after close(). When an Appender is destroyed without close() (because of an
/// exception), it discards the rows it still holds.
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

  /// Writes the remaining rows. Throws Error when a row does not fit the table.
  void close();

 private:
  friend class Database;
  struct Impl;
  explicit Appender(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A DuckDB database in memory, used through DuckDB's stable C API. It writes to a folder when the
/// memory limit is reached. Extensions are never downloaded. It has one connection and is not
/// thread-safe.
class Database {
 public:
  /// Called from another thread, several times a second, with the fraction done (0..1).
  using OnProgress = std::function<void(double fraction)>;

  explicit Database(const DatabaseOptions& options = {});
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  /// Runs one or several statements. Throws Error(kFailure) with DuckDB's message, or Error(kIo)
  /// when the disk is full.
  void execute(const std::string& sql, const OnProgress& on_progress = {});

  /// Runs one query and keeps its result. A large result is written to disk like a table.
  [[nodiscard]] Rows query(const std::string& sql);

  /// Return the only BIGINT, DOUBLE or VARCHAR value that `sql` gives. NULL becomes 0 or "". Throw
  /// Error when there is no row.
  [[nodiscard]] std::int64_t query_int64(const std::string& sql);
  [[nodiscard]] double query_double(const std::string& sql);
  [[nodiscard]] std::string query_text(const std::string& sql);

  /// Starts inserting rows into an existing table. No other statement may run until the Appender is
  /// closed.
  [[nodiscard]] Appender append_to(std::string_view table);

  /// The folder for spilled data and other temporary files; it may not exist yet.
  [[nodiscard]] const std::string& spill_directory() const;

  /// The number of threads in use.
  [[nodiscard]] unsigned threads() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Returns `text` as an SQL string literal with quotes doubled. Throws Error(kUsage) when `text`
/// contains a NUL.
[[nodiscard]] std::string sql_literal(std::string_view text);

/// Returns `name` as an SQL identifier, always quoted.
[[nodiscard]] std::string sql_name(std::string_view name);

}  // namespace vitrine::data
