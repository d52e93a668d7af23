#include "data/value_sql.h"

#include <fmt/format.h>

namespace vitrine::data {

std::string text_or_null(const TextSource& source, std::string_view role) {
  const auto found = source.text.find(std::string(role));
  return found == source.text.end() ? "NULL::VARCHAR" : found->second;
}

std::string id_sql(const std::string& text) {
  // This expression runs for every id of a log, so the cheap test comes first: only text that sorts
  // before "!" can be blank. The words are compared by CASE, not by IN. DuckDB turns a long IN into
  // a hash join, which loses the order of the rows, and ties and line numbers depend on this order.
  std::string words;
  for (const std::string_view word : {"null", "NULL", "Null", "nan", "NaN", "NAN", "none", "None",
                                      "NONE", "(null)", "(NULL)", "<NA>", "undefined", "\\N"}) {
    words += fmt::format(" WHEN '{}' THEN NULL", word);
  }
  return fmt::format(
      "CASE WHEN {0} < '!' AND trim({0}) = '' THEN NULL ELSE CASE {0}{1} ELSE {0} END END", text,
      words);
}

std::string amount_sql(const std::string& text) {
  return fmt::format(
      "CASE WHEN {0} IS NULL THEN NULL ELSE coalesce(TRY_CAST({0} AS DOUBLE), TRY_CAST(CASE WHEN "
      "contains({0}, '.') THEN regexp_replace({0}, '[^0-9.-]', '', 'g') ELSE "
      "replace(regexp_replace({0}, '[^0-9,-]', '', 'g'), ',', '.') END AS DOUBLE)) END",
      text);
}

}  // namespace vitrine::data
