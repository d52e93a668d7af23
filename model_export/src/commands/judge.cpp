#include "commands/judge.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "base/error.h"

namespace vitrine::commands {

void RuleArguments::add_to(CLI::App& command) {
  command.add_option("--k", k, "Length of the lists")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command.add_flag("--drop-current", drop_current, "Never recommend the last item of the session");
  command.add_flag("--filter-seen", filter_seen, "Never recommend an item of the session so far");
}

namespace {

nlohmann::json metadata_of(const bundle::BundleFile& bundle) {
  return nlohmann::json::parse(bundle.bundle().metadata(), nullptr, false);
}

/// Baselines from before there was such a popularity have that of the bundle.
bool knows_recent_popularity(const bundle::BundleFile& baseline) {
  const nlohmann::json metadata = metadata_of(baseline);
  return metadata.is_object() && metadata.contains("popularity_days");
}

}  // namespace

nlohmann::json judge(const model::LoggedSessions& logged, const bundle::BundleFile& bundle,
                     const std::optional<bundle::BundleFile>& baseline,
                     const recommend::EvaluationOptions& given,
                     std::span<const std::string> hidden) {
  const auto start = std::chrono::steady_clock::now();
  recommend::EvaluationOptions options = given;
  options.reference = &bundle.bundle();
  const layout::Blend popularity_alone{.popularity = 1.0F};
  const recommend::TestSessions sessions = recommend::test_sessions_for(bundle.bundle(), logged);
  const recommend::HiddenItems hidden_items(bundle.bundle(), hidden);
  if (!hidden.empty()) options.hidden = &hidden_items;
  const recommend::Evaluation model = recommend::evaluate(bundle.bundle(), sessions, options);
  options.hidden = nullptr;  // in the numbers of this bundle alone
  if (model.predictions == 0) {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        "There is nothing to predict: no session has two events. Check --session-gap, or "
        "whether the file is the right one.");
  }
  nlohmann::json json = to_json(model);
  json["k"] = options.k;
  json["rules"] = {
      {"target", options.last_only ? "last event of each session" : "next event of every prefix"},
      {"ranking", "whole catalogue"},
      {"repeats", !options.filter_seen},
      {"drop_current", options.drop_current},
      {"filter_seen", options.filter_seen}};
  json["test"] = {{"sessions", sessions.size()}, {"events", sessions.events.size()}};
  nlohmann::json& baselines = json["baselines"];
  options.blend = popularity_alone;
  baselines = {{"popularity", to_json(recommend::evaluate(bundle.bundle(), sessions, options))},
               {"popularity_7_days", nullptr},
               {"item_knn", nullptr}};
  if (baseline) {
    const recommend::TestSessions its_sessions =
        recommend::test_sessions_for(baseline->bundle(), logged);
    if (knows_recent_popularity(*baseline)) {
      baselines["popularity_7_days"] =
          to_json(recommend::evaluate(baseline->bundle(), its_sessions, options));
    }
    options.blend = given.blend;
    baselines["item_knn"] = to_json(recommend::evaluate(baseline->bundle(), its_sessions, options));
    baselines["item_knn"]["first_visit"] = nullptr;  // it has nothing to say without a last item
  }
  json["ranking_us"] = {{"p50", model.p50_us}, {"p99", model.p99_us}};
  json["seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return json;
}

nlohmann::json judge_sizes(const std::vector<recommend::Sized>& sizes,
                           const recommend::TestSessions& sessions, const Bundle& reference,
                           const recommend::EvaluationOptions& given) {
  recommend::EvaluationOptions options = given;
  options.reference = &reference;
  nlohmann::json all = nlohmann::json::array();
  for (const recommend::Sized& sized : sizes) {
    nlohmann::json& entry = all.emplace_back();
    entry["budget"] = sized.budget;
    if (sized.bundle.empty()) {
      entry["needs"] = sized.size;
      continue;
    }
    const bundle::BundleFile bundle = bundle::BundleFile::open(sized.bundle);
    const recommend::Evaluation result = recommend::evaluate(bundle.bundle(), sessions, options);
    entry["size"] = sized.size;
    entry["bytes"] = sized.bundle.size();
    entry["session_entries"] = sized.entries;
    entry["embedding_dims"] = sized.dims;
    entry["coverage"] = result.coverage;
    recommend::put(entry, "hit_rate", result.hit_rate);
    recommend::put(entry, "mrr", result.mrr);
    recommend::put(entry, "ndcg", result.ndcg);
  }
  return all;
}

std::string item_knn_path(const std::string& bundle_path) { return bundle_path + ".item-knn"; }

std::optional<bundle::BundleFile> find_item_knn(const std::string& bundle_path,
                                                const bundle::BundleFile& bundle) {
  const std::string path = item_knn_path(bundle_path);
  if (!std::filesystem::exists(path)) return std::nullopt;
  bundle::BundleFile item_knn = bundle::BundleFile::read(path);
  const nlohmann::json metadata = metadata_of(item_knn);
  if (!metadata.is_object() ||
      metadata.value("bundle", "") != bundle::content_name(bundle.bytes())) {
    fmt::print(stderr, "warning: {} was trained with another bundle and is left out\n", path);
    return std::nullopt;
  }
  return item_knn;
}

}  // namespace vitrine::commands
