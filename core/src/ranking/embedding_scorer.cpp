#include "vitrine/ranking/embedding_scorer.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>

#include "vitrine/ranking/dot.h"

namespace vitrine {
namespace {

/// Returns the start of row `row` of a packed lower triangle.
constexpr std::size_t row_start(std::size_t row) { return row * (row + 1) / 2; }

/// row[i] -= factor * other[i] for i below `count`.
void subtract(float* row, const float* other, float factor, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) row[i] -= factor * other[i];
}

/// a = R^T R in place (Cholesky), where row i of the n x n matrix holds what lies right of and on
/// the diagonal from its i-th number on. Row by row, so that it runs in vectors. False unless
/// positive definite.
bool factorize(std::span<float> a, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    float* row = a.data() + k * n;
    const float pivot = row[k];
    if (!(pivot > 0.0F) || !std::isfinite(pivot)) return false;
    row[k] = std::sqrt(pivot);
    for (std::size_t j = k + 1; j < n; ++j) row[j] /= row[k];
    for (std::size_t i = k + 1; i < n; ++i) {
      subtract(a.data() + i * n + i, row + i, row[i], n - i);
    }
  }
  return true;
}

/// The upper half of the next f32 that has nothing in its lower half.
std::uint16_t narrow_up(float value) {
  return static_cast<std::uint16_t>((std::bit_cast<std::uint32_t>(value) + 0xFFFFU) >> 16U);
}

}  // namespace

EmbeddingScorer::EmbeddingScorer(const Embeddings& embeddings)
    : embeddings_(&embeddings),
      factor_(std::size_t{embeddings.dims} * embeddings.dims),
      inverse_norms_(new std::uint16_t[embeddings.scales.size()]),
      normed_((embeddings.scales.size() + kBlock - 1) / kBlock) {}

bool EmbeddingScorer::fold_in(std::span<const Source> sources, float alpha) {
  const std::size_t dims = embeddings_->dims;
  if (dims == 0 || sources.empty()) return false;
  const auto last = std::span(folded_).first(folded_count_);
  if (alpha == folded_alpha_ &&
      std::equal(last.begin(), last.end(), sources.begin(), sources.end())) {
    return true;  // a page shows several lists for one session
  }
  folded_count_ = 0;
  cosine_ = false;
  for (std::size_t i = 0; i < dims; ++i) {
    for (std::size_t j = i; j < dims; ++j)
      factor_[i * dims + j] = embeddings_->gram[row_start(j) + i];
  }
  std::array<float, layout::kMaxDims> x{};
  for (const Source& source : sources) {
    const float scale = widen(embeddings_->scales[source.item]);
    const float confidence = alpha * source.weight;
    std::array<float, layout::kMaxDims> y;
    for (std::size_t d = 0; d < dims; ++d) y[d] = scale * code(source.item, d);
    for (std::size_t i = 0; i < dims; ++i) {
      subtract(&factor_[i * dims + i], &y[i], -(confidence * y[i]), dims - i);
      x[i] += (1.0F + confidence) * y[i];
    }
  }
  if (!factorize(factor_, dims)) return false;
  solve({x.data(), dims});
  if (!quantize({x.data(), dims})) return false;
  folded_alpha_ = alpha;
  folded_count_ = sources.size();
  std::copy(sources.begin(), sources.end(), folded_.begin());
  return true;
}

bool EmbeddingScorer::take_item(std::uint32_t item) {
  if (embeddings_->dims == 0 || widen(embeddings_->scales[item]) == 0.0F) return false;
  cosine_ = true;
  folded_count_ = 0;
  const std::size_t stride = embeddings_->stride;
  codes_.fill(0);
  std::copy_n(row(item), stride, codes_.begin());
  const std::int32_t norm = dot_kernels().dot(codes_.data(), codes_.data(), stride);
  if (norm == 0) return false;
  scale_ = 1.0F / std::sqrt(static_cast<float>(norm));
  if (refines()) {
    const std::int8_t* residuals = embeddings_->residuals.data() + std::size_t{item} * stride;
    residuals_.fill(0);
    std::copy_n(residuals, stride, residuals_.begin());
    const float square = fine_square(codes_.data(), residuals_.data());
    if (!(square > 0.0F)) return false;
    fine_scale_ = 1.0F / std::sqrt(square);
  }
  return true;
}

bool EmbeddingScorer::quantize(std::span<const float> x) {
  float largest = 0.0F;
  for (const float value : x) largest = std::max(largest, std::fabs(value));
  if (!(largest > 0.0F) || !std::isfinite(largest)) return false;
  scale_ = largest / 127.0F;
  fine_scale_ = scale_;
  codes_.fill(0);
  residuals_.fill(0);
  for (std::size_t d = 0; d < x.size(); ++d) {
    const float steps = x[d] / scale_;
    const float whole = std::floor(steps + 0.5F);
    codes_[d] = static_cast<std::int8_t>(whole);
    residuals_[d] = static_cast<std::int8_t>(
        std::clamp(std::floor((steps - whole) * 256.0F + 0.5F), -128.0F, 127.0F));
  }
  return true;
}

void EmbeddingScorer::solve(std::span<float> x) const {
  const std::size_t n = x.size();
  for (std::size_t i = 0; i < n; ++i) {
    const float* row = factor_.data() + i * n;
    x[i] /= row[i];
    subtract(&x[i] + 1, row + i + 1, x[i], n - i - 1);
  }
  for (std::size_t i = n; i-- > 0;) {
    const float* row = factor_.data() + i * n;
    float sum = x[i];
    for (std::size_t k = i + 1; k < n; ++k) sum -= row[k] * x[k];
    x[i] = sum / row[i];
  }
}

