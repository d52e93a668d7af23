#include "data/column_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "data/record_path.h"

namespace vitrine::data {

namespace {

/// Returns the last name of a path: "item_id" of "items[].item_id", "ga_session_id" of
/// "event_params[ga_session_id]".
std::string leaf(std::string_view path) {
  while (path.ends_with("[]")) path.remove_suffix(2);
  if (path.ends_with(']')) {
    const std::size_t open = path.rfind('[');
    return bare_name(path.substr(open + 1, path.size() - open - 2));
  }
  const std::size_t dot = path.rfind('.');
  return bare_name(dot == std::string_view::npos ? path : path.substr(dot + 1));
}

/// Returns the last two names of a path in one: "userid" of "data.user.id".
std::string last_two(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string()
                                       : leaf(path.substr(0, dot)) + leaf(path.substr(dot + 1));
}

/// Returns "items" of "items[].item_id", "" of a path without a list.
std::string list_of(std::string_view path) {
  const std::size_t list = path.find("[]");
  return std::string(list == std::string_view::npos ? std::string_view() : path.substr(0, list));
}

/// The key of a path in RunFacts: a list and a column of the same name are two columns.
std::string run_key(std::string_view path) {
  return bare_name(path) + (path.find("[]") == std::string_view::npos ? "" : "[]");
}

bool is_nested(const ColumnsOfFile& file, const std::string& path) {
  return std::find(file.columns.begin(), file.columns.end(), path) == file.columns.end();
}

/// True for lists whose elements are items, so that their "id" is the item's.
bool is_item_list(std::string_view path) {
  const std::string list = leaf(list_of(path));
  return list == "items" || list == "products" || list == "lineitems" || list == "contents";
}

class EventColumns {
 public:
  EventColumns(const ColumnsOfFile& file, const ColumnWishes& wishes, const RunFacts& run)
      : file_(file), wishes_(wishes), run_(run) {
    for (const auto& [role, source] : wishes.asked) {
      const std::string name = asked_role(role, source, kEventColumns);
      set(name, asked_column(role, source, file.columns, file.paths, file.name));
    }
    choose_shopper();
    choose_session();
    choose_item();
    choose_event();
    choose_time();
    choose_amounts();
    choose_rest();
  }

  [[nodiscard]] ColumnMap take() { return std::move(map_); }

 private:
  [[nodiscard]] bool has(const std::string& role) const { return map_.count(role) != 0; }

  void set(const std::string& role, const std::string& column) {
    map_[role] = column;
    for (const std::string& part : path_alternatives(column, file_.columns)) used_.insert(part);
  }

  [[nodiscard]] std::vector<std::string> free(std::string_view role) const {
    std::vector<std::string> found = candidates_for(role, file_, wishes_, false);
    std::erase_if(found, [this](const std::string& path) { return used_.count(path) != 0; });
    return found;
  }

  [[nodiscard]] ColumnFacts facts(const std::string& path) const { return facts_of(run_, path); }
  [[nodiscard]] double filled(const std::string& path) const {
    const ColumnFacts found = facts(path);
    return found.share(found.filled);
  }
  [[nodiscard]] double somebody(const std::string& path) const {
    const ColumnFacts found = facts(path);
    return found.share(somebody_in(found));
  }

  /// Returns the first path that is filled in half of the rows, else the most filled one.
  [[nodiscard]] std::string best(const std::vector<std::string>& paths) const {
    std::string most;
    for (const std::string& path : paths) {
      if (somebody(path) >= 0.5) return path;
      if (somebody(path) > 0.0 && (most.empty() || somebody(path) > somebody(most))) most = path;
    }
    // Without a row the names decide alone.
    if (most.empty() && !paths.empty() && facts(paths.front()).rows == 0) most = paths.front();
    return most;
  }

