#pragma once

#include <cstddef>
#include <fstream>
#include <optional>
#include <string>
#include <unordered_map>

namespace vitrine::recommend {

/// How well settings predicted what was held out.
struct Score {
  double hit_rate = 0.0;
  double mrr = 0.0;
  std::size_t predictions = 0;
  [[nodiscard]] double sum() const { return hit_rate + mrr; }
};

/// Keeps the scores of tuning in a file as they come, so that an interrupted search goes on where
/// it stood: it takes the same steps again, and finds their scores here. A file of other data, or
/// of another version of this program, is started anew.
class TuningJournal {
 public:
  /// Keeps nothing.
  TuningJournal() = default;
  /// Reads `path`; the first score that is added makes it. `data`: stands for everything but the
  /// settings that scores depend on. A `path` that cannot be written is as if there were none: the
  /// search is not worth less.
  TuningJournal(const std::string& path, const std::string& data);

  [[nodiscard]] std::optional<Score> find(const std::string& settings) const;
  void add(const std::string& settings, const Score& score);

  /// How many scores the file had.
  [[nodiscard]] std::size_t found() const { return found_; }

 private:
  void write(const std::string& settings, const Score& score);

  std::string path_;
  std::string data_;
  std::unordered_map<std::string, Score> scores_;
  std::size_t found_ = 0;
  std::ofstream out_;
};

}  // namespace vitrine::recommend
