#include "data/value_sql.h"

#include <fmt/format.h>

namespace vitrine::data {

std::string id_sql(const std::string& text) {
  // This expression runs for every id of a log, so the cheap test comes first: only text that sorts
  // before "!" can be blank. The words are compared by CASE, not by IN. DuckDB turns a long IN into
  // a hash join, which loses the order of the rows, and ties and line numbers depend on this order.
  std::string words;
  for (const std::string_view word :
       {"null", "NULL", "Null", "nan", "NaN", "NAN", "none", "None", "NONE", "(null)", "(NULL)",
        "<NA>", "undefined", "\\N", "(not set)", "(none)", "N/A", "n/a", "#N/A"}) {
    words += fmt::format(" WHEN '{}' THEN NULL", word);
  }
  return fmt::format(
      "CASE WHEN {0} < '!' AND trim({0}) = '' THEN NULL ELSE CASE {0}{1} ELSE {0} END END", text,
      words);
}

std::string whole_number_sql(const std::string& id) {
  return fmt::format("regexp_replace({}, '\\.0+$', '')", id);
}

std::string shopper_sql(const std::string& text) {
  constexpr std::string_view kNobody[] = {
      "guest",         "anonymous",    "anon",      "unknown",       "nobody",
      "notset",        "na",           "n/a",       "#n/a",          "nan",
      "none",          "null",         "nil",       "empty",         "noemail",
      "false",         "guestuser",    "undefined", "guestcustomer", "\\n",
      "guestcheckout", "notapplicable"};
  std::string words;
  for (const std::string_view word : kNobody) words += fmt::format(" WHEN '{}' THEN NULL", word);
  // The UUID of zeros is nobody as well.
  return fmt::format(
      "CASE WHEN strlen({0}) > 36 THEN {0} ELSE CASE translate(lower(trim({0})), '()<>[] _-.', '') "
      "WHEN '' THEN NULL WHEN '00000000000000000000000000000000' THEN NULL{1} ELSE {0} END END",
      text, words);
}

}  // namespace vitrine::data