  void choose_shopper() {
    std::string known = has("user_id") ? "" : best(free("user_id"));
    if (!known.empty()) set("user_id", known);
    if (has("device_id")) return;
    known = has("user_id") ? map_["user_id"] : "";
    constexpr double kComplete = 0.999;
    if (!known.empty() && somebody(known) >= kComplete) return;
    std::string device = best(free("device_id"));
    if (device.empty()) device = best(free("user_id"));
    if (device.empty()) return;
    set(known.empty() ? "user_id" : "device_id", device);
  }

  void choose_session() {
    if (has("session_id")) return;
    const std::string session = best(free("session_id"));
    if (session.empty()) return;
    bool shopper = false;
    for (const char* role : {"user_id", "device_id"}) {
      shopper |= has(role) && somebody(map_[role]) > somebody(session);
    }
    // Beside views without an order, orders are no sessions.
    const double enough =
        is_order_column(session) && (has("user_id") || has("device_id")) ? 0.95 : 0.5;
    if (somebody(session) >= enough || !shopper) set("session_id", session);
  }

  void choose_item() {
    if (has("item_id")) return;
    const std::vector<std::string> paths = free("item_id");
    std::string chosen;
    for (const std::string& path : paths) {
      if (!wishes_.item_column.empty() && bare_name(path) == wishes_.item_column) chosen = path;
    }
    for (const std::string& path : paths) {
      if (chosen.empty() && filled(path) >= 0.5) chosen = path;
    }
    for (const std::string& path : paths) {
      if (chosen.empty() || (filled(chosen) < 0.5 && filled(path) > filled(chosen))) chosen = path;
    }
    if (chosen.empty()) return;
    set("item_id", fill_up(as_list(chosen), paths, chosen));
  }

  /// Returns "path[]|path" for a text column that holds lists of ids.
  [[nodiscard]] std::string as_list(const std::string& path) const {
    const ColumnFacts found = facts(path);
    const bool typed = path.ends_with(":token_seq");
    const bool lists = found.lists * 20 > found.filled;
    if (path.find("[]") != std::string::npos || (!lists && !typed)) return path;
    return path + "[]|" + path;
  }

  /// Adds to `column` the other paths with the last name of `chosen`, lists first: an event about
  /// one item and an order with a list have them at different places.
  [[nodiscard]] std::string fill_up(std::string column, const std::vector<std::string>& paths,
                                    const std::string& chosen) {
    for (const std::string& path : paths) {
      const bool same = path != chosen && is_nested(file_, path) && leaf(path) == leaf(chosen) &&
                        facts(path).filled > 0;
      if (!same || filled(chosen) > 0.999) continue;
      column = list_of(path).empty() ? column + "|" + path : path + "|" + column;
    }
    return column;
  }

  void choose_event() {
    if (has("event") || wishes_.kind_is_given) return;
    std::string chosen;
    for (const std::string& path : free("event")) {
      if (filled(path) == 0.0) continue;
      if (chosen.empty() || facts(path).known_words > facts(chosen).known_words) chosen = path;
    }
    if (!chosen.empty()) set("event", chosen);
  }

  void choose_time() {
    const std::vector<std::string> paths = free("timestamp");
    if (!has("timestamp")) {
      std::string chosen;
      for (const std::string& path : paths) {
        const TimeEvidence& time = facts(path).time;
        const bool dates = time.numbers + time.texts - time.clocks > 0 &&
                           2 * time.clocks < time.texts + 1 && !decide_time(time).undecided;
        if (chosen.empty() && dates && filled(path) >= 0.5) chosen = path;
      }
      for (const std::string& path : paths) {
        if (chosen.empty() && (filled(path) > 0.0 || facts(path).rows == 0)) chosen = path;
      }
      if (chosen.empty()) return;
      set("timestamp", chosen);
    }
    if (has("offset")) return;
    const TimeEvidence& time = facts(map_["timestamp"]).time;
    const bool days = decide_time(time).unit == TimeUnit::kDay ||
                      (time.numbers == 0 && 2 * time.texts_without_time > time.texts);
    if (!days) return;
    for (const char* role : {"offset", "timestamp"}) {
      for (const std::string& path : free(role)) {
        const TimeEvidence& other = facts(path).time;
        const bool clock = 2 * other.clocks > facts(path).filled;
        const bool silence = std::string_view(role) == "offset" && other.numbers > 0;
        if (!clock && !silence) continue;
        set("offset", path);
        return;
      }
    }
  }

