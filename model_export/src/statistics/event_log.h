#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "data/catalogue.h"
#include "data/database.h"
#include "data/event_log.h"
#include "statistics/log_limits.h"
#include "statistics/log_split.h"
#include "statistics/training_source.h"

namespace vitrine::statistics {

/// An event log and the catalogue beside it, read by DuckDB, which nobody else sees. Answers with
/// values. Not thread-safe.
class EventLog final : public TrainingSource {
 public:
  explicit EventLog(const LogLimits& limits = {});
  /// Takes over the tables `events` and, if there is one, `catalogue` of a database.
  explicit EventLog(data::Database database);
  EventLog(EventLog&&) noexcept;
  EventLog& operator=(EventLog&&) noexcept;
  ~EventLog() override;

  /// Reads event files, in place of what was read before. Throws as data::read_events.
  data::ReadReport read_events(const data::ReadOptions& options);
  /// Chooses the columns of the item's id that agree, where there are several: see
  /// data::match_item_columns.
  void match_item_columns(data::ReadOptions& events, data::ReadOptions& items);
  /// Reads a catalogue, in place of what was read before. Throws as data::read_items.
  data::ItemsReport read_items(const data::ReadOptions& options);

  /// Events to learn from.
  [[nodiscard]] std::int64_t events();
  /// Parts the log: the events to train on are left, and test_sessions gives the rest. Once, after
  /// read_events.
  void split(const LogSplit& split);
  /// Takes the events of a share of the items that both catalogue and events have out of the log,
  /// and returns their ids: the same for every order of rows.
  [[nodiscard]] std::vector<std::string> hide_items(double share, std::uint64_t seed);
  /// The sessions to predict: all of the log, or what split() kept for it.
  [[nodiscard]] model::LoggedSessions test_sessions();

  /// Items with their popularity, those of at least options.min_shoppers shoppers; none when no
  /// events were read.
  [[nodiscard]] model::ItemTable count_items(const StatisticsOptions& options);
  /// The catalogue's titles by id; empty without a catalogue.
  [[nodiscard]] std::unordered_map<std::string, std::string> titles();
  /// The number of sessions with a number of events.
  struct SessionLength {
    std::int64_t events = 0;
    std::int64_t sessions = 0;
  };
  [[nodiscard]] std::vector<SessionLength> session_lengths();
  /// The events that pairs of items are counted from, and those left out of them, by reason.
  /// The sum is that of events().
  struct PairEvents {
    std::int64_t used = 0;
    std::int64_t alone = 0;         // the only event of a session
    std::int64_t long_session = 0;  // of sessions longer than StatisticsOptions::longest_session
    std::int64_t removed = 0;       // taken out of the cart
  };
  [[nodiscard]] PairEvents pair_events(const StatisticsOptions& options);
  /// Items with events that the catalogue does not have. Call after read_items.
  [[nodiscard]] std::int64_t items_not_in_catalogue();

  // The queries of training.
  [[nodiscard]] model::TrainingData training_data(const StatisticsOptions& options,
                                                  const OnStep& on_step) override;
  [[nodiscard]] std::optional<model::Catalogue> catalogue() override;
  [[nodiscard]] std::optional<model::NewItemCounts> new_item_counts(
      const StatisticsOptions& options) override;
  [[nodiscard]] HeldOutSessions hold_out(HoldOut part) override;
  [[nodiscard]] HeldOutOpenings hold_out_openings() override;

 private:
  class Part;
  std::unique_ptr<data::Database> database_;  // on the heap: parts point to it
  bool is_split_ = false;
};

}  // namespace vitrine::statistics
