#include "report/page.h"

#include <fmt/format.h>

#include "report/svg.h"

namespace vitrine::report {
namespace {

// Colours after Okabe and Ito (2008), darkened or lightened until they stand out from the ground by
// at least 3 : 1; series differ by shape and dash as well.
constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --ground: #fff; --card: #f6f7f9; --ink: #16191d; --soft: #565d66;
  --rule: #d9dde2; --grid: #e6e9ed; --s0: #0064a8; --s1: #c14d00; --s2: #a0417c; --s3: #66707a;
  --good: #00724f; --good-ground: #e0f3ec; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --card: #1c2026; --ink: #e8eaed;
  --soft: #a4acb6; --rule: #363d46; --grid: #2a3038; --s0: #5ab8f0; --s1: #f59b4c; --s2: #e58fc4;
  --s3: #a9b2bc; --good: #5fd3ab; --good-ground: #16352c; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 74rem; padding: 2rem 1.25rem 4rem; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 0 0 .25rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
header p, .intro, figcaption, .foot { color: var(--soft); margin: .25rem 0 0; max-width: 46rem; }
header p { overflow-wrap: anywhere; }
section { margin-top: 2.5rem; padding-top: 1.25rem; border-top: 1px solid var(--rule); }
.intro { margin-bottom: 1rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 3rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem;
  margin: 1.5rem 0 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border-radius: .5rem; padding: .75rem 1rem; }
.tiles b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tiles span { display: block; color: var(--soft); font-size: .85rem; }
.scroll { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--rule);
  vertical-align: baseline; }
thead th { color: var(--soft); font-weight: 600; font-size: .8rem; vertical-align: bottom; }
tbody th { font-weight: 500; white-space: nowrap; }
.details th { color: var(--soft); width: 11rem; }
.details td { overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-left: 1rem; }
td small { display: block; color: var(--soft); font-size: .8em; }
tr.lead th, tr.lead td b { font-weight: 700; }
td b { font-weight: 500; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr));
  gap: 1rem 2rem; margin: 1rem 0; }
figure { margin: 0; max-width: 28rem; }
figcaption { font-size: .85rem; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { fill: var(--ink); font: 11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
svg .row { font-size: 12px; }
svg .note, svg .tick, svg .name { fill: var(--soft); }
svg .note { font-size: 10px; }
svg .tick { font-variant-numeric: tabular-nums; }
svg .grid { stroke: var(--grid); }
svg .rule { stroke: var(--grid); }
svg .axis { stroke: var(--soft); }
svg .equal { stroke: var(--soft); stroke-dasharray: 2 4; }
.s0 { color: var(--s0); } .s1 { color: var(--s1); } .s2 { color: var(--s2); } .s3 { color: var(--s3); }
svg .mark { fill: currentColor; stroke: var(--ground); stroke-width: 1; }
svg .whisker { stroke: currentColor; stroke-width: 1.6; }
svg .curve { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
svg .bound { fill: none; stroke: currentColor; stroke-width: 1; opacity: .6; }
svg .d1 { stroke-dasharray: 7 4; } svg .d2 { stroke-dasharray: 2 3; } svg .d3 { stroke-dasharray: 9 3 2 3; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: .75rem 0 0;
  padding: 0; font-size: .85rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
.legend svg { width: 30px; height: 14px; flex: none; }
.examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr));
  gap: 1rem; }
.examples article { background: var(--card); border-radius: .5rem; padding: 1rem 1.1rem; min-width: 0;
  font-size: .9rem; }
.examples h3 { margin: 0 0 .25rem; font-size: .75rem; text-transform: uppercase; letter-spacing: .05em;
  color: var(--soft); }
.examples ol + h3 { margin-top: 1rem; }
.examples ol { margin: 0; padding-left: 1.6rem; }
.examples li { overflow-wrap: anywhere; padding: .15rem .3rem; line-height: 1.35; }
.examples li.hit { background: var(--good-ground); border-radius: .25rem; }
.examples small { color: var(--soft); overflow-wrap: anywhere; }
.examples .more { display: block; }
.outcome { margin: 0; overflow-wrap: anywhere; line-height: 1.35; }
.outcome .yes, .outcome .no { display: block; margin-top: .35rem; font-weight: 700; }
.outcome .yes { color: var(--good); } .outcome .no { color: var(--soft); }
.foot { margin-top: 3rem; font-size: .85rem; }
@media (max-width: 34rem) { body { padding: 1.25rem 1rem 3rem; } table { font-size: .8rem; }
  .n { padding-left: .25rem; } th, td { padding-right: .35rem; } tbody th { white-space: normal; }
  .details th { width: 7.5rem; } }
@media print { :root { color-scheme: light; --ground: #fff; --card: #fff; --ink: #000; --soft: #444;
  --rule: #bbb; --grid: #ddd; --s0: #0064a8; --s1: #c14d00; --s2: #a0417c; --s3: #66707a;
  --good: #00724f; --good-ground: #fff; }
  body { padding: 0; font-size: 11px; max-width: none; }
  .tiles li, .examples article { border: 1px solid var(--rule); }
  figure, article, tr, .tiles, h2, h3 { break-inside: avoid; } h2, h3, .intro { break-after: avoid; }
  .figures { grid-template-columns: repeat(3, 1fr); } .examples { grid-template-columns: 1fr 1fr; }
  .scroll { overflow: visible; } }
)css";

}  // namespace

