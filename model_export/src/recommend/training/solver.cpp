#include "recommend/training/solver.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "recommend/models/session_sample.h"
#include "recommend/models/shared_entries.h"
#include "recommend/models/shared_sets.h"

namespace vitrine::recommend {
namespace {

/// The teacher is asked about every pair of items: minutes for more than these.
constexpr std::uint32_t kMostTaughtItems = 120'000;

/// Ids, popularity and the catalogue's attributes of every item. The catalogue's items that were
/// never seen come last.
bundle::BundleContents describe_items(const model::ItemTable& items,
                                      const std::optional<model::Catalogue>& catalogue) {
  bundle::BundleContents contents;
  contents.ids = items.ids;
  contents.popularity = items.popularity;
  if (!catalogue) return contents;
  std::unordered_map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < contents.ids.size(); ++i) numbers.emplace(contents.ids[i], i);
  contents.attributes.resize(contents.ids.size());
  for (std::size_t row = 0; row < catalogue->ids.size(); ++row) {
    const auto [at, is_new] = numbers.emplace(catalogue->ids[row], contents.ids.size());
    if (is_new) {
      contents.ids.push_back(catalogue->ids[row]);
      contents.popularity.push_back(0.0);
      contents.attributes.emplace_back();
    }
    contents.attributes[at->second] = catalogue->attributes[row];
  }
  return contents;
}

/// The titles of `ids`, in lower case; empty where there is none.
std::vector<std::string> titles_of(const std::vector<std::string>& ids,
                                   const std::optional<model::Catalogue>& catalogue) {
  std::vector<std::string> titles(ids.size());
  if (!catalogue) return titles;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto at = std::lower_bound(catalogue->ids.begin(), catalogue->ids.end(), ids[i]);
    if (at == catalogue->ids.end() || *at != ids[i]) continue;
    titles[i] = catalogue->titles[static_cast<std::size_t>(at - catalogue->ids.begin())];
  }
  return titles;
}

}  // namespace

std::size_t byte_budget(const TrainOptions& options, std::size_t items) {
  return options.max_bytes > 0 ? options.max_bytes : std::max<std::size_t>(65536, items * 45);
}

const std::vector<model::SessionEntry>& LazyTeacher::entries(const model::LogStatistics& statistics,
                                                             const TrainOptions& options,
                                                             const OnStep& on_step) {
  const auto items = static_cast<std::uint32_t>(statistics.items.ids.size());
  if (!entries_ && items <= kMostTaughtItems) {
    TeacherOptions chosen = options.teacher;
    chosen.seed = options.seed;
    chosen.threads = options.threads;
    entries_ = train_teacher(statistics.sessions, items, chosen,
                             [&](double share) { on_step("training the teacher", share); });
    if (options.statistics.has_floor()) keep_shared_entries(*entries_, statistics.pairs);
  }
  if (!entries_) entries_.emplace();
  return *entries_;
}

Solver::Solver(const model::LogStatistics& statistics,
               const std::optional<model::Catalogue>& catalogue, LazyTeacher& teacher,
               const TrainOptions& options, OnStep on_step)
    : statistics_(statistics),
      teacher_(teacher),
      on_step_(std::move(on_step)),
      base_(describe_items(statistics.items, catalogue)),
      new_items_(base_, titles_of(base_.ids, catalogue), seen(), options.content, options.threads) {
  new_items_.fill_popularity(base_.popularity);
}

bundle::BundleContents Solver::solve(const TrainOptions& options) {
  bundle::BundleContents contents = base_;
  contents.settings = options.settings;
  contents.settings.embedding_alpha = options.als.alpha;
  contents.experiments = options.experiments;
  contents.session_rows = session_rows(options);
  contents.embeddings = embeddings(options);
  return contents;
}

const std::vector<model::SessionEntry>& Solver::session_rows(const TrainOptions& options) {
  if (rows_.empty() || rows_made_with_.alpha != options.rows.alpha ||
      rows_made_with_.ridge != options.rows.ridge ||
      rows_made_with_.teacher != options.rows.teacher) {
    rows_made_with_ = options.rows;
    rows_made_with_.threads = options.threads;
    std::span<const model::SessionEntry> teacher;
    if (options.rows.teacher > 0.0F) teacher = teacher_.entries(statistics_, options, on_step_);
    rows_ =
        train_session_rows(statistics_.pairs, teacher, rows_made_with_, [this](std::size_t done) {
          on_step_("solving session rows", static_cast<double>(done) / seen());
        });
    new_items_.fill_rows(rows_, options.rows.sources);
  }
  return rows_;
}

model::EmbeddingMatrix Solver::embeddings(const TrainOptions& options) {
  if (options.als.dims == 0) return {};
  if (embeddings_.dims != options.als.dims) {
    AlsOptions als = options.als;
    als.seed = options.seed;
    als.threads = options.threads;
    embeddings_ = train_als(statistics_.sessions, seen(), als, [&](std::size_t sweep) {
      on_step_("factorizing", static_cast<double>(sweep) / als.sweeps);
    });
    new_items_.fill_embeddings(embeddings_, byte_budget(options, base_.ids.size()));
  }
  embeddings_.residuals = options.als.residuals;
  return embeddings_;
}

model::SampledSessions sample_sessions(const bundle::BundleContents& contents,
                                       const model::LogStatistics& statistics,
                                       const TrainOptions& options, std::size_t max_bytes,
                                       SizeOf measure) {
  const layout::Settings& settings = options.settings;
  const bool unused = settings.recommend.neighbours == 0.0F && settings.similar.neighbours == 0.0F;
  if (unused || options.neighbours.share == 0.0F) return {};
  const std::uint32_t least = options.statistics.min_shoppers;
  const SessionSampler sampler(
      options.statistics.has_floor()
          ? shared_sets(statistics.sessions, statistics.pairs.item_count, least)
          : statistics.sessions,
      statistics.pairs);
  const std::size_t most =
      options.neighbours.entries > 0 ? options.neighbours.entries : sampler.entries();
  return fit_sample(contents, sampler, most, static_cast<double>(options.neighbours.share),
                    max_bytes, measure);
}

}  // namespace vitrine::recommend
