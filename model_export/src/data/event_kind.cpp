#include "data/event_kind.h"

#include <fmt/format.h>

#include <cctype>

namespace vitrine::data {

namespace {

struct Word {
  std::string_view text;
  EventKind kind;
};

// Frequent words come first, because the SQL CASE tries them in this order.
constexpr Word kWords[] = {
    {"view", EventKind::kView},
    {"pv", EventKind::kView},
    {"click", EventKind::kView},
    {"cart", EventKind::kCart},
    {"addtocart", EventKind::kCart},
    {"purchase", EventKind::kPurchase},
    {"buy", EventKind::kPurchase},
    {"transaction", EventKind::kPurchase},
    {"", EventKind::kView},
    {"views", EventKind::kView},
    {"clicks", EventKind::kView},
    {"clickout", EventKind::kView},
    {"viewed", EventKind::kView},
    {"clicked", EventKind::kView},
    {"viewitem", EventKind::kView},
    {"itemview", EventKind::kView},
    {"viewproduct", EventKind::kView},
    {"productview", EventKind::kView},
    {"productviewed", EventKind::kView},
    {"productdetail", EventKind::kView},
    {"viewcontent", EventKind::kView},
    {"viewdetail", EventKind::kView},
    {"detail", EventKind::kView},
    {"detailview", EventKind::kView},
    {"pageview", EventKind::kView},
    {"pdp", EventKind::kView},
    {"carts", EventKind::kCart},
    {"addcart", EventKind::kCart},
    {"addedtocart", EventKind::kCart},
    {"productadded", EventKind::kCart},
    {"cartadd", EventKind::kCart},
    {"basket", EventKind::kCart},
    {"addtobasket", EventKind::kCart},
    {"addtobag", EventKind::kCart},
    {"add", EventKind::kCart},
    {"purchased", EventKind::kPurchase},
    {"purchases", EventKind::kPurchase},
    {"bought", EventKind::kPurchase},
    {"transactions", EventKind::kPurchase},
    {"order", EventKind::kPurchase},
    {"orders", EventKind::kPurchase},
    {"ordered", EventKind::kPurchase},
    {"ordercompleted", EventKind::kPurchase},
    {"sale", EventKind::kPurchase},
    {"conversion", EventKind::kPurchase},
    {"fav", EventKind::kFavorite},
    {"favorite", EventKind::kFavorite},
    {"favourite", EventKind::kFavorite},
    {"wishlist", EventKind::kFavorite},
    {"addtowishlist", EventKind::kFavorite},
    {"like", EventKind::kFavorite},
    {"collect", EventKind::kFavorite},
    {"removefromcart", EventKind::kRemove},
    {"removedfromcart", EventKind::kRemove},
    {"removecart", EventKind::kRemove},
    {"productremoved", EventKind::kRemove},
    {"cartremove", EventKind::kRemove},
    {"removefrombasket", EventKind::kRemove},
    {"remove", EventKind::kRemove},
};

bool is_filler(char c) { return c == ' ' || c == '_' || c == '-'; }

}  // namespace

EventKind event_kind(std::string_view word) {
  std::string bare;
  for (const char c : word) {
    if (!is_filler(c)) bare += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  for (const Word& known : kWords) {
    if (known.text == bare) return known.kind;
  }
  return EventKind::kOther;
}

std::string event_kind_sql(std::string_view word) {
  std::string sql = fmt::format("CASE translate(lower(coalesce({}, '')), ' _-', '')", word);
  for (const Word& known : kWords) {
    sql += fmt::format(" WHEN '{}' THEN {}", known.text, static_cast<int>(known.kind));
  }
  return sql + fmt::format(" ELSE {} END::UTINYINT", static_cast<int>(EventKind::kOther));
}

}  // namespace vitrine::data