  /// Price and quantity stand beside the item, where it is in a list.
  void choose_amounts() {
    const std::string list = has("item_id") ? list_of(map_["item_id"]) : "";
    for (const char* role : {"price", "quantity"}) {
      if (has(role)) continue;
      std::vector<std::string> paths = free(role);
      std::erase_if(paths, [&](const std::string& path) {
        return facts(path).filled == 0 || (!list_of(path).empty() && list_of(path) != list);
      });
      std::stable_sort(paths.begin(), paths.end(), [&](const auto& a, const auto& b) {
        return (list_of(a) == list) > (list_of(b) == list);
      });
      if (!paths.empty()) set(role, fill_up(paths.front(), paths, paths.front()));
    }
  }

  void choose_rest() {
    const auto take = [this](const char* role, auto accept) {
      if (has(role)) return;
      for (const std::string& path : free(role)) {
        if (!accept(facts(path))) continue;
        set(role, path);
        return;
      }
    };
    const auto some = [](const ColumnFacts& found) { return found.filled > 0; };
    take("country", some);
    // In a log of orders the session is the order.
    const bool orders = has("session_id") && is_order_column(map_["session_id"]);
    if (!orders && has("event")) take("order_id", some);
    take("event_id", [](const ColumnFacts& found) {
      return found.filled * 10 >= found.rows * 9 && found.distinct * 2 >= found.filled;
    });
    take("sequence",
         [](const ColumnFacts& found) { return found.filled > 0 && found.not_whole == 0; });
    if (!has("event")) {
      take("status", some);
      take("cancelled_at", some);
    }
  }

