#include "commands/judge.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "cli/error.h"
#include "cli/progress.h"

namespace vitrine::train {

void RuleArguments::add_to(CLI::App& command) {
  command.add_option("--k", k, "Length of the lists")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command.add_flag("--drop-current", drop_current, "Never recommend the item just seen");
  command.add_flag("--filter-seen", filter_seen, "Never recommend an item of the session so far");
}

Judgement judge(Database& database, const std::string& query, const BundleFile& bundle,
                const std::optional<BundleFile>& item_knn, const EvaluationOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const TestSessions sessions = read_test_sessions(database, query, bundle.bundle());
  Judgement judgement;
  judgement.model = evaluate(bundle.bundle(), sessions, options);
  EvaluationOptions popular = options;
  popular.blend = layout::Blend{.popularity = 1.0F};
  judgement.popularity = evaluate(bundle.bundle(), sessions, popular);
  if (item_knn) {
    const TestSessions its_sessions = read_test_sessions(database, query, item_knn->bundle());
    judgement.item_knn = evaluate(item_knn->bundle(), its_sessions, options);
  }
  judgement.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (judgement.model.predictions == 0) {
    throw Error(ExitCode::kDataUnusable,
                "There is nothing to predict: no session has two events. Check --session-gap, or "
                "whether the file is the right one.");
  }
  return judgement;
}

nlohmann::json to_json(const Judgement& judgement, const EvaluationOptions& options) {
  nlohmann::json json = to_json(judgement.model);
  json["k"] = options.k;
  json["rules"] = {
      {"target", options.last_only ? "last event of each session" : "next event of every prefix"},
      {"ranking", "whole catalogue"},
      {"repeats", !options.filter_seen},
      {"drop_current", options.drop_current},
      {"filter_seen", options.filter_seen}};
  json["baselines"]["popularity"] = to_json(judgement.popularity);
  json["baselines"]["item_knn"] =
      judgement.item_knn ? to_json(*judgement.item_knn) : nlohmann::json();
  json["ranking_us"] = {{"p50", judgement.model.p50_us}, {"p99", judgement.model.p99_us}};
  json["seconds"] = judgement.seconds;
  return json;
}

void print(const Judgement& judgement, const EvaluationOptions& options) {
  fmt::print("{} predictions ({} of items the bundle does not know, counted as misses)\n",
             with_thousands(judgement.model.predictions),
             with_thousands(judgement.model.unknown_targets));
  fmt::print("rules: {}, whole catalogue ranked, repeats {}{}\n\n",
             options.last_only ? "last event of each session" : "next event of every prefix",
             options.filter_seen ? "left out" : "allowed",
             options.drop_current ? ", current item dropped" : "");
  fmt::print("{:<14}{:>10}{:>20}{:>10}{:>20}{:>10}{:>10}\n", "", fmt::format("HR@{}", options.k),
             "95 % interval", fmt::format("MRR@{}", options.k), "95 % interval",
             fmt::format("NDCG@{}", options.k), "coverage");
  const auto row = [](const char* name, const Evaluation& e) {
    fmt::print("{:<14}{:>10.4f}{:>20}{:>10.4f}{:>20}{:>10.4f}{:>10.3f}\n", name, e.hit_rate,
               fmt::format("{:.4f} .. {:.4f}", e.hit_rate_low, e.hit_rate_high), e.mrr,
               fmt::format("{:.4f} .. {:.4f}", e.mrr_low, e.mrr_high), e.ndcg, e.coverage);
  };
  row("model", judgement.model);
  if (judgement.item_knn) row("item-kNN", *judgement.item_knn);
  row("popularity", judgement.popularity);
  if (!judgement.item_knn) {
    fmt::print(
        "\nitem-kNN is missing: `vitrine train` puts it beside the bundle as "
        "*.item-knn.\n");
  }
  fmt::print("\none ranking: p50 {:.0f} us, p99 {:.0f} us\n", judgement.model.p50_us,
             judgement.model.p99_us);
}

std::string item_knn_path(const std::string& bundle_path) { return bundle_path + ".item-knn"; }

std::optional<BundleFile> find_item_knn(const std::string& bundle_path, const BundleFile& bundle) {
  const std::string path = item_knn_path(bundle_path);
  if (!std::filesystem::exists(path)) return std::nullopt;
  BundleFile item_knn = BundleFile::read(path);
  const nlohmann::json metadata =
      nlohmann::json::parse(item_knn.bundle().metadata(), nullptr, false);
  if (!metadata.is_object() || metadata.value("bundle", "") != content_name(bundle.bytes())) {
    fmt::print(stderr, "warning: {} was trained with another bundle and is left out\n", path);
    return std::nullopt;
  }
  return item_knn;
}

}  // namespace vitrine::train
