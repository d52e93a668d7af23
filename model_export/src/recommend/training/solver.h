#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "bundle/bundle_writer.h"
#include "model/training_data.h"
#include "recommend/training/budget.h"
#include "recommend/training/new_items.h"
#include "recommend/training/options.h"

namespace vitrine::recommend {

/// The most bytes that a bundle of `items` may have, as options.raw_bytes counts.
[[nodiscard]] std::size_t byte_budget(const TrainOptions& options, std::size_t items);

/// Trains a sequence teacher when first asked, and keeps what it teaches.
class LazyTeacher {
 public:
  /// Returns the items that the teacher expects after each item; none for a log with too many
  /// items.
  const std::vector<model::SessionEntry>& entries(const model::LogStatistics& statistics,
                                                  const TrainOptions& options,
                                                  const OnStep& on_step);

 private:
  std::optional<std::vector<model::SessionEntry>> entries_;
};

/// Trains models from the same statistics with different options. Each part is trained again only
/// when its options have changed.
class Solver {
 public:
  /// Of `options`, those of content and threads count here. `statistics` and `teacher` must outlive
  /// the solver; `teacher` may be shared by solvers whose statistics number the same items alike.
  Solver(const model::LogStatistics& statistics, const std::optional<model::Catalogue>& catalogue,
         LazyTeacher& teacher, const TrainOptions& options, OnStep on_step);

  /// The contents of a bundle, with all session rows.
  [[nodiscard]] bundle::BundleContents solve(const TrainOptions& options);

  [[nodiscard]] const NewItems& new_items() const { return new_items_; }

 private:
  [[nodiscard]] std::uint32_t seen() const {
    return static_cast<std::uint32_t>(statistics_.items.ids.size());
  }
  const std::vector<model::SessionEntry>& session_rows(const TrainOptions& options);
  model::EmbeddingMatrix embeddings(const TrainOptions& options);

  const model::LogStatistics& statistics_;
  LazyTeacher& teacher_;
  OnStep on_step_;
  bundle::BundleContents base_;
  NewItems new_items_;
  SessionRowOptions rows_made_with_;
  std::vector<model::SessionEntry> rows_;
  model::EmbeddingMatrix embeddings_;
};

/// Sessions for the bundle, if the ranking gives them any weight: as many as fit into `max_bytes`
/// beside the rest of `contents`.
[[nodiscard]] model::SampledSessions sample_sessions(const bundle::BundleContents& contents,
                                                     const model::LogStatistics& statistics,
                                                     const TrainOptions& options,
                                                     std::size_t max_bytes, SizeOf measure);

}  // namespace vitrine::recommend
