#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "vitrine/format/bundle.h"
#include "vitrine/ranking/score_board.h"
#include "vitrine/ranking/session.h"

namespace vitrine {

/// The shopper as a point in embedding space. It is compared with items by integer codes on both
/// sides, so that scores are the same on all machines: int8, or int16 if the bundle has residuals.
/// All memory is allocated in the constructor.
class EmbeddingScorer {
 public:
  /// Items that one scan() goes through at most.
  static constexpr std::uint32_t kBlock = 256;

  /// `embeddings` must outlive this. Allocates 2 bytes an item and 4 * dims * dims.
  explicit EmbeddingScorer(const Embeddings& embeddings);

  /// Folds the session in: x = (Y^T Y + lambda I + sum_s alpha w_s y_s y_s^T)^-1 sum_s (1 + alpha
  /// w_s) y_s (Hu, Koren, Volinsky: Collaborative Filtering for Implicit Feedback Datasets, ICDM
  /// 2008, equation 4). Scores are then predicted preferences. A call with the same sources again
  /// reuses the result. Returns false, and gives no scores, when there is no source or no
  /// embedding, or when the system cannot be solved. O(dims^3 / 6 + sources * dims^2 / 2).
  bool fold_in(std::span<const Source> sources, float alpha);

  /// Uses an item as the query. Scores are then cosines. Returns false, and gives no scores, when
  /// the item has no embedding.
  bool take_item(std::uint32_t item);

  // Precondition of the calls below: the last fold_in or take_item has returned true.

  /// Returns the score of an item; negative scores become 0.
  [[nodiscard]] float score(std::uint32_t item) const;

  /// Writes to `out` all of the `count` items from `first` on whose score by int8 codes alone is at
  /// least `least`, perhaps a few that score less, rising, and returns how many. Precondition:
  /// count is at most kBlock, and out holds it.
  [[nodiscard]] std::size_t scan(std::uint32_t first, std::uint32_t count, float least,
                                 std::span<ScoredItem> out);

  /// Returns true when score() is more precise than scan().
  [[nodiscard]] bool refines() const { return !embeddings_->residuals.empty(); }
  /// The query's int8 codes, embeddings.stride of them; after take_item scale() times them is a
  /// unit vector.
  [[nodiscard]] const std::int8_t* query() const { return codes_.data(); }
  [[nodiscard]] float scale() const { return scale_; }

  /// Computes the part of each source of the last fold_in in the preference for `item`: out[s]. The
  /// parts add up to the preference before rounding to codes (equation 6 of the same paper).
  /// O(dims^2 + sources * dims).
  void explain(std::span<const Source> sources, float alpha, std::uint32_t item,
               std::span<float> out) const;

 private:
  bool quantize(std::span<const float> x);
  void solve(std::span<float> x) const;
  void norm(std::uint32_t first, std::uint32_t count);
  [[nodiscard]] const std::int8_t* row(std::uint32_t item) const {
    return embeddings_->codes.data() + std::size_t{item} * embeddings_->stride;
  }
  [[nodiscard]] float coarse_score(std::uint32_t item, std::int32_t dot) const;
  [[nodiscard]] float fine_score(std::uint32_t item) const;
  [[nodiscard]] float fine_square(const std::int8_t* codes, const std::int8_t* residuals) const;
  [[nodiscard]] float code(std::uint32_t item, std::size_t d) const;

  const Embeddings* embeddings_;
  bool cosine_ = false;
  float scale_ = 0.0F;
  float fine_scale_ = 0.0F;
  alignas(16) std::array<std::int8_t, layout::kMaxDims> codes_{};
  alignas(16) std::array<std::int8_t, layout::kMaxDims> residuals_{};  // 256ths of a step
  std::vector<float>
      factor_;  // [dims * dims], Cholesky factor of the fold-in system, upper triangle
  std::array<Source, Session::kCapacity> folded_;  // the last fold_in, while it holds
  std::size_t folded_count_ = 0;
  float folded_alpha_ = 0.0F;
  // [n], upper halves of f32: at least 1 / the norm of each item's codes. Made when first needed.
  std::unique_ptr<std::uint16_t[]> inverse_norms_;
  std::vector<std::uint8_t> normed_;  // whether those of kBlock items are there
};

}  // namespace vitrine
