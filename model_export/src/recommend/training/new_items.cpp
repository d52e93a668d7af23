#include "recommend/training/new_items.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "data/catalogue.h"
#include "recommend/models/borrowed_rows.h"

namespace vitrine::recommend {
namespace {

/// Titles in lower case, [n]; empty where there is none.
std::vector<std::string> read_titles(data::Database& database,
                                     const std::vector<std::string>& ids) {
  std::vector<std::string> titles(ids.size());
  std::unordered_map<std::string_view, std::size_t> numbers;
  for (std::size_t i = 0; i < ids.size(); ++i) numbers.emplace(ids[i], i);
  data::Rows rows =
      database.query("SELECT id, lower(title) FROM catalogue WHERE title IS NOT NULL");
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      const auto at = numbers.find(chunk->text(0, i));
      if (at != numbers.end()) titles[at->second] = chunk->text(1, i);
    }
  }
  return titles;
}

}  // namespace

float new_item_weight(data::Database& database) {
  if (!data::has_catalogue(database)) return 1.0F;
  data::Rows rows = database.query(
      "WITH cut AS (SELECT quantile_disc(time, 0.9) AS time FROM events), "
      "counts AS (SELECT count(events.item) FILTER (events.time < cut.time) AS early, "
      "count(events.item) FILTER (events.time >= cut.time) AS late "
      "FROM catalogue CROSS JOIN cut LEFT JOIN events ON events.item = catalogue.id AND kind <> 4 "
      "WHERE available GROUP BY catalogue.id) "
      "SELECT count(*) FILTER (early = 0), CAST(coalesce(sum(late) FILTER (early = 0), 0) AS "
      "BIGINT), count(*) FILTER (early > 0), CAST(coalesce(sum(late) FILTER (early > 0), 0) AS "
      "BIGINT) FROM counts");
  const data::Chunk* chunk = rows.next();
  const auto number = [chunk](std::size_t column) {
    return static_cast<double>(chunk->int64s(column)[0]);
  };
  const double of_others = number(3) / std::max(number(2), 1.0);
  if (of_others == 0.0) return 1.0F;
  const double of_new = (number(1) + of_others) / (number(0) + 1.0);
  return static_cast<float>(std::clamp(of_new / of_others, 0.1, 1.0));
}

NewItems::NewItems(data::Database& database, const bundle::BundleContents& contents,
                   std::uint32_t seen, const ContentOptions& options, unsigned threads)
    : seen_(seen),
      count_(static_cast<std::uint32_t>(contents.ids.size()) - seen),
      weight_(options.weight),
      available_(count_, true) {
  if (count_ == 0 || seen == 0 || options.neighbours == 0) return;
  const ContentVectors vectors =
      content_vectors(contents.attributes, read_titles(database, contents.ids));
  alike_ = find_alike(vectors, seen, options.neighbours, threads);
  for (std::uint32_t r = 0; r < count_; ++r) {
    available_[r] = contents.attributes[seen + r].available;
  }
}

void NewItems::lend_rows(std::vector<model::SessionEntry>& rows, std::uint32_t most) const {
  if (alike_.items.empty()) return;
  std::vector<model::SessionEntry> added = borrow_rows(rows, alike_, seen_, most, weight_);
  std::erase_if(added, [this](const model::SessionEntry& entry) {
    return entry.target >= seen_ && !available_[entry.target - seen_];
  });
  const auto middle = static_cast<std::ptrdiff_t>(rows.size());
  rows.insert(rows.end(), added.begin(), added.end());
  std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end(),
                     [](const model::SessionEntry& a, const model::SessionEntry& b) {
                       return a.source != b.source ? a.source < b.source : a.target < b.target;
                     });
}

void NewItems::lend_popularity(std::vector<double>& popularity) const {
  for (std::uint32_t r = 0; r < alike_.size(); ++r) {
    double mean = 0.0;
    for (std::uint64_t a = alike_.offsets[r]; a < alike_.offsets[r + 1]; ++a) {
      mean += static_cast<double>(alike_.shares[a]) * popularity[alike_.items[a]];
    }
    popularity[seen_ + r] = static_cast<double>(weight_) * mean;
  }
}

void NewItems::lend_embeddings(bundle::EmbeddingMatrix& embeddings, std::size_t max_bytes) const {
  const std::size_t dims = embeddings.dims;
  embeddings.values.resize((std::size_t{seen_} + count_) * dims);
  // Zeros take next to nothing of the budget.
  if (2 * embeddings.values.size() > max_bytes) return;
  for (std::uint32_t r = 0; r < alike_.size(); ++r) {
    float* own = embeddings.values.data() + (std::size_t{seen_} + r) * dims;
    for (std::uint64_t a = alike_.offsets[r]; a < alike_.offsets[r + 1]; ++a) {
      const float* its = embeddings.values.data() + alike_.items[a] * dims;
      for (std::size_t d = 0; d < dims; ++d) own[d] += weight_ * alike_.shares[a] * its[d];
    }
  }
}

nlohmann::json NewItems::report() const {
  std::uint64_t borrowing = 0;
  for (std::uint32_t r = 0; r < alike_.size(); ++r) {
    if (alike_.offsets[r + 1] > alike_.offsets[r]) ++borrowing;
  }
  return {{"without_events", count_}, {"borrow_from_alike", borrowing}};
}

}  // namespace vitrine::recommend
