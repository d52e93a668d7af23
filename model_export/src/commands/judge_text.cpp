#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/progress.h"
#include "commands/judge.h"
#include "recommend/evaluation/baselines.h"

namespace vitrine::commands {
namespace {

using nlohmann::json;

/// A number with its interval: "0.5128  0.5073 .. 0.5178".
std::string with_interval(const json& values, const std::string& name, int digits) {
  const json& interval = values.at(name + "_interval");
  return fmt::format("{:>10.{}f}{:>20}", values.at(name).get<double>(), digits,
                     fmt::format("{:.{}f} .. {:.{}f}", interval[0].get<double>(), digits,
                                 interval[1].get<double>(), digits));
}

struct Column {
  std::string key;
  std::string head;
  int digits = 4;
};

void print_head(const std::string& title, const std::vector<Column>& columns) {
  fmt::print("\n{:<20}", title);
  for (const Column& column : columns) fmt::print("{:>10}{:>20}", column.head, "95 % interval");
}

void print_row(const std::string& name, const json& values, const std::vector<Column>& columns) {
  fmt::print("{:<20}", name);
  for (const Column& column : columns) {
    fmt::print("{}", with_interval(values, column.key, column.digits));
  }
}

/// The model and its baselines, each as a row made by `row(name, values)`.
template <typename Row>
void print_rows(const json& judgement, const Row& row) {
  row("model", judgement);
  for (const auto& [key, name] : recommend::kBaselineNames) {
    if (judgement["baselines"][key].is_object()) row(name, judgement["baselines"][key]);
  }
}

/// What item-kNN reaches in the same segment; empty without it.
std::string item_knn_hit_rate(const json& judgement, std::size_t segmentation,
                              const json& segment) {
  const json& item_knn = judgement["baselines"]["item_knn"];
  if (item_knn.is_null()) return "";
  for (const json& other : item_knn["segments"][segmentation]["parts"]) {
    if (other["name"] == segment["name"]) {
      return fmt::format("{:.4f}", other["hit_rate"].get<double>());
    }
  }
  return "";
}

void print_segments(const json& judgement, const std::vector<Column>& columns) {
  for (std::size_t i = 0; i < judgement["segments"].size(); ++i) {
    const json& part = judgement["segments"][i];
    if (part["parts"].size() < 2) continue;
    fmt::print("\nmodel, by {}", part["by"].get<std::string>());
    print_head("", columns);
    fmt::print("{:>13}{:>18}\n", "predictions", "item-kNN " + columns[0].head);
    for (const json& segment : part["parts"]) {
      print_row(segment["name"], segment, columns);
      fmt::print("{:>13}{:>18}\n", base::with_thousands(segment["predictions"]),
                 item_knn_hit_rate(judgement, i, segment));
    }
  }
}

/// How well items without events are found.
void print_hidden(const json& judgement, const std::string& k) {
  const json& hidden = judgement["hidden_items"];
  const std::vector<Column> columns = {{"hit_rate", "HR" + k}, {"mrr", "MRR" + k}};
  fmt::print("\n{} hidden items: next item of {} predictions, without events in training",
             base::with_thousands(hidden["items"]), base::with_thousands(hidden["predictions"]));
  if (hidden["predictions"] == 0) return fmt::print("\n");
  const auto table = [&](const std::string& title, const json& ranked) {
    print_head(title, columns);
    fmt::print("\n");
    for (const auto& [key, name] : recommend::kHiddenRankings) {
      print_row(name, ranked[key], columns);
      fmt::print("\n");
    }
  };
  table("among all items", hidden["among_all"]);
  table("among hidden items", hidden["among_hidden"]);
  print_head("the other items", columns);
  fmt::print("\n");
  print_row("model", hidden["others"], columns);
  fmt::print("\n");
}

void print_sizes(const json& judgement, const std::vector<Column>& columns) {
  print_head("budget", columns);
  fmt::print("{:>13}{:>17}{:>12}\n", "size", "session weights", "embeddings");
  for (const json& size : judgement["pareto"]) {
    const std::string budget = base::with_thousands(size["budget"]);
    if (size.contains("needs")) {
      fmt::print("{:<20}too small: the least is {} bytes\n", budget,
                 base::with_thousands(size["needs"]));
      continue;
    }
    print_row(budget, size, columns);
    fmt::print("{:>13}{:>17}{:>12}\n", base::with_thousands(size["size"]),
               base::with_thousands(size["session_entries"]),
               size["embedding_dims"] == 0 ? "none" : size["embedding_dims"].dump());
  }
}

}  // namespace

void print_judgement(const json& judgement) {
  const json& rules = judgement["rules"];
  const std::string k = fmt::format("@{}", judgement["k"].get<int>());
  fmt::print("{} predictions ({} of items the bundle does not know, counted as misses)\n",
             base::with_thousands(judgement["predictions"]),
             base::with_thousands(judgement["unknown_targets"]));
  fmt::print("rules: {}, whole catalogue ranked, repeats {}{}\n",
             rules["target"].get<std::string>(), rules["repeats"] ? "allowed" : "left out",
             rules["drop_current"] ? ", current item dropped" : "");

  const std::vector<Column> next = {
      {"hit_rate", "HR" + k}, {"mrr", "MRR" + k}, {"ndcg", "NDCG" + k}};
  const auto table = [&](const std::string& title, const std::vector<Column>& columns,
                         const json::json_pointer& part) {
    print_head(title, columns);
    fmt::print("\n");
    print_rows(judgement, [&](const std::string& name, const json& values) {
      if (values[part].is_null()) return;
      print_row(name, values[part], columns);
      fmt::print("\n");
    });
  };
  table("next item", next, json::json_pointer());
  table("all later items", {{"precision", "P" + k}, {"recall", "R" + k}, {"ndcg", "NDCG" + k}},
        json::json_pointer("/all_later_items"));

  const json& lists = judgement["lists"];
  const std::vector<Column> list_columns = {
      {"novelty_bits", "novelty", 2}, {"diversity", "diversity", 3}, {"head_share", "head", 3}};
  print_head("lists", list_columns);
  fmt::print("{:>10}{:>8}\n", "coverage", "Gini");
  print_rows(judgement, [&](const std::string& name, const json& values) {
    print_row(name, values["lists"], list_columns);
    fmt::print("{:>10.3f}{:>8.3f}\n", values["lists"]["coverage"].get<double>(),
               values["lists"]["gini"].get<double>());
  });
  fmt::print("novelty in bits; diversity: {}; head: share of places for the {} best-known items\n",
             lists["diversity_by"].get<std::string>(), base::with_thousands(lists["head_items"]));
  if (!judgement["first_visit"].is_null()) {
    fmt::print("\nfirst event of {} sessions, from no history; in no number above or below",
               base::with_thousands(judgement["first_visit"]["predictions"]));
    table("first visit", next, json::json_pointer("/first_visit"));
  }
  if (const json& by_country = judgement["first_visit_by_country"]; !by_country.is_null()) {
    fmt::print("\nfirst event of {} sessions whose country the bundle knows; in no other number",
               base::with_thousands(by_country["with"]["predictions"]));
    print_head("first visit", next);
    fmt::print("\n");
    print_row("model, from there", by_country["with"], next);
    fmt::print("\n");
    print_row("model, from nothing", by_country["without"], next);
    fmt::print("\n");
  }
  if (!judgement["return_visit"].is_null()) {
    fmt::print("\nfirst event of {} sessions, from the shopper's earlier ones; in no other number",
               base::with_thousands(judgement["return_visit"]["predictions"]));
    table("return visit", next, json::json_pointer("/return_visit"));
  }
  print_segments(judgement, next);
  if (judgement.contains("hidden_items")) print_hidden(judgement, k);
  if (judgement.contains("pareto")) print_sizes(judgement, next);
  if (judgement["baselines"]["item_knn"].is_null()) {
    fmt::print(
        "\nitem-kNN and the popularity of the last days are missing: `vitrine train` puts them "
        "beside the bundle as *.item-knn.\n");
  }
  fmt::print("\none ranking: p50 {:.0f} us, p99 {:.0f} us\n",
             judgement["ranking_us"]["p50"].get<double>(),
             judgement["ranking_us"]["p99"].get<double>());
}

}  // namespace vitrine::commands