namespace {

/// The product of (a + b / 256) and (c + d / 256), rounded once, from their int32 products.
float fine_product(std::int32_t ac, std::int32_t ad, std::int32_t bc, std::int32_t bd) {
  const std::int64_t in_65536ths = std::int64_t{ac} * 65536 + (std::int64_t{ad} + bc) * 256 + bd;
  return static_cast<float>(static_cast<double>(in_65536ths) / 65536.0);
}

}  // namespace

float EmbeddingScorer::fine_square(const std::int8_t* codes, const std::int8_t* residuals) const {
  const std::size_t stride = embeddings_->stride;
  const std::int32_t mixed = dot_kernels().dot(codes, residuals, stride);
  return fine_product(dot_kernels().dot(codes, codes, stride), mixed, mixed,
                      dot_kernels().dot(residuals, residuals, stride));
}

float EmbeddingScorer::fine_score(std::uint32_t item) const {
  const std::size_t stride = embeddings_->stride;
  const std::int8_t* codes = row(item);
  const std::int8_t* residuals = embeddings_->residuals.data() + std::size_t{item} * stride;
  const float product = fine_product(dot_kernels().dot(codes, codes_.data(), stride),
                                     dot_kernels().dot(codes, residuals_.data(), stride),
                                     dot_kernels().dot(residuals, codes_.data(), stride),
                                     dot_kernels().dot(residuals, residuals_.data(), stride));
  if (!(product > 0.0F)) return 0.0F;
  if (!cosine_) return product * (fine_scale_ * widen(embeddings_->scales[item]));
  const float square = fine_square(codes, residuals);
  return square > 0.0F ? product * fine_scale_ / std::sqrt(square) : 0.0F;
}

/// Returns a code in steps of the item's scale.
float EmbeddingScorer::code(std::uint32_t item, std::size_t d) const {
  const std::size_t at = std::size_t{item} * embeddings_->stride + d;
  const auto whole = static_cast<float>(embeddings_->codes[at]);
  return refines() ? whole + static_cast<float>(embeddings_->residuals[at]) / 256.0F : whole;
}

float EmbeddingScorer::coarse_score(std::uint32_t item, std::int32_t dot) const {
  if (dot <= 0) return 0.0F;
  const auto product = static_cast<float>(dot);
  if (!cosine_) return product * (scale_ * widen(embeddings_->scales[item]));
  const std::int32_t norm = dot_kernels().dot(row(item), row(item), embeddings_->stride);
  return product * scale_ / std::sqrt(static_cast<float>(norm));
}

float EmbeddingScorer::score(std::uint32_t item) const {
  if (refines()) return fine_score(item);
  return coarse_score(item, dot_kernels().dot(row(item), codes_.data(), embeddings_->stride));
}

std::size_t EmbeddingScorer::scan(std::uint32_t first, std::uint32_t count, float least,
                                  std::span<ScoredItem> out) {
  assert(count <= kBlock && out.size() >= count);
  // The kernel multiplies in another order than coarse_score: what it leaves out must score less by
  // more than rounding can make up for. Down there, where f32 runs out of bits, it leaves nothing.
  float bound = least / scale_ * 0.99999F;
  if (!(bound > 1e-30F)) bound = -std::numeric_limits<float>::infinity();
  if (cosine_) norm(first, count);
  const std::uint16_t* factors = cosine_ ? inverse_norms_.get() : embeddings_->scales.data();
  std::array<DotHit, kBlock> hits;
  const std::size_t found = dot_kernels().scan(row(first), count, embeddings_->stride,
                                               codes_.data(), factors + first, bound, hits.data());
  for (std::size_t i = 0; i < found; ++i) {
    const std::uint32_t item = first + hits[i].row;
    out[i] = {.item = item, .score = coarse_score(item, hits[i].dot)};
  }
  return found;
}

/// Computes the norms of the items of a scan. A search through partitions needs only few of them.
void EmbeddingScorer::norm(std::uint32_t first, std::uint32_t count) {
  const std::uint32_t total = static_cast<std::uint32_t>(embeddings_->scales.size());
  for (std::uint32_t block = first / kBlock; block * kBlock < first + count; ++block) {
    if (normed_[block] != 0) continue;
    normed_[block] = 1;
    for (std::uint32_t i = block * kBlock; i < std::min(total, (block + 1) * kBlock); ++i) {
      const std::int32_t square = dot_kernels().dot(row(i), row(i), embeddings_->stride);
      inverse_norms_[i] = square > 0 ? narrow_up(1.0F / std::sqrt(static_cast<float>(square))) : 0;
    }
  }
}

void EmbeddingScorer::explain(std::span<const Source> sources, float alpha, std::uint32_t item,
                              std::span<float> out) const {
  assert(out.size() >= sources.size());
  const std::size_t dims = embeddings_->dims;
  if (cosine_) {
    std::fill(out.begin(), out.end(), 0.0F);
    if (!sources.empty()) out[0] = score(item);
    return;
  }
  std::array<float, layout::kMaxDims> z{};
  const float scale = widen(embeddings_->scales[item]);
  for (std::size_t d = 0; d < dims; ++d) {
    z[d] = scale * code(item, d);
  }
  solve({z.data(), dims});
  for (std::size_t s = 0; s < sources.size(); ++s) {
    float sum = 0.0F;
    for (std::size_t d = 0; d < dims; ++d) sum += z[d] * code(sources[s].item, d);
    out[s] = sum * widen(embeddings_->scales[sources[s].item]) * (1.0F + alpha * sources[s].weight);
  }
}

}  // namespace vitrine
