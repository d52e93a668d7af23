#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/progress.h"
#include "commands/judge.h"

namespace vitrine::commands {
namespace {

using recommend::Accuracy;
using recommend::Estimate;
using recommend::Evaluation;
using recommend::Judgement;
using recommend::Segment;
using recommend::Subject;

struct Column {
  std::string head;
  int digits = 4;
};

/// A number with its interval: "0.5128  0.5073 .. 0.5178".
std::string with_interval(const Estimate& estimate, int digits) {
  return fmt::format(
      "{:>10.{}f}{:>20}", estimate.mean, digits,
      fmt::format("{:.{}f} .. {:.{}f}", estimate.low, digits, estimate.high, digits));
}

void print_head(const std::string& title, const std::vector<Column>& columns) {
  fmt::print("\n{:<20}", title);
  for (const Column& column : columns) fmt::print("{:>10}{:>20}", column.head, "95 % interval");
}

/// `values`: one a column.
void print_row(const std::string& name, const std::vector<Estimate>& values,
               const std::vector<Column>& columns) {
  fmt::print("{:<20}", name);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    fmt::print("{}", with_interval(values[i], columns[i].digits));
  }
}

std::vector<Estimate> values_of(const Accuracy& accuracy) {
  return {accuracy.hit_rate, accuracy.mrr, accuracy.ndcg};
}

void print_accuracy(const std::string& name, const Accuracy& accuracy,
                    const std::vector<Column>& columns) {
  print_row(name, values_of(accuracy), columns);
  fmt::print("\n");
}

/// Returns the hit rate of item-kNN in the same segment; empty without it.
std::string item_knn_hit_rate(const Judgement& judgement, std::size_t segmentation,
                              const std::string& name) {
  if (!judgement.item_knn) return "";
  for (const Segment& other : judgement.item_knn->segmentations[segmentation].segments) {
    if (other.name == name) return fmt::format("{:.4f}", other.accuracy.hit_rate.mean);
  }
  return "";
}

void print_segments(const Judgement& judgement, const std::vector<Column>& columns) {
  for (std::size_t i = 0; i < judgement.model.segmentations.size(); ++i) {
    const recommend::Segmentation& part = judgement.model.segmentations[i];
    if (part.segments.size() < 2) continue;
    fmt::print("\nmodel, by {}", part.words);
    print_head("", columns);
    fmt::print("{:>13}{:>18}\n", "predictions", "item-kNN " + columns[0].head);
    for (const Segment& segment : part.segments) {
      print_row(segment.name, values_of(segment.accuracy), columns);
      fmt::print("{:>13}{:>18}\n", base::with_thousands(segment.accuracy.predictions),
                 item_knn_hit_rate(judgement, i, segment.name));
    }
  }
}

/// Prints how well items without events are ranked.
void print_hidden(const recommend::HiddenEvaluation& hidden, std::vector<Column> columns) {
  columns.pop_back();  // NDCG says nothing here that the others do not
  fmt::print("\n{} hidden items: next item of {} predictions, without events in training",
             base::with_thousands(hidden.items), base::with_thousands(hidden.predictions));
  if (hidden.predictions == 0) return fmt::print("\n");
  const auto print = [&](const char* name, const recommend::HiddenScore& score) {
    print_row(name, {score.hit_rate, score.mrr}, columns);
    fmt::print("\n");
  };
  const auto table = [&](const char* title, const recommend::HiddenEvaluation::Ranked& ranked) {
    print_head(title, columns);
    fmt::print("\n");
    for (const auto& [name, score] : ranked.named()) print(name, score);
  };
  table("among all items", hidden.among_all);
  table("among hidden items", hidden.among_hidden);
  print_head("the other items", columns);
  fmt::print("\n");
  print("model", hidden.others);
}

void print_sizes(const std::vector<recommend::SizeJudgement>& sizes,
                 const std::vector<Column>& columns) {
  print_head("budget", columns);
  fmt::print("{:>13}{:>17}{:>12}\n", "size", "session weights", "embeddings");
  for (const recommend::SizeJudgement& size : sizes) {
    const std::string budget = base::with_thousands(size.budget);
    if (size.needs > 0) {
      fmt::print("{:<20}too small: the least is {} bytes\n", budget,
                 base::with_thousands(size.needs));
      continue;
    }
    print_row(budget, values_of(size.accuracy), columns);
    fmt::print("{:>13}{:>17}{:>12}\n", base::with_thousands(size.size),
               base::with_thousands(size.session_entries),
               size.embedding_dims == 0 ? "none" : std::to_string(size.embedding_dims));
  }
}

void print_lists(const Judgement& judgement) {
  const std::vector<Column> columns = {{"novelty", 2}, {"diversity", 3}, {"head", 3}};
  print_head("lists", columns);
  fmt::print("{:>10}{:>8}\n", "coverage", "Gini");
  for (const auto& [name, place, one] : recommend::subjects(judgement)) {
    print_row(name, {one->novelty, one->diversity, one->head_share}, columns);
    fmt::print("{:>10.3f}{:>8.3f}\n", one->coverage, one->gini);
  }
  fmt::print("novelty in bits; diversity: {}; head: share of places for the {} best-known items\n",
             recommend::words(judgement.model.diversity_by),
             base::with_thousands(judgement.model.head_items));
}

/// First events of sessions; `part`: which.
void print_openings(const Judgement& judgement, std::optional<Accuracy> Evaluation::* part,
                    const char* title, const std::vector<Column>& columns) {
  print_head(title, columns);
  fmt::print("\n");
  for (const auto& [name, place, one] : recommend::subjects(judgement)) {
    if (const auto& accuracy = one->*part) print_accuracy(name, *accuracy, columns);
  }
}

}  // namespace

