#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vitrine/format/bundle.h"
#include "vitrine/format/signals.h"
#include "vitrine/ranking/filter.h"
#include "vitrine/ranking/item_groups.h"
#include "vitrine/ranking/partitions.h"
#include "vitrine/ranking/rules.h"
#include "vitrine/ranking/scorers.h"
#include "vitrine/ranking/session.h"
#include "vitrine/ranking/session_neighbours.h"

namespace vitrine {

struct Reason {
  ReasonKind kind = ReasonKind::kOther;
  std::uint32_t item = 0;  // the source, for kSessionRow, kEmbedding and kNeighbours; the rule's
                           // place among the request's, for kRule
  float score = 0.0F;
};

inline constexpr std::size_t kMaxReasons = 4;

/// One place of a list. The reasons add up to the score, up to float rounding.
struct Ranked {
  std::uint32_t item = 0;
  float score = 0.0F;
  std::uint32_t reason_count = 0;
  std::array<Reason, kMaxReasons> reasons{};  // largest first
  float propensity = 1.0F;                    // see Arranger::arrange; Ranker leaves it at 1
};

struct RankRequest {
  std::span<const SessionEvent> history;   // oldest first; items must be below item_count
  bool session_over = false;               // all of `history` lies in earlier sessions
  std::span<const std::uint32_t> exclude;  // never shown
  Filter filter;
  std::span<const Rule> rules;  // at most kMaxRules
  layout::Blend blend;          // as a rule bundle.settings().recommend
  bool exclude_seen = false;    // leave out what the running session has had
  bool explain = false;         // fill in reasons
  bool by_cosine = false;  // embeddings compare with the last event's item instead of folding in
};

/// The request with which Ranker::rank gives items like that of `seed`, without it. Of `request`
/// the history, the blend and `exclude_seen` are replaced. `seed` must outlive what comes back.
[[nodiscard]] RankRequest similar_to(const SessionEvent& seed, const RankRequest& request,
                                     const Bundle& bundle);

/// What makes a list of a ranking before it is explained.
class ListMaker {
 public:
  /// `ranked`: best first. Returns the list, in the maker's own memory.
  virtual std::span<Ranked> make_list(std::span<const Ranked> ranked) = 0;

 protected:
  ~ListMaker() = default;
};

/// Ranks the items of one bundle. Holds the working memory, so that a ranking allocates only when
/// it is asked for a longer list than any before, or is the first that popularity fills up or with
/// a filter by category or by brand; one Ranker per thread. Order is total: higher score first,
/// then the more popular item, then the lower item number.
///
/// An item that an overlay added scores, times their shares, what the known items score that are
/// like it, and its own popularity. As an event it speaks with their session rows, and with the
/// most alike one's embedding and sampled sessions.
class Ranker {
 public:
  /// `bundle` must outlive this, and be opened or have taken its overlay before. Allocates about 10
  /// bytes an item, and what NeighbourScorer takes.
  explicit Ranker(const Bundle& bundle);

  /// The best out.size() items that pass. Returns how many: fewer only when fewer items are
  /// eligible. With a `maker` it is what that makes of them which is explained.
  std::size_t rank(const RankRequest& request, std::span<Ranked> out, ListMaker* maker = nullptr);

  /// Puts `items` into the best order: same scores, other candidates. Items out of range, excluded,
  /// filtered or named twice are left out. Precondition: out holds items.size(), or all items.
  std::size_t rerank(std::span<const std::uint32_t> items, const RankRequest& request,
                     std::span<Ranked> out, ListMaker* maker = nullptr);

  /// Items like `item`, without it, by the bundle's blend for similar items. Of `request` only the
  /// filter, `exclude`, `rules` and `explain` count. Where the bundle has partitions only the
  /// nearest are compared, more of them the farther away the list has to reach: a few near items
  /// may be missed, the list is not shorter for it. Precondition: item < item_count.
  std::size_t similar(std::uint32_t item, const RankRequest& request, std::span<Ranked> out);

 private:
  static constexpr std::uint8_t kHidden = 1;     // in hidden_
  static constexpr std::size_t kExplained = 24;  // items at a time

  struct Candidate {
    std::uint32_t item;
    float score;
  };
  struct Sources {
    std::array<Source, Session::kCapacity> items;
    std::size_t count = 0;
    [[nodiscard]] std::span<const Source> view() const { return {items.data(), count}; }
  };

  void prepare(const RankRequest& request);
  void add_rows(std::uint32_t item, float weight);
  void lend_to_added(const RankRequest& request);
  [[nodiscard]] float preference(std::uint32_t item) const;
  [[nodiscard]] std::span<const SessionEvent> known_events(std::span<const SessionEvent> events);
  [[nodiscard]] Sources known_sources();
  std::size_t finish(const RankRequest& request, std::span<Ranked> out, ListMaker* maker);
  void rank_untouched(const RankRequest& request, std::size_t limit, bool searched);
  void rank_all(const RankRequest& request, std::size_t limit);
  [[nodiscard]] bool rank_few(const RankRequest& request, std::size_t limit);
  void rank_many(const RankRequest& request, std::size_t limit);
  void scan(const RankRequest& request, std::uint32_t first, std::uint32_t count,
            std::size_t limit);
  void search(const RankRequest& request, std::size_t limit);
  [[nodiscard]] float least_preference(const RankRequest& request, std::size_t limit,
                                       float popularity) const;
  void refine(const RankRequest& request, std::size_t limit);
  void consider(const RankRequest& request, Candidate candidate, std::size_t limit);
  void sort();
  void sink(std::size_t place, Candidate candidate);
  void explain(const RankRequest& request, std::span<Ranked> list);
  void explain(const RankRequest& request, Ranked& ranked, std::span<const float> of_rows);
  void read_rows(std::span<const Ranked> list);
  [[nodiscard]] bool before(const Candidate& a, const Candidate& b) const;
  [[nodiscard]] float repeat_weight(const Source& source) const;
  [[nodiscard]] float total(const RankRequest& request, std::uint32_t item, float preference) const;

  const Bundle* bundle_;
  ScoreBoard board_;  // rows and neighbours; preferences and popularity are added on reading
  NeighbourScorer neighbours_;
  EmbeddingScorer embedding_;
  PartitionSearch partitions_;
  ItemGroups groups_;
  bool embedded_ = false;
  float lift_ = 1.0F;                 // no rule of the request lifts a score by more
  std::vector<std::uint8_t> hidden_;  // 1 where excluded, seen or already placed; 0 between calls
  std::vector<Candidate> heap_;       // the best so far; worst on top once the list is full
  std::unique_ptr<Candidate[]> sorted_;  // [sorted_size_], for sort()
  std::size_t sorted_size_ = 0;
  Sources row_sources_;
  Sources embedding_sources_;
  std::array<SessionEvent, Session::kCapacity> known_events_;
  std::array<Reason, 3 * Session::kCapacity + 1 + kMaxRules> parts_;  // of the score explained
  // What the row of each source says of each of the items that are explained at a time.
  std::array<std::array<float, Session::kCapacity>, kExplained> row_parts_;
};

}  // namespace vitrine
