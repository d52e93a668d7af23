#include "recommend/training/settings_choice.h"

#include "base/json.h"

namespace vitrine::recommend {

using nlohmann::json;

// Not in an unnamed namespace: the library finds these by the namespace of their argument.

static void to_json(json& out, const Score& score) {
  out = {{"score", score.sum()}, {"hit_rate", score.hit_rate}, {"mrr", score.mrr}};
}

static void from_json(const json& in, Score& score) {
  base::read_field(in, "hit_rate", score.hit_rate);
  base::read_field(in, "mrr", score.mrr);
}

static void to_json(json& out, const TriedSetting& tried) {
  out = tried.score;
  out.update({{"setting", tried.setting}, {"value", tried.value}});
}

void to_json(json& out, const SettingsChoice& choice) {
  if (!choice.reason.empty()) {
    out = {{"reason", choice.reason}};
    return;
  }
  out = {{"held_out_sessions", choice.held_out_sessions},
         {"predictions", choice.predictions},
         {"rule", choice.rule},
         {"start", choice.start},
         {"chosen", choice.chosen},
         {"cut_short", choice.cut_short},
         {"reasons", choice.reasons},
         {"tried", choice.tried}};
}

void from_json(const json& in, SettingsChoice& choice) {
  base::read_field(in, "reason", choice.reason);
  base::read_field(in, "held_out_sessions", choice.held_out_sessions);
  base::read_field(in, "predictions", choice.predictions);
  base::read_field(in, "rule", choice.rule);
  from_json(base::object_field(in, "start"), choice.start);
  from_json(base::object_field(in, "chosen"), choice.chosen);
  base::read_field(in, "cut_short", choice.cut_short);
  base::read_field(in, "reasons", choice.reasons);
  const auto tried = in.find("tried");
  if (tried == in.end() || !tried->is_array()) return;
  for (const json& entry : *tried) {
    TriedSetting& one = choice.tried.emplace_back();
    base::read_field(entry, "setting", one.setting);
    base::read_field(entry, "value", one.value);
    from_json(entry, one.score);
  }
}

}  // namespace vitrine::recommend
