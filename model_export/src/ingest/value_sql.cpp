#include "ingest/value_sql.h"

#include <fmt/format.h>

namespace vitrine::train {

std::string text_or_null(const TextSource& source, std::string_view role) {
  const auto found = source.text.find(std::string(role));
  return found == source.text.end() ? "NULL::VARCHAR" : found->second;
}

std::string id_sql(const std::string& text) {
  // Cheap tests first, this runs over every id of a log: only text that sorts before "!" can be
  // blank, and only short text can be one of the words.
  return fmt::format(
      "CASE WHEN ({0} < '!' AND trim({0}) = '') OR (strlen({0}) <= 9 AND {0} IN ('null', 'NULL', "
      "'Null', 'nan', 'NaN', 'NAN', 'none', 'None', 'NONE', '(null)', '(NULL)', '<NA>', "
      "'undefined', '\\N')) THEN NULL ELSE {0} END",
      text);
}

std::string amount_sql(const std::string& text) {
  return fmt::format(
      "CASE WHEN {0} IS NULL THEN NULL ELSE coalesce(TRY_CAST({0} AS DOUBLE), TRY_CAST(CASE WHEN "
      "contains({0}, '.') THEN regexp_replace({0}, '[^0-9.-]', '', 'g') ELSE "
      "replace(regexp_replace({0}, '[^0-9,-]', '', 'g'), ',', '.') END AS DOUBLE)) END",
      text);
}

}  // namespace vitrine::train
