#include "statistics/session_pieces.h"

#include <algorithm>
#include <vector>

namespace vitrine::statistics {
namespace {

/// A piece of the current session.
struct Piece {
  std::vector<std::uint32_t> clicks;  // places in the session table
  std::vector<std::uint32_t> items;   // distinct
};

/// A click looks at the latest pieces, and joins none with more items than these: this bounds the
/// time for long sessions.
constexpr std::size_t kMostPieces = 16;
constexpr std::size_t kMostItems = 64;

class Pairs {
 public:
  explicit Pairs(const model::PairStatistics& pairs) : pairs_(pairs) {}

  [[nodiscard]] bool has(std::uint32_t a, std::uint32_t b) const {
    if (size_of(b) < size_of(a)) std::swap(a, b);
    const auto begin = pairs_.partner.begin();
    return std::binary_search(begin + static_cast<std::ptrdiff_t>(pairs_.offsets[a]),
                              begin + static_cast<std::ptrdiff_t>(pairs_.offsets[a + 1]), b);
  }
  [[nodiscard]] bool has_all(std::uint32_t item, const std::vector<std::uint32_t>& others) const {
    return std::all_of(others.rbegin(), others.rend(),
                       [&](std::uint32_t other) { return other == item || has(item, other); });
  }

 private:
  [[nodiscard]] std::uint64_t size_of(std::uint32_t item) const {
    return pairs_.offsets[item + 1] - pairs_.offsets[item];
  }

  const model::PairStatistics& pairs_;
};

}  // namespace

SessionPieces cut_sessions(const model::SessionTable& sessions,
                           const model::PairStatistics& statistics) {
  const Pairs pairs(statistics);
  SessionPieces result;
  model::SessionTable& out = result.pieces;
  std::vector<Piece> pieces;
  std::vector<std::size_t> latest;  // places of pieces, the latest touched last
  for (std::size_t s = 0; s < sessions.size(); ++s) {
    pieces.clear();
    latest.clear();
    for (std::uint64_t e = sessions.offsets[s]; e < sessions.offsets[s + 1]; ++e) {
      const std::uint32_t item = sessions.items[e];
      const auto end = latest.size() > kMostPieces ? latest.rbegin() + kMostPieces : latest.rend();
      const auto joined = std::find_if(latest.rbegin(), end, [&](std::size_t p) {
        const auto& items = pieces[p].items;
        return std::find(items.begin(), items.end(), item) != items.end() ||
               (items.size() < kMostItems && pairs.has_all(item, items));
      });
      if (joined == end) {
        latest.push_back(pieces.size());
        pieces.emplace_back();
      } else {
        std::rotate(std::prev(joined.base()), joined.base(), latest.end());
      }
      Piece& piece = pieces[latest.back()];
      piece.clicks.push_back(static_cast<std::uint32_t>(e));
      if (std::find(piece.items.begin(), piece.items.end(), item) == piece.items.end()) {
        piece.items.push_back(item);
      }
    }
    if (pieces.size() > 1) ++result.sessions_cut;
    for (const Piece& piece : pieces) {
      for (const std::uint32_t click : piece.clicks) {
        out.items.push_back(sessions.items[click]);
        out.kinds.push_back(sessions.kinds[click]);
      }
      out.offsets.push_back(out.items.size());
      if (!sessions.shoppers.empty()) out.shoppers.push_back(sessions.shoppers[s]);
    }
  }
  return result;
}

}  // namespace vitrine::statistics
