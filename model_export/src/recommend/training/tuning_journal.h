#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

namespace vitrine::recommend {

/// The quality of settings at predicting the held-out events.
struct Score {
  double hit_rate = 0.0;
  double mrr = 0.0;
  std::size_t predictions = 0;
  [[nodiscard]] double sum() const { return hit_rate + mrr; }
};

/// Keeps the scores of tuning in a file, so that an interrupted search can continue: it repeats the
/// same steps and finds their scores here. Each score is on the disk before the next candidate
/// begins. A file of other data, or of another version of this
/// program, is replaced.
class TuningJournal {
 public:
  /// Makes a journal that keeps nothing.
  TuningJournal() : TuningJournal("", "") {}
  /// Reads `path`; the first added score creates the file. `data` identifies everything except the
  /// settings that scores depend on. If `path` cannot be written, nothing is kept: the search works
  /// without it.
  TuningJournal(const std::string& path, const std::string& data);
  ~TuningJournal();
  TuningJournal(const TuningJournal&) = delete;
  TuningJournal& operator=(const TuningJournal&) = delete;

  [[nodiscard]] std::optional<Score> find(const std::string& settings) const;
  void add(const std::string& settings, const Score& score);

  /// Returns the number of scores that the file had.
  [[nodiscard]] std::size_t found() const { return found_; }

 private:
  std::string path_;
  std::string data_;
  std::unordered_map<std::string, Score> scores_;
  std::size_t found_ = 0;
  int file_ = -1;  // open for appending
};

}  // namespace vitrine::recommend
