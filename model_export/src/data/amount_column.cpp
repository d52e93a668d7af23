#include "data/amount_column.h"

#include <fmt/format.h>

namespace vitrine::data {

namespace {

/// Returns a VARCHAR expression: the first number of a text, without spaces and apostrophes
/// between its digits.
std::string digits_sql(const std::string& text) {
  constexpr std::string_view kNumber =
      R"([0-9]{1,3}(?:[ '’\x{a0}\x{202f}][0-9]{3})+(?:[.,][0-9]+)?|[0-9][0-9.,]*[0-9]|[0-9])";
  return fmt::format("regexp_replace(regexp_extract({}, {}), {}, '', 'g')", text,
                     sql_literal(kNumber), sql_literal(R"([ '’\x{a0}\x{202f}])"));
}

/// Returns a lambda's result for the digits of `text`, which it calls `d`.
std::string with_digits(const std::string& text, const std::string& expression) {
  return fmt::format("list_transform([{}], lambda d: {})[1]", digits_sql(text), expression);
}

constexpr std::string_view kUnclear = "[1-9][0-9]{0,2}[.,][0-9]{3}";

}  // namespace

void AmountEvidence::add(const AmountEvidence& other) {
  points += other.points;
  commas += other.commas;
  unclear_points += other.unclear_points;
  unclear_commas += other.unclear_commas;
  unclear_marked += other.unclear_marked;
}

std::string amount_evidence_sql(const std::string& text) {
  const std::string form = with_digits(
      text, fmt::format("CASE WHEN d IS NULL OR d = '' THEN 0 WHEN regexp_full_match(d, '{}') THEN "
                        "CASE WHEN contains(d, '.') THEN 3 ELSE 4 END WHEN "
                        "regexp_full_match(d, '[0-9,]*[.][0-9]+') AND NOT "
                        "regexp_full_match(d, '[0-9]{{1,3}}([.][0-9]{{3}}){{2,}}') THEN 1 WHEN "
                        "regexp_full_match(d, '[0-9.]*,[0-9]+') THEN 2 ELSE 0 END",
                        kUnclear));
  // Most amounts are plain numbers.
  const std::string quick = fmt::format(
      "CASE WHEN {0} IS NULL OR TRY_CAST({0} AS BIGINT) IS NOT NULL THEN 0 WHEN "
      "regexp_full_match({0}, '[0-9]+[.][0-9]{{1,2}}') THEN 1 ELSE {1} END",
      text, form);
  return fmt::format(
      "count(*) FILTER ({0} = 1), count(*) FILTER ({0} = 2), count(*) FILTER ({0} = 3), count(*) "
      "FILTER ({0} = 4), count(*) FILTER ({0} >= 3 AND NOT regexp_full_match(trim({1}), "
      "'[-0-9.,]+'))",
      quick, text);
}

AmountEvidence read_amount_evidence(const Chunk& chunk, std::size_t at) {
  return {.points = chunk.int64s(at)[0],
          .commas = chunk.int64s(at + 1)[0],
          .unclear_points = chunk.int64s(at + 2)[0],
          .unclear_commas = chunk.int64s(at + 3)[0],
          .unclear_marked = chunk.int64s(at + 4)[0]};
}

AmountRule decide_amounts(const AmountEvidence& evidence, std::optional<bool> comma) {
  AmountRule rule;
  if (comma) {
    rule.decimal_comma = *comma;
    rule.decimal_point = !*comma;
    return rule;
  }
  const bool points = evidence.points > 0;
  const bool commas = evidence.commas > 0;
  const std::int64_t unclear = evidence.unclear_points + evidence.unclear_commas;
  rule.decimal_comma = commas && !points;
  // A database writes 1.299 for 1.299; with a currency beside it, it is 1299.
  rule.decimal_point = points != commas ? points : !points && evidence.unclear_marked == 0;
  rule.undecided = points == commas ? unclear : 0;
  // "1.299" and "1,299" in one column: none of them has three decimals.
  if (!points && !commas && evidence.unclear_points > 0 && evidence.unclear_commas > 0) {
    rule.decimal_point = false;
  }
  return rule;
}

std::string amount_sql(const std::string& text, const AmountRule& rule) {
  const auto unclear = [](bool decimal, std::string_view sign) {
    return decimal ? fmt::format("replace(d, '{}', '.')", sign)
                   : fmt::format("replace(d, '{}', '')", sign);
  };
  const std::string plain = with_digits(
      text,
      fmt::format("CASE WHEN regexp_full_match(d, '{}') THEN CASE WHEN contains(d, '.') THEN {} "
                  "ELSE {} END WHEN contains(d, '.') AND contains(d, ',') THEN CASE WHEN "
                  "strpos(reverse(d), '.') < strpos(reverse(d), ',') THEN replace(d, ',', '') ELSE "
                  "replace(replace(d, '.', ''), ',', '.') END WHEN regexp_matches(d, '[.].*[.]') "
                  "THEN replace(d, '.', '') WHEN regexp_matches(d, ',.*,') THEN replace(d, ',', "
                  "'') ELSE replace(d, ',', '.') END",
                  kUnclear, unclear(rule.decimal_point, "."), unclear(rule.decimal_comma, ",")));
  // Most amounts are plain numbers. Numbers with an exponent are no text for people.
  return fmt::format(
      "CASE WHEN {0} IS NULL THEN NULL WHEN regexp_full_match({0}, "
      "'-?([0-9]+|[0-9]*[.]([0-9]{{1,2}}|[0-9]{{4,}}))') THEN TRY_CAST({0} AS DOUBLE) WHEN "
      "regexp_full_match({0}, '[-+]?[0-9.]+[eE][-+]?[0-9]+') THEN TRY_CAST({0} AS DOUBLE) ELSE "
      "TRY_CAST(CASE WHEN regexp_matches({0}, '^[^0-9]*[-−][^0-9]*[0-9]') OR starts_with({0}, '(') "
      "THEN '-' ELSE '' END || {1} AS DOUBLE) END",
      text, plain);
}

}  // namespace vitrine::data
