/// Writes a bundle of made-up unit vectors, and the vectors as they were before rounding.
/// usage: vitrine_bench_bundle ITEMS DIMS clustered|uniform OUT
///   OUT.vitrine   the bundle; similar items are those of the nearest direction
///   OUT.indexed.vitrine   the same with partitions and residuals
///   OUT.f32       ITEMS * DIMS little-endian f32, item by item
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <numbers>
#include <string>
#include <vector>

#include "bundle/bundle_writer.h"
#include "recommend/models/partition_trainer.h"
#include "vitrine/split_mix.h"

namespace {

using vitrine::SplitMix;

/// A standard normal number (Box, Muller 1958).
double normal(SplitMix& random) {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - random.uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * random.uniform());
}

std::vector<double> direction(std::size_t dims, SplitMix& random) {
  std::vector<double> result(dims);
  for (double& value : result) value = normal(random) / std::sqrt(static_cast<double>(dims));
  return result;
}

/// 600 clusters of Zipf sizes under 24 groups, or every direction alike.
std::vector<float> unit_vectors(std::size_t items, std::size_t dims, bool clustered) {
  constexpr std::size_t kGroups = 24;
  constexpr std::size_t kClusters = 600;
  SplitMix random(1);
  std::vector<std::vector<double>> groups;
  std::vector<std::vector<double>> centres;
  std::vector<double> upper;  // cumulated sizes
  for (std::size_t g = 0; g < kGroups; ++g) groups.push_back(direction(dims, random));
  for (std::size_t c = 0; c < kClusters; ++c) {
    centres.push_back(direction(dims, random));
    const std::vector<double>& group = groups[random.below(kGroups)];
    for (std::size_t d = 0; d < dims; ++d) centres[c][d] = group[d] + 0.7 * centres[c][d];
    upper.push_back((upper.empty() ? 0.0 : upper.back()) + 1.0 / static_cast<double>(c + 1));
  }
  std::vector<float> values;
  values.reserve(items * dims);
  for (std::size_t i = 0; i < items; ++i) {
    std::vector<double> vector = direction(dims, random);
    if (clustered) {
      const double at = random.uniform() * upper.back();
      const auto c = static_cast<std::size_t>(std::lower_bound(upper.begin(), upper.end(), at) -
                                              upper.begin());
      for (std::size_t d = 0; d < dims; ++d) vector[d] = centres[c][d] + 0.5 * vector[d];
    }
    double square = 0.0;
    for (const double value : vector) square += value * value;
    for (const double value : vector) {
      values.push_back(static_cast<float>(value / std::sqrt(square)));
    }
  }
  return values;
}

bool write(const std::string& path, const void* bytes, std::size_t size) {
  std::ofstream file(path, std::ios::binary);
  file.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  return file.good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s ITEMS DIMS clustered|uniform OUT\n", argv[0]);
    return 2;
  }
  const std::size_t items = std::strtoul(argv[1], nullptr, 10);
  const std::size_t dims = std::strtoul(argv[2], nullptr, 10);
  const std::string out = argv[4];
  vitrine::bundle::BundleContents contents;
  contents.embeddings.dims = static_cast<std::uint32_t>(dims);
  contents.embeddings.lambda = 1.0F;
  contents.embeddings.values = unit_vectors(items, dims, std::strcmp(argv[3], "clustered") == 0);
  for (std::size_t i = 0; i < items; ++i) {
    contents.ids.push_back("item-" + std::to_string(i));
    contents.popularity.push_back(1.0 / static_cast<double>(i + 1));
  }
  contents.settings = {.recommend = {.embeddings = 1.0F},
                       .similar = {.embeddings = 1.0F},
                       .embedding_alpha = 10.0F,
                       .kind_weights = {1.0F, 1.0F, 1.0F, 1.0F, 0.0F, 1.0F}};
  const std::vector<std::byte> bytes = vitrine::bundle::write_bundle(contents);
  contents.embeddings.residuals = true;
  contents.partitions = vitrine::recommend::train_partitions(contents.embeddings, {.threads = 2});
  const std::vector<std::byte> indexed = vitrine::bundle::write_bundle(contents);
  const std::vector<float>& values = contents.embeddings.values;
  if (!write(out + ".vitrine", bytes.data(), bytes.size()) ||
      !write(out + ".indexed.vitrine", indexed.data(), indexed.size()) ||
      !write(out + ".f32", values.data(), values.size() * sizeof(float))) {
    std::fprintf(stderr, "cannot write %s\n", out.c_str());
    return 5;
  }
  std::printf("%zu partitions, margin %.3f\n", contents.partitions.centroids.size() / dims,
              static_cast<double>(contents.partitions.margin));
  return 0;
}
