#include "commands/judge.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "base/error.h"
#include "base/json.h"

namespace vitrine::commands {

void RuleArguments::add_to(CLI::App& command) {
  command.add_option("--k", k, "Length of the lists")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command.add_flag("--drop-current", drop_current, "Never recommend the last item of the session");
  command.add_flag("--filter-seen", filter_seen, "Never recommend an item of the session so far");
}

namespace {

/// Baselines of older versions have no such popularity; they have that of the bundle.
bool knows_recent_popularity(const bundle::BundleFile& baseline) {
  return bundle::metadata_of(baseline.bundle()).contains("popularity_days");
}

}  // namespace

recommend::Judgement judge(const model::LoggedSessions& logged, const bundle::BundleFile& bundle,
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
  recommend::Judgement judgement{.rules = given,
                                 .sessions = sessions.size(),
                                 .events = sessions.events.size(),
                                 .model = recommend::evaluate(bundle.bundle(), sessions, options)};
  options.hidden = nullptr;  // in the numbers of this bundle alone
  if (judgement.model.predictions == 0) {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        "There is nothing to predict: no session has two events. Check --session-gap, or "
        "whether the file is the right one.");
  }
  options.blend = popularity_alone;
  judgement.popularity = recommend::evaluate(bundle.bundle(), sessions, options);
  if (baseline) {
    const recommend::TestSessions its_sessions =
        recommend::test_sessions_for(baseline->bundle(), logged);
    if (knows_recent_popularity(*baseline)) {
      judgement.popularity_7_days = recommend::evaluate(baseline->bundle(), its_sessions, options);
    }
    options.blend = given.blend;
    judgement.item_knn = recommend::evaluate(baseline->bundle(), its_sessions, options);
    judgement.item_knn->first_visit.reset();  // it has nothing to say without a last item
  }
  judgement.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return judgement;
}

std::vector<recommend::SizeJudgement> judge_sizes(const std::vector<recommend::Sized>& sizes,
                                                  const recommend::TestSessions& sessions,
                                                  const Bundle& reference,
                                                  const recommend::EvaluationOptions& given) {
  recommend::EvaluationOptions options = given;
  options.reference = &reference;
  std::vector<recommend::SizeJudgement> all;
  for (const recommend::Sized& sized : sizes) {
    if (sized.bundle.empty()) {
      all.push_back({.budget = sized.budget, .needs = sized.size, .accuracy = {}});
      continue;
    }
    const bundle::BundleFile bundle = bundle::BundleFile::open(sized.bundle);
    const recommend::Evaluation result = recommend::evaluate(bundle.bundle(), sessions, options);
    all.push_back({.budget = sized.budget,
                   .size = sized.size,
                   .bytes = sized.bundle.size(),
                   .session_entries = sized.entries,
                   .embedding_dims = sized.dims,
                   .coverage = result.coverage,
                   .accuracy = result.next_item()});
  }
  return all;
}

std::string item_knn_path(const std::string& bundle_path) { return bundle_path + ".item-knn"; }

std::optional<bundle::BundleFile> find_item_knn(const std::string& bundle_path,
                                                const bundle::BundleFile& bundle) {
  const std::string path = item_knn_path(bundle_path);
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return std::nullopt;
  bundle::BundleFile item_knn = bundle::BundleFile::read(path);
  std::string trained_with;
  base::read_field(bundle::metadata_of(item_knn.bundle()), "bundle", trained_with);
  if (trained_with != bundle::content_name(bundle.bytes())) {
    fmt::print(stderr, "warning: {} was trained with another bundle and is left out\n", path);
    return std::nullopt;
  }
  return item_knn;
}

}  // namespace vitrine::commands
