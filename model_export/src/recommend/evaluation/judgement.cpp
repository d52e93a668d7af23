#include "recommend/evaluation/judgement.h"

#include "base/json.h"

namespace vitrine::recommend {

using nlohmann::json;

std::vector<Subject> subjects(const Judgement& judgement) {
  std::vector<Subject> all = {{"model", 0, &judgement.model}};
  if (judgement.item_knn) all.push_back({"item-kNN", 1, &*judgement.item_knn});
  if (judgement.popularity_7_days) {
    all.push_back({"popularity, 7 days", 2, &*judgement.popularity_7_days});
  }
  all.push_back({"popularity", 3, &judgement.popularity});
  return all;
}

const char* target_words(const EvaluationOptions& rules) {
  return rules.last_only ? "last event of each session" : "next event of every prefix";
}

void to_json(json& out, const Judgement& judgement) {
  const EvaluationOptions& rules = judgement.rules;
  out = judgement.model;
  out.update({{"k", rules.k},
              {"rules",
               {{"target", target_words(rules)},
                {"ranking", "whole catalogue"},
                {"repeats", !rules.filter_seen},
                {"drop_current", rules.drop_current},
                {"filter_seen", rules.filter_seen}}},
              {"test", {{"sessions", judgement.sessions}, {"events", judgement.events}}},
              {"baselines",
               {{"popularity", judgement.popularity},
                {"popularity_7_days", base::or_null(judgement.popularity_7_days)},
                {"item_knn", base::or_null(judgement.item_knn)}}},
              {"ranking_us", {{"p50", judgement.model.p50_us}, {"p99", judgement.model.p99_us}}},
              {"seconds", judgement.seconds}});
}

void to_json(json& out, const SizeJudgement& judgement) {
  out = {{"budget", judgement.budget}};
  if (judgement.needs > 0) {
    out.push_back({"needs", judgement.needs});
    return;
  }
  out.update({{"size", judgement.size},
              {"bytes", judgement.bytes},
              {"session_entries", judgement.session_entries},
              {"embedding_dims", judgement.embedding_dims},
              {"coverage", judgement.coverage}});
  put(out, "hit_rate", judgement.accuracy.hit_rate);
  put(out, "mrr", judgement.accuracy.mrr);
  put(out, "ndcg", judgement.accuracy.ndcg);
}

}  // namespace vitrine::recommend
