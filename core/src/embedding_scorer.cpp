#include <algorithm>
#include <cassert>
#include <cmath>

#include "vitrine/scorers.h"

namespace vitrine {
namespace {

/// Where row `row` of a packed lower triangle begins.
constexpr std::size_t row_start(std::size_t row) { return row * (row + 1) / 2; }

/// a = L L^T in place (Cholesky-Banachiewicz), packed lower triangle. False unless positive
/// definite.
bool factorize(std::span<float> a, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    float* row = a.data() + row_start(i);
    for (std::size_t j = 0; j <= i; ++j) {
      const float* other = a.data() + row_start(j);
      float sum = row[j];
      for (std::size_t k = 0; k < j; ++k) sum -= row[k] * other[k];
      if (j < i) {
        row[j] = sum / other[j];
      } else {
        if (!(sum > 0.0F) || !std::isfinite(sum)) return false;
        row[i] = std::sqrt(sum);
      }
    }
  }
  return true;
}

/// Steps through blocks of dot products that fit on the stack.
constexpr std::size_t kBlock = 256;

}  // namespace

EmbeddingScorer::EmbeddingScorer(const Embeddings& embeddings)
    : embeddings_(&embeddings), dot_rows_(dot_rows()), factor_(row_start(embeddings.dims)) {}

bool EmbeddingScorer::fold_in(std::span<const Source> sources, float alpha) {
  const std::size_t dims = embeddings_->dims;
  if (dims == 0 || sources.empty()) return false;
  cosine_ = false;
  std::copy(embeddings_->gram.begin(), embeddings_->gram.end(), factor_.begin());
  std::array<float, layout::kMaxDims> x{};
  for (const Source& source : sources) {
    const float scale = widen(embeddings_->scales[source.item]);
    const std::int8_t* codes =
        embeddings_->codes.data() + std::size_t{source.item} * embeddings_->stride;
    const float confidence = alpha * source.weight;
    std::array<float, layout::kMaxDims> y;
    for (std::size_t d = 0; d < dims; ++d) y[d] = scale * static_cast<float>(codes[d]);
    for (std::size_t i = 0; i < dims; ++i) {
      float* row = factor_.data() + row_start(i);
      const float left = confidence * y[i];
      for (std::size_t j = 0; j <= i; ++j) row[j] += left * y[j];
      x[i] += (1.0F + confidence) * y[i];
    }
  }
  if (!factorize(factor_, dims)) return false;
  solve({x.data(), dims});
  return quantize({x.data(), dims});
}

bool EmbeddingScorer::take_item(std::uint32_t item) {
  if (embeddings_->dims == 0 || widen(embeddings_->scales[item]) == 0.0F) return false;
  cosine_ = true;
  const std::int8_t* codes = embeddings_->codes.data() + std::size_t{item} * embeddings_->stride;
  codes_.fill(0);
  std::copy(codes, codes + embeddings_->stride, codes_.begin());
  std::int32_t norm = 0;
  dot_rows_(codes, 1, embeddings_->stride, codes_.data(), &norm);
  if (norm == 0) return false;
  scale_ = 1.0F / std::sqrt(static_cast<float>(norm));
  return true;
}

bool EmbeddingScorer::quantize(std::span<const float> x) {
  float largest = 0.0F;
  for (const float value : x) largest = std::max(largest, std::fabs(value));
  if (!(largest > 0.0F) || !std::isfinite(largest)) return false;
  scale_ = largest / 127.0F;
  codes_.fill(0);
  for (std::size_t d = 0; d < x.size(); ++d) {
    codes_[d] = static_cast<std::int8_t>(std::floor(x[d] / scale_ + 0.5F));
  }
  return true;
}

void EmbeddingScorer::solve(std::span<float> x) const {
  const std::size_t n = x.size();
  for (std::size_t i = 0; i < n; ++i) {
    const float* row = factor_.data() + row_start(i);
    float sum = x[i];
    for (std::size_t k = 0; k < i; ++k) sum -= row[k] * x[k];
    x[i] = sum / row[i];
  }
  for (std::size_t i = n; i-- > 0;) {
    const float* row = factor_.data() + row_start(i);
    x[i] /= row[i];
    for (std::size_t k = 0; k < i; ++k) x[k] -= row[k] * x[i];
  }
}

void EmbeddingScorer::score(std::uint32_t first, std::span<float> out) const {
  const std::size_t stride = embeddings_->stride;
  std::array<std::int32_t, kBlock> dots;
  for (std::size_t begin = 0; begin < out.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, out.size() - begin);
    const std::size_t item = first + begin;
    const std::int8_t* rows = embeddings_->codes.data() + item * stride;
    dot_rows_(rows, count, stride, codes_.data(), dots.data());
    for (std::size_t i = 0; i < count; ++i) {
      const float dot = static_cast<float>(std::max(dots[i], 0));
      if (!cosine_) {
        out[begin + i] = dot * (scale_ * widen(embeddings_->scales[item + i]));
        continue;
      }
      std::int32_t norm = 0;
      if (dots[i] > 0) dot_rows_(rows + i * stride, 1, stride, rows + i * stride, &norm);
      out[begin + i] = norm > 0 ? dot * scale_ / std::sqrt(static_cast<float>(norm)) : 0.0F;
    }
  }
}

void EmbeddingScorer::explain(std::span<const Source> sources, float alpha, std::uint32_t item,
                              std::span<float> out) const {
  assert(out.size() >= sources.size());
  const std::size_t dims = embeddings_->dims;
  const std::size_t stride = embeddings_->stride;
  if (cosine_) {
    std::fill(out.begin(), out.end(), 0.0F);
    if (!sources.empty()) score(item, out.first(1));
    return;
  }
  std::array<float, layout::kMaxDims> z{};
  const float scale = widen(embeddings_->scales[item]);
  for (std::size_t d = 0; d < dims; ++d) {
    z[d] = scale * static_cast<float>(embeddings_->codes[item * stride + d]);
  }
  solve({z.data(), dims});
  for (std::size_t s = 0; s < sources.size(); ++s) {
    const std::int8_t* codes = embeddings_->codes.data() + sources[s].item * stride;
    float sum = 0.0F;
    for (std::size_t d = 0; d < dims; ++d) sum += z[d] * static_cast<float>(codes[d]);
    out[s] = sum * widen(embeddings_->scales[sources[s].item]) * (1.0F + alpha * sources[s].weight);
  }
}

}  // namespace vitrine
