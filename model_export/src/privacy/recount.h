#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/logged_sessions.h"
#include "vitrine/format/bundle.h"

namespace vitrine::privacy {

/// The numbers of distinct shoppers of a log behind the statements of a bundle. A session without a
/// user is a shopper of its own.
struct Recount {
  /// One kind of statement.
  struct Part {
    std::string name;
    std::uint64_t checked = 0;
    std::uint64_t least = 0;  // shoppers behind one; 0 where none was checked
    std::uint64_t below = 0;  // those with fewer shoppers than the floor
  };
  std::uint32_t min_shoppers = 0;
  std::uint64_t shoppers = 0;
  std::vector<Part> parts;
  /// Items that fewer shoppers met, and the session weights from and to them. The bundle takes them
  /// from similar items of the catalogue, so they are not checked.
  std::uint64_t items_from_catalogue = 0;
  std::uint64_t weights_from_catalogue = 0;
  /// Shoppers with a session all of whose items (two or more) are a sampled session of the bundle,
  /// which fewer than min_shoppers shoppers had in a session.
  std::uint64_t shoppers_exposed = 0;

  [[nodiscard]] bool holds() const;
};

/// Counts for `bundle`, which was trained on `sessions`, the whole of its log, in the order of time
/// in a session. `trusts_catalogue`: whether the bundle was trained with this floor and a
/// catalogue, so that what it says of items below the floor comes from the catalogue; otherwise
/// they are checked as well. Time: the sum over all sessions of the session rows of their items.
[[nodiscard]] Recount recount(const Bundle& bundle, const model::LoggedSessions& sessions,
                              std::uint32_t min_shoppers, bool trusts_catalogue);

void to_json(nlohmann::json& out, const Recount& recount);

}  // namespace vitrine::privacy
