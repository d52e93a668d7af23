#include "privacy/recount.h"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <unordered_set>

namespace vitrine::privacy {
namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;

/// The sessions of a log with the item numbers of a bundle and their shoppers. Sessions of a
/// shopper stand together.
class Log {
 public:
  struct Session {
    std::uint32_t shopper = 0;
    std::uint32_t country = kNone;
    std::vector<std::uint32_t> items;     // distinct, of the bundle, rising
    std::vector<std::uint32_t> repeated;  // of those, the ones with several events
    bool whole = true;                    // the bundle has all of its items
  };

  Log(const Bundle& bundle, const model::LoggedSessions& sessions) : sessions_(sessions) {
    for (const std::string& id : sessions.ids) {
      const auto item = bundle.ids().find(id);
      numbers_.push_back(item ? static_cast<std::uint32_t>(*item) : kNone);
    }
    shoppers_.assign(sessions.size(), kNone);
    std::uint32_t next = 0;
    for (const auto& past : sessions.past_sessions) {
      if (past.starts_shopper) ++next;
      if (past.predicted != model::LoggedSessions::kNone) shoppers_[past.predicted] = next - 1;
    }
    for (std::uint32_t& shopper : shoppers_) {
      if (shopper == kNone) shopper = next++;
    }
    count_ = next;
    order_.resize(sessions.size());
    for (std::uint32_t s = 0; s < order_.size(); ++s) order_[s] = s;
    std::stable_sort(order_.begin(), order_.end(), [this](std::uint32_t a, std::uint32_t b) {
      return shoppers_[a] < shoppers_[b];
    });
  }

  [[nodiscard]] std::uint32_t shoppers() const { return count_; }
  [[nodiscard]] std::size_t size() const { return order_.size(); }

  /// The session at a place in the order of shoppers.
  [[nodiscard]] Session at(std::size_t place) const {
    const std::uint32_t s = order_[place];
    Session session{.shopper = shoppers_[s]};
    if (!sessions_.country_of.empty()) session.country = sessions_.country_of[s];
    for (std::uint64_t e = sessions_.offsets[s]; e < sessions_.offsets[s + 1]; ++e) {
      const std::uint32_t item = numbers_[sessions_.items[e]];
      if (item == kNone) {
        session.whole = false;
      } else {
        session.items.push_back(item);
      }
    }
    auto& items = session.items;
    std::sort(items.begin(), items.end());
    for (std::size_t i = 1; i < items.size(); ++i) {
      if (items[i] == items[i - 1]) session.repeated.push_back(items[i]);
    }
    items.erase(std::unique(items.begin(), items.end()), items.end());
    return session;
  }

 private:
  const model::LoggedSessions& sessions_;
  std::vector<std::uint32_t> numbers_;   // of each id of the log
  std::vector<std::uint32_t> shoppers_;  // of each session
  std::vector<std::uint32_t> order_;
  std::uint32_t count_ = 0;
};

/// Counts distinct shoppers for each of a number of things. Shoppers come one after the other.
class Counter {
 public:
  explicit Counter(std::size_t things) : last_(things, kNone), counts_(things) {}
  void add(std::size_t thing, std::uint32_t shopper) {
    if (last_[thing] == shopper) return;
    last_[thing] = shopper;
    ++counts_[thing];
  }
  [[nodiscard]] std::uint32_t of(std::size_t thing) const { return counts_[thing]; }

 private:
  std::vector<std::uint32_t> last_;
  std::vector<std::uint32_t> counts_;
};

void check(Recount::Part& part, std::uint64_t shoppers, std::uint32_t min_shoppers) {
  part.least = part.checked == 0 ? shoppers : std::min(part.least, shoppers);
  ++part.checked;
  if (shoppers < min_shoppers) ++part.below;
}

/// The session weights of a bundle, by source.
struct Weights {
  std::vector<std::size_t> offsets{0};
  std::vector<std::uint32_t> targets;