  const ColumnsOfFile& file_;
  const ColumnWishes& wishes_;
  const RunFacts& run_;
  ColumnMap map_;
  std::set<std::string> used_;
};

}  // namespace

std::vector<std::string> candidates_for(std::string_view role, const ColumnsOfFile& file,
                                        const ColumnWishes& wishes, bool items) {
  std::vector<std::string> found;
  const auto add = [&found](const std::string& path) {
    if (std::find(found.begin(), found.end(), path) == found.end()) found.push_back(path);
  };
  if (const auto preset = wishes.preset.find(std::string(role)); preset != wishes.preset.end()) {
    for (const std::string& name : preset->second) {
      for (const std::string& path : file.paths) {
        if (bare_name(path) == bare_name(name)) add(path);
      }
    }
  }
  const std::vector<std::string_view> names = role_names(role, items);
  for (const std::string_view name : names) {
    for (const std::string& path : file.paths) {
      if (!is_nested(file, path) && bare_name(path) == name) add(path);
    }
    for (const std::string& path : file.paths) {
      if (bare_name(path) == name || leaf(path) == name || last_two(path) == name) add(path);
    }
  }
  for (const std::string& path : file.paths) {
    if (role == "item_id" && leaf(path) == "id" && is_item_list(path)) add(path);
  }
  // The id of a nested object is not that of the event.
  if (role == "event_id") {
    std::erase_if(found, [&](const std::string& path) { return is_nested(file, path); });
  }
  return found;
}

std::map<std::string, FactKinds> candidates(const ColumnsOfFile& file, const ColumnWishes& wishes,
                                            std::span<const std::string_view> wanted) {
  std::map<std::string, FactKinds> found;
  const bool items = std::find(wanted.begin(), wanted.end(), "title") != wanted.end();
  const auto note = [&found](std::string_view role, const std::string& path) {
    FactKinds& kinds = found[path];
    kinds.ids |= role.ends_with("_id") || role == "sequence";
    kinds.lists |= role == "item_id";
    kinds.words |= role == "event";
    kinds.times |= role == "timestamp" || role == "offset";
    kinds.amounts |= role == "price" || role == "sale_price";
  };
  for (const std::string_view role : wanted) {
    for (const std::string& path : candidates_for(role, file, wishes, items)) note(role, path);
  }
  for (const auto& [role, source] : wishes.asked) {
    const std::string column = asked_column(role, source, file.columns, file.paths, file.name);
    for (const std::string& path : path_alternatives(column, file.columns)) {
      note(asked_role(role, source, wanted), path);
    }
  }
  return found;
}

ColumnMap choose_event_columns(const ColumnsOfFile& file, const ColumnWishes& wishes,
                               const RunFacts& run) {
  return EventColumns(file, wishes, run).take();
}

ColumnMap choose_item_columns(const ColumnsOfFile& file, const ColumnWishes& wishes,
                              const RunFacts& run) {
  ColumnMap map;
  std::set<std::string> used;
  for (const auto& [role, source] : wishes.asked) {
    const std::string name = asked_role(role, source, kItemColumns);
    map[name] = asked_column(role, source, file.columns, file.paths, file.name);
    used.insert(map[name]);
  }
  for (const std::string_view role : kItemColumns) {
    if (map.count(std::string(role)) != 0) continue;
    std::string chosen;
    for (const std::string& path : candidates_for(role, file, wishes, true)) {
      const bool wish = role == "item_id" && bare_name(path) == wishes.item_column;
      const bool better = chosen.empty() || facts_of(run, chosen).filled == 0 || wish;
      if (used.count(path) == 0 && better) chosen = path;
      if (wish) break;
    }
    if (chosen.empty()) continue;
    map[std::string(role)] = chosen;
    used.insert(chosen);
  }
  // The price of a sale alone is the price.
  if (map.count("price") == 0 && map.count("sale_price") != 0) {
    map["price"] = map["sale_price"];
    map.erase("sale_price");
  }
  return map;
}

void add_to_run(const std::map<std::string, ColumnFacts>& facts, RunFacts& run) {
  std::int64_t rows = 0;
  if (!run.empty()) rows = run.begin()->second.rows;
  std::int64_t more = 0;
  for (const auto& [path, one] : facts) {
    more = std::max(more, one.rows);
    run[run_key(path)].add(one);
  }
  for (auto& [name, one] : run) one.rows = rows + more;
}

ColumnFacts facts_of(const RunFacts& run, const std::string& column) {
  if (const auto found = run.find(run_key(column)); found != run.end()) return found->second;
  // Several paths, or the list of a text column.
  ColumnFacts sum;
  std::set<std::string> names;
  for (const std::string& part : path_alternatives(column, {})) {
    const std::string key = run_key(part);
    names.insert(run.count(key) != 0 ? key : bare_name(part));
  }
  for (const std::string& name : names) {
    if (const auto found = run.find(name); found != run.end()) {
      const std::int64_t rows = found->second.rows;
      sum.add(found->second);
      sum.rows = rows;
    }
  }
  return sum;
}

bool zero_is_nobody(const ColumnFacts& facts) {
  constexpr std::int64_t kFewest = 50;
  constexpr std::int64_t kTimes = 20;
  const std::int64_t others = facts.somebody - facts.zeros;
  return facts.zeros >= kFewest &&
         facts.zeros * std::max<std::int64_t>(facts.distinct - 1, 1) > kTimes * others;
}

std::int64_t somebody_in(const ColumnFacts& facts) {
  return facts.somebody - (zero_is_nobody(facts) ? facts.zeros : 0);
}

bool is_order_column(std::string_view column) {
  const std::string name = leaf(column);
  constexpr std::array<std::string_view, 6> kWords = {"order",   "invoice", "transaction",
                                                      "receipt", "basket",  "ticket"};
  // Shopify calls the number of an order its name.
  return name == "name" || std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
           return name.find(word) != std::string::npos;
         });
}

}  // namespace vitrine::data
