#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vitrine::report {

/// A table of a report. Cells are markup: what comes from outside must go through `escaped`.
class Table {
 public:
  struct Column {
    std::string head;  // plain text
    bool number = false;
  };
  /// `lead`: the first row stands out.
  explicit Table(std::vector<Column> columns, bool lead = false)
      : columns_(std::move(columns)), lead_(lead) {}

  /// The first cell heads the row. Precondition: a cell for each column.
  void add(const std::vector<std::string>& cells);
  [[nodiscard]] std::string finish() const;

 private:
  std::vector<Column> columns_;
  bool lead_;
  std::string rows_;
};

/// A section with its heading; `intro` is plain text, `body` markup. Empty when `body` is.
[[nodiscard]] std::string section(std::string_view heading, std::string_view intro,
                                  std::string_view body);

/// Two sections beside each other, below each other where there is no room.
[[nodiscard]] std::string pair(std::string_view left, std::string_view right);

/// A drawing with a caption in plain text.
[[nodiscard]] std::string figure(std::string_view caption, std::string_view svg);

/// Drawings side by side, below each other where there is no room.
[[nodiscard]] std::string figures(const std::vector<std::string>& all);

/// Drawings below each other, as one among `figures`.
[[nodiscard]] std::string stacked(const std::vector<std::string>& all);

/// A whole document, valid as HTML and as XML: no script, and nothing loaded from elsewhere.
[[nodiscard]] std::string page(std::string_view title, std::string_view subtitle,
                               std::string_view body);

}  // namespace vitrine::report
