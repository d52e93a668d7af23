#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "recommend/evaluation/beyond_accuracy.h"
#include "recommend/evaluation/test_sessions.h"
#include "vitrine/visit/recommender.h"

namespace vitrine::recommend {

/// Items whose events were hidden from training, with the item numbers of one bundle.
class HiddenItems {
 public:
  /// Ids that the bundle does not have are ignored.
  HiddenItems(const Bundle& bundle, std::span<const std::string> ids);

  /// Rising.
  [[nodiscard]] std::span<const std::uint32_t> items() const { return items_; }
  [[nodiscard]] bool has(std::uint32_t item) const { return is_hidden_[item]; }

 private:
  std::vector<std::uint32_t> items_;
  std::vector<bool> is_hidden_;
};

/// The rules of a measurement. Numbers of different rules cannot be compared.
struct EvaluationOptions {
  std::size_t k = 20;
  bool drop_current = false;         // the item just seen is never recommended
  bool filter_seen = false;          // nor is any seen before
  bool last_only = false;            // one prediction a session, of its last event (leave one out)
  bool next_only = false;            // means of the next item alone, without intervals
  std::size_t most_predictions = 0;  // 0: all; else about as many, of every n-th session
  std::optional<layout::Blend> blend;   // in place of the bundle's own
  const HiddenItems* hidden = nullptr;  // to be ranked among themselves as well
  const Bundle* reference = nullptr;    // measures the lists; null: the evaluated bundle
  unsigned threads = 1;
};

/// A list compared with the events that came after it.
struct Prediction {
  std::uint32_t session = 0;                       // number of the session
  std::uint32_t target = 0;                        // the next event's item
  std::uint32_t before = 0;                        // events of the session so far
  std::uint32_t rank = 0;                          // of the target, from 1; 0: not in the list
  std::uint32_t hidden_rank = 0;                   // the same among hidden items alone
  std::uint32_t current = TestSessions::kUnknown;  // the last item of the session so far
  bool left_out = false;                           // the rules keep the target off the list
  EventKind kind = EventKind::kView;               // of the next event
  // Against all later events of the session; each item counts once.
  float precision = 0.0F;
  float recall = 0.0F;
  float later_ndcg = 0.0F;
  // The list itself.
  float bits = 0.0F;
  float diversity = 0.0F;
  float head_share = 0.0F;
};

/// Goes through sessions and ranks before every event that the rules require. Each thread has its
/// own object.
class Predictor {
 public:
  /// All must outlive this. `shown` counts how often each item was in a list; players may share it.
  Predictor(const Bundle& bundle, const TestSessions& sessions, const EvaluationOptions& options,
            const ListMetrics& list_metrics, std::vector<std::uint32_t>& shown);

  /// Appends the predictions of a session, and of each what the ranking took. `number`: the
  /// session's among those played.
  void predict(std::size_t session, std::uint32_t number, std::vector<Prediction>& predictions,
               std::vector<float>& microseconds);

  /// The list of a shopper, as TestSessions::known_before has it, who has done nothing yet in this
  /// session. `market` counts where nothing else is known. It holds until the next list.
  [[nodiscard]] std::span<const Ranked> opening_list(const Shopper& known,
                                                     std::uint32_t market = TestSessions::kUnknown);

 private:
  struct Range {
    std::uint64_t begin, end;  // of events
  };

  /// Returns true when a request excludes `item` from the list of `shopper`, with the rules of the
  /// recommender.
  [[nodiscard]] static bool leaves_out(std::uint32_t item, const Shopper& shopper,
                                       const ListRequest& request);
  /// The list that the rules of the measurement ask for.
  [[nodiscard]] ListRequest request() const;
  /// Fills in last_ and distinct_, so that evaluating a list is O(k) for any length of the session.
  void look_ahead(Range session);
  /// The place of a hidden `target` among the hidden items; 0: not among the first k.
  [[nodiscard]] std::uint32_t rank_among_hidden(std::uint32_t target, const Shopper& shopper,
                                                ListRequest request);
  /// Fills in the metrics of `list` before `event` of `session`.
  void judge(std::span<const Ranked> list, std::uint64_t event, Range session,
             Prediction& prediction);

  const Markets& markets_;
  const TestSessions& sessions_;
  const EvaluationOptions& options_;
  const ListMetrics& list_metrics_;
  std::vector<std::uint32_t>& shown_;
  Recommender recommender_;
  layout::Blend blend_;
  std::vector<double> best_gain_;        // [k + 1], of a list whose first i items all come
  std::vector<std::uint64_t> last_;      // by item: one past its last event in the session; 0: none
  std::vector<std::uint32_t> distinct_;  // by event of the session: items from it on
};

}  // namespace vitrine::recommend