void print_judgement(const Judgement& judgement,
                     const std::vector<recommend::SizeJudgement>& sizes) {
  const recommend::EvaluationOptions& rules = judgement.rules;
  const Evaluation& model = judgement.model;
  const std::string k = fmt::format("@{}", rules.k);
  fmt::print("{} predictions ({} of items the bundle does not know, counted as misses)\n",
             base::with_thousands(model.predictions), base::with_thousands(model.unknown_targets));
  fmt::print("rules: {}, whole catalogue ranked, repeats {}{}\n", recommend::target_words(rules),
             rules.filter_seen ? "left out" : "allowed",
             rules.drop_current ? ", current item dropped" : "");

  const std::vector<Column> next = {{"HR" + k}, {"MRR" + k}, {"NDCG" + k}};
  print_head("next item", next);
  fmt::print("\n");
  for (const auto& [name, place, one] : recommend::subjects(judgement)) {
    print_accuracy(name, one->next_item(), next);
  }
  const std::vector<Column> later = {{"P" + k}, {"R" + k}, {"NDCG" + k}};
  print_head("all later items", later);
  fmt::print("\n");
  for (const auto& [name, place, one] : recommend::subjects(judgement)) {
    print_row(name, {one->later_precision, one->later_recall, one->later_ndcg}, later);
    fmt::print("\n");
  }
  print_lists(judgement);
  if (model.first_visit) {
    fmt::print("\nfirst event of {} sessions, from no history; in no number above or below",
               base::with_thousands(model.first_visit->predictions));
    print_openings(judgement, &Evaluation::first_visit, "first visit", next);
  }
  if (const auto& by_country = model.first_visit_by_market) {
    fmt::print("\nfirst event of {} sessions whose country the bundle knows; in no other number",
               base::with_thousands(by_country->with.predictions));
    print_head("first visit", next);
    fmt::print("\n");
    print_accuracy("model, from there", by_country->with, next);
    print_accuracy("model, from nothing", by_country->without, next);
  }
  if (model.return_visit) {
    fmt::print("\nfirst event of {} sessions, from the shopper's earlier ones; in no other number",
               base::with_thousands(model.return_visit->predictions));
    print_openings(judgement, &Evaluation::return_visit, "return visit", next);
  }
  print_segments(judgement, next);
  if (model.hidden) print_hidden(*model.hidden, next);
  if (!sizes.empty()) print_sizes(sizes, next);
  if (!judgement.item_knn) {
    fmt::print(
        "\nitem-kNN and the popularity of the last days are missing: `vitrine train` puts them "
        "beside the bundle as *.item-knn.\n");
  }
  fmt::print("\none ranking: p50 {:.0f} us, p99 {:.0f} us\n", model.p50_us, model.p99_us);
}

}  // namespace vitrine::commands
