#include "recommend/training/tuning_journal.h"

#include <nlohmann/json.hpp>

namespace vitrine::recommend {
namespace {

using nlohmann::json;

json header(const std::string& data) { return {{"vitrine", VITRINE_VERSION}, {"data", data}}; }

/// Returns nothing for a line that was damaged by a crash or written by somebody else.
std::optional<Score> read_score(const json& line) {
  if (!line.is_object()) return std::nullopt;
  const auto hit_rate = line.find("hit_rate");
  const auto mrr = line.find("mrr");
  const auto predictions = line.find("predictions");
  const bool whole = line.contains("settings") && line["settings"].is_string() &&
                     hit_rate != line.end() && hit_rate->is_number() && mrr != line.end() &&
                     mrr->is_number() && predictions != line.end() &&
                     predictions->is_number_unsigned();
  if (!whole) return std::nullopt;
  return Score{hit_rate->get<double>(), mrr->get<double>(), predictions->get<std::size_t>()};
}

}  // namespace

TuningJournal::TuningJournal(const std::string& path, const std::string& data)
    : path_(path), data_(data) {
  if (path.empty()) return;
  std::ifstream in(path);
  std::string line;
  if (std::getline(in, line) && json::parse(line, nullptr, false) == header(data)) {
    while (std::getline(in, line)) {
      const json entry = json::parse(line, nullptr, false);
      if (const auto score = read_score(entry)) scores_[entry["settings"]] = *score;
    }
  }
  found_ = scores_.size();
}

std::optional<Score> TuningJournal::find(const std::string& settings) const {
  const auto at = scores_.find(settings);
  if (at == scores_.end()) return std::nullopt;
  return at->second;
}

void TuningJournal::add(const std::string& settings, const Score& score) {
  scores_[settings] = score;
  if (path_.empty()) return;
  if (out_.is_open()) {
    write(settings, score);
    return;
  }
  // The file is written again, so that the next line does not follow a damaged one.
  out_.open(path_, std::ios::trunc);
  out_ << header(data_).dump() << '\n';
  for (const auto& [known, its_score] : scores_) write(known, its_score);
}

void TuningJournal::write(const std::string& settings, const Score& score) {
  const json line = {{"settings", settings},
                     {"hit_rate", score.hit_rate},
                     {"mrr", score.mrr},
                     {"predictions", score.predictions}};
  out_ << line.dump() << std::endl;  // on the disk before the next candidate begins
}

}  // namespace vitrine::recommend