  explicit Weights(const Bundle& bundle) {
    for (std::uint32_t item = 0; item < bundle.added().first; ++item) {
      if (!bundle.session_rows().empty()) {
        bundle.session_rows().each(
            item, [this](std::uint32_t target, float) { targets.push_back(target); });
      }
      offsets.push_back(targets.size());
    }
  }
};

/// A sampled session, by its place in the bundle.
std::vector<std::uint32_t> sampled(const SessionSample& sample, std::size_t session) {
  std::vector<std::uint32_t> items;
  for (std::uint32_t e = sample.offsets[session]; e < sample.offsets[session + 1]; ++e) {
    items.push_back(sample.item(e));
  }
  return items;
}

/// Counts the shoppers with all items of each sampled session in one session of theirs, and looks
/// for whole sessions.
void count_sampled(const Bundle& bundle, const Log& log, Recount& result) {
  const SessionSample& sample = bundle.session_sample();
  Recount::Part part{.name = "sampled sessions"};
  Counter counter(sample.sessions());
  std::vector<std::uint32_t> found(sample.sessions());  // items of the current session in each
  std::vector<std::uint32_t> touched;
  std::vector<std::vector<std::uint32_t>> whole(sample.sessions());  // shoppers of equal sessions
  for (std::size_t place = 0; place < log.size() && !sample.empty(); ++place) {
    const Log::Session session = log.at(place);
    touched.clear();
    for (const std::uint32_t item : session.items) {
      for (const std::uint32_t of : sample.sessions_with(item)) {
        if (found[of]++ == 0) touched.push_back(of);
      }
    }
    for (const std::uint32_t of : touched) {
      const std::size_t length = sample.offsets[of + 1] - sample.offsets[of];
      if (found[of] == length) {
        counter.add(of, session.shopper);
        if (session.whole && session.items.size() == length) whole[of].push_back(session.shopper);
      }
      found[of] = 0;
    }
  }
  std::unordered_set<std::uint32_t> exposed;
  for (std::size_t s = 0; s < sample.sessions(); ++s) {
    check(part, counter.of(s), result.min_shoppers);
    if (counter.of(s) < result.min_shoppers && sampled(sample, s).size() > 1) {
      exposed.insert(whole[s].begin(), whole[s].end());
    }
  }
  result.shoppers_exposed = exposed.size();
  result.parts.push_back(std::move(part));
}

/// Counts the shoppers of each country that the bundle has a list for, by their first events.
void count_markets(const Bundle& bundle, const model::LoggedSessions& sessions, const Log& log,
                   Recount& result) {
  Recount::Part part{.name = "lists by country"};
  Counter counter(sessions.countries.size());
  for (std::size_t place = 0; place < log.size(); ++place) {
    const Log::Session session = log.at(place);
    if (session.country != kNone) counter.add(session.country, session.shopper);
  }
  for (std::uint32_t m = 0; m < bundle.markets().names.size(); ++m) {
    const auto at =
        std::find(sessions.countries.begin(), sessions.countries.end(), bundle.markets().names[m]);
    const auto country = static_cast<std::size_t>(at - sessions.countries.begin());
    check(part, at == sessions.countries.end() ? 0 : counter.of(country), result.min_shoppers);
  }
  result.parts.push_back(std::move(part));
}

}  // namespace

bool Recount::holds() const {
  return shoppers_exposed == 0 &&
         std::all_of(parts.begin(), parts.end(), [](const Part& part) { return part.below == 0; });
}

Recount recount(const Bundle& bundle, const model::LoggedSessions& sessions,
                std::uint32_t min_shoppers, bool trusts_catalogue) {
  Recount result{.min_shoppers = min_shoppers, .parts = {}};
  const Log log(bundle, sessions);
  const Weights weights(bundle);
  result.shoppers = log.shoppers();
  const std::uint32_t items = bundle.added().first;
  Counter of_item(items);
  Counter of_weight(weights.targets.size());
  std::vector<std::size_t> here(items, log.size());  // the session that has an item
  for (std::size_t place = 0; place < log.size(); ++place) {
    const Log::Session session = log.at(place);
    for (const std::uint32_t item : session.items) {
      of_item.add(item, session.shopper);
      here[item] = place;
    }
    for (const std::uint32_t item : session.items) {
      for (std::size_t w = weights.offsets[item]; w < weights.offsets[item + 1]; ++w) {
        const std::uint32_t target = weights.targets[w];
        if (here[target] != place) continue;
        if (target == item &&
            !std::binary_search(session.repeated.begin(), session.repeated.end(), item)) {
          continue;
        }
        of_weight.add(w, session.shopper);
      }
    }
  }
  const auto from_catalogue = [&](std::uint32_t item) {
    return trusts_catalogue && of_item.of(item) < min_shoppers;
  };
  Recount::Part popularity{.name = "popularity of items"};
  Recount::Part rows{.name = "session weights"};
  for (std::uint32_t item = 0; item < items; ++item) {
    if (from_catalogue(item)) {
      ++result.items_from_catalogue;
    } else if (bundle.popularity().share(item) > 0.0F || of_item.of(item) > 0) {
      check(popularity, of_item.of(item), min_shoppers);
    }
    for (std::size_t w = weights.offsets[item]; w < weights.offsets[item + 1]; ++w) {
      if (from_catalogue(item) || from_catalogue(weights.targets[w])) {
        ++result.weights_from_catalogue;
      } else {
        check(rows, of_weight.of(w), min_shoppers);
      }
    }
  }
  result.parts.push_back(std::move(popularity));
  result.parts.push_back(std::move(rows));
  count_markets(bundle, sessions, log, result);
  count_sampled(bundle, log, result);
  return result;
}

void to_json(nlohmann::json& out, const Recount& recount) {
  nlohmann::json parts = nlohmann::json::array();
  for (const Recount::Part& part : recount.parts) {
    parts.push_back({{"name", part.name},
                     {"checked", part.checked},
                     {"least_shoppers", part.checked > 0 ? nlohmann::json(part.least) : nullptr},
                     {"below", part.below}});
  }
  out = {{"min_shoppers", recount.min_shoppers},
         {"shoppers", recount.shoppers},
         {"parts", std::move(parts)},
         {"items_from_catalogue", recount.items_from_catalogue},
         {"weights_from_catalogue", recount.weights_from_catalogue},
         {"shoppers_exposed", recount.shoppers_exposed},
         {"holds", recount.holds()}};
}

}  // namespace vitrine::privacy
