#include "recommend/training/tuning_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <system_error>

#include "base/error.h"
#include "base/json.h"
#include "base/output_file.h"

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

std::string line_of(const std::string& settings, const Score& score) {
  const json line = {{"settings", settings},
                     {"hit_rate", score.hit_rate},
                     {"mrr", score.mrr},
                     {"predictions", score.predictions}};
  return line.dump() + '\n';
}

/// Writes a line to the disk, as far as that is possible: a line that is cut is left out when the
/// file is read.
void append(int file, const std::string& line) {
  static_cast<void>(::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                    base::force_to_disk(file));
}

}  // namespace

TuningJournal::TuningJournal(const std::string& path, const std::string& data)
    : path_(path), data_(data) {
  std::error_code failed;
  if (path.empty() || !std::filesystem::is_regular_file(path, failed)) return;
  std::ifstream in(path);
  std::string line;
  if (std::getline(in, line) && base::try_json(line) == header(data)) {
    while (std::getline(in, line)) {
      const json entry = base::try_json(line).value_or(nullptr);
      if (const auto score = read_score(entry)) scores_[entry["settings"]] = *score;
    }
  }
  found_ = scores_.size();
}

TuningJournal::~TuningJournal() {
  if (file_ >= 0) ::close(file_);
}

std::optional<Score> TuningJournal::find(const std::string& settings) const {
  const auto at = scores_.find(settings);
  if (at == scores_.end()) return std::nullopt;
  return at->second;
}

void TuningJournal::add(const std::string& settings, const Score& score) {
  scores_[settings] = score;
  if (path_.empty()) return;
  try {
    if (file_ >= 0) {
      append(file_, line_of(settings, score));
      return;
    }
    // The file is written again, so that the next line does not follow a damaged one.
    std::string text = header(data_).dump() + '\n';
    for (const auto& [known, its_score] : scores_) text += line_of(known, its_score);
    base::write_file(path_, std::as_bytes(std::span(text)));
    file_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  } catch (const base::Error&) {
    path_.clear();  // the search works without it
  }
}

}  // namespace vitrine::recommend