void Table::add(const std::vector<std::string>& cells) {
  rows_ += lead_ && rows_.empty() ? "<tr class=\"lead\">" : "<tr>";
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const char* tag = c == 0 ? "th" : "td";
    rows_ += fmt::format("<{}{}{}>{}</{}>", tag, c == 0 ? " scope=\"row\"" : "",
                         columns_[c].number ? " class=\"n\"" : "", cells[c], tag);
  }
  rows_ += "</tr>\n";
}

std::string Table::finish() const {
  bool headed = false;
  std::string head;
  for (const Column& column : columns_) {
    headed = headed || !column.head.empty();
    head += fmt::format("<th scope=\"col\"{}>{}</th>", column.number ? " class=\"n\"" : "",
                        escaped(column.head));
  }
  return fmt::format("<div class=\"scroll\"><table{}>{}<tbody>\n{}</tbody></table></div>\n",
                     headed ? "" : " class=\"details\"",
                     headed ? "<thead><tr>" + head + "</tr></thead>" : "", rows_);
}

std::string section(std::string_view heading, std::string_view intro, std::string_view body) {
  if (body.empty()) return "";
  return fmt::format(
      "<section>\n<h2>{}</h2>\n{}{}</section>\n", escaped(heading),
      intro.empty() ? "" : fmt::format("<p class=\"intro\">{}</p>\n", escaped(intro)), body);
}

std::string pair(std::string_view left, std::string_view right) {
  return fmt::format("<div class=\"pair\">{}{}</div>\n", left, right);
}

std::string figure(std::string_view caption, std::string_view svg) {
  return fmt::format(
      "<figure>{}{}</figure>\n", svg,
      caption.empty() ? "" : fmt::format("<figcaption>{}</figcaption>", escaped(caption)));
}

std::string figures(const std::vector<std::string>& all) {
  std::string out = "<div class=\"figures\">\n";
  for (const std::string& one : all) out += one;
  return out + "</div>\n";
}

std::string stacked(const std::vector<std::string>& all) {
  std::string out = "<div>\n";
  for (const std::string& one : all) out += one;
  return out + "</div>\n";
}

std::string page(std::string_view title, std::string_view subtitle, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
      "<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n"
      "<header><h1>{}</h1><p>{}</p></header>\n{}"
      "<p class=\"foot\">Made by vitrine {}.</p>\n</body>\n</html>\n",
      escaped(title), kStyle, escaped(title), escaped(subtitle), body, VITRINE_VERSION);
}

}  // namespace vitrine::report
