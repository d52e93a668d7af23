#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace vitrine::data {

/// The meaning of an event of a log. The first six values are those of EventKind: these events are
/// steps of a session. Events of the other meanings are counted and set aside. They are no steps of
/// a session and do not make an item popular.
enum class EventMeaning : std::uint8_t {
  kView = 0,
  kCart = 1,
  kPurchase = 2,
  kFavorite = 3,
  kRemove = 4,
  kOther = 5,
  kImpression = 6,     // the item was in a list that was shown
  kSelect = 7,         // the item was chosen from a list; its own view follows
  kPromotion = 8,      // a banner was shown or chosen
  kSearch = 9,         // a search was made
  kCheckout = 10,      // a step between cart and purchase
  kRefund = 11,        // takes a purchase back
  kCancellation = 12,  // takes an order back
  kVisit = 13,         // pages, scrolling, consent: not about an item
};
inline constexpr std::size_t kEventMeanings = 14;

/// By value.
inline constexpr std::array<std::string_view, kEventMeanings> kEventMeaningNames = {
    "view",   "cart",      "purchase", "favorite", "remove", "other",        "impression",
    "select", "promotion", "search",   "checkout", "refund", "cancellation", "visit"};

/// Returns true for an event that is a step of a session.
[[nodiscard]] constexpr bool is_step(EventMeaning meaning) {
  return meaning <= EventMeaning::kOther;
}

/// One word for an event, without spaces, "-", "_" and in lower case.
struct EventWord {
  std::string_view text;
  EventMeaning meaning;
  /// GA4's name of the same event, where the SDK knows the word too; else empty.
  std::string_view ga4 = {};
};

/// The vocabulary of events, shared by the exporter and the SDK: `describe_events.cpp` prints
/// js/src/events/vocabulary.ts from it, and a test compares. Frequent words come first, because the
/// SQL tries them in this order.
inline constexpr EventWord kEventWords[] = {
    {"view", EventMeaning::kView},
    {"pv", EventMeaning::kView},
    {"click", EventMeaning::kView},
    {"viewitem", EventMeaning::kView, "view_item"},
    {"cart", EventMeaning::kCart},
    {"addtocart", EventMeaning::kCart, "add_to_cart"},
    {"purchase", EventMeaning::kPurchase, "purchase"},
    {"buy", EventMeaning::kPurchase},
    {"transaction", EventMeaning::kPurchase},
    {"productviewed", EventMeaning::kView, "view_item"},
    {"productadded", EventMeaning::kCart, "add_to_cart"},
    {"ordercompleted", EventMeaning::kPurchase, "purchase"},
    {"viewitemlist", EventMeaning::kImpression, "view_item_list"},
    {"", EventMeaning::kView},
    // Views.
    {"views", EventMeaning::kView},
    {"clicks", EventMeaning::kView},
    {"clickout", EventMeaning::kView},
    {"viewed", EventMeaning::kView},
    {"clicked", EventMeaning::kView},
    {"itemclick", EventMeaning::kView},
    {"itemclicked", EventMeaning::kView},
    {"clickitem", EventMeaning::kView},
    {"itemview", EventMeaning::kView},
    {"itemviewed", EventMeaning::kView},
    {"vieweditem", EventMeaning::kView},
    {"viewproduct", EventMeaning::kView},
    {"productview", EventMeaning::kView},
    {"viewedproduct", EventMeaning::kView},
    {"productdetail", EventMeaning::kView},
    {"productdetailview", EventMeaning::kView},
    {"productpageview", EventMeaning::kView},
    {"viewcontent", EventMeaning::kView},
    {"viewdetail", EventMeaning::kView},
    {"viewdetails", EventMeaning::kView},
    {"detail", EventMeaning::kView},
    {"detailview", EventMeaning::kView},
    {"detailpageview", EventMeaning::kView},
    {"pageview", EventMeaning::kView},
    {"pdp", EventMeaning::kView},
    {"pdpview", EventMeaning::kView},
    // Carts.
    {"carts", EventMeaning::kCart},
    {"addcart", EventMeaning::kCart},
    {"addedtocart", EventMeaning::kCart},
    {"productaddedtocart", EventMeaning::kCart, "add_to_cart"},
    {"cartadd", EventMeaning::kCart},
    {"basket", EventMeaning::kCart},
    {"addtobasket", EventMeaning::kCart},
    {"addtobag", EventMeaning::kCart},
    {"add", EventMeaning::kCart},
    // Purchases.
    {"purchased", EventMeaning::kPurchase},
    {"purchases", EventMeaning::kPurchase},
    {"productpurchased", EventMeaning::kPurchase},
    {"bought", EventMeaning::kPurchase},
    {"transactions", EventMeaning::kPurchase},
    {"order", EventMeaning::kPurchase},
    {"orders", EventMeaning::kPurchase},
    {"ordered", EventMeaning::kPurchase},
    {"orderplaced", EventMeaning::kPurchase},
    {"ordercreated", EventMeaning::kPurchase},
    {"orderpaid", EventMeaning::kPurchase},
    {"completedorder", EventMeaning::kPurchase},
    {"placedorder", EventMeaning::kPurchase},
    {"checkoutcompleted", EventMeaning::kPurchase},
    {"completepurchase", EventMeaning::kPurchase},
    {"ecommercepurchase", EventMeaning::kPurchase},
    {"inapppurchase", EventMeaning::kPurchase},
    {"sale", EventMeaning::kPurchase},
    {"conversion", EventMeaning::kPurchase},
    // Favourites.
    {"fav", EventMeaning::kFavorite},
    {"favorite", EventMeaning::kFavorite},
    {"favourite", EventMeaning::kFavorite},
    {"wishlist", EventMeaning::kFavorite},
    {"addtowishlist", EventMeaning::kFavorite, "add_to_wishlist"},
    {"productaddedtowishlist", EventMeaning::kFavorite, "add_to_wishlist"},
    {"addtofavorites", EventMeaning::kFavorite},
    {"addtofavourites", EventMeaning::kFavorite},
    {"like", EventMeaning::kFavorite},
    {"collect", EventMeaning::kFavorite},
    // Removals from the cart.
    {"removefromcart", EventMeaning::kRemove, "remove_from_cart"},
    {"removedfromcart", EventMeaning::kRemove},
    {"removecart", EventMeaning::kRemove},
    {"productremoved", EventMeaning::kRemove, "remove_from_cart"},
    {"productremovedfromcart", EventMeaning::kRemove, "remove_from_cart"},
    {"cartremove", EventMeaning::kRemove},
    {"removefrombasket", EventMeaning::kRemove},
    {"removefrombag", EventMeaning::kRemove},
    {"remove", EventMeaning::kRemove},
    // Lists and banners that were shown.
    {"impression", EventMeaning::kImpression},
    {"impressions", EventMeaning::kImpression},
    {"imp", EventMeaning::kImpression},
    {"impr", EventMeaning::kImpression},
    {"show", EventMeaning::kImpression},
    {"shown", EventMeaning::kImpression},
    {"display", EventMeaning::kImpression},
    {"displayed", EventMeaning::kImpression},
    {"exposure", EventMeaning::kImpression},
    {"exposed", EventMeaning::kImpression},
    {"productlistviewed", EventMeaning::kImpression, "view_item_list"},
    {"productlistview", EventMeaning::kImpression},
    {"productlistfiltered", EventMeaning::kImpression},
    {"productimpression", EventMeaning::kImpression},
    {"productimpressions", EventMeaning::kImpression},
    {"itemimpression", EventMeaning::kImpression},
    {"listview", EventMeaning::kImpression},
    {"viewlist", EventMeaning::kImpression},
    {"itemlistview", EventMeaning::kImpression},
    {"viewcategory", EventMeaning::kImpression},
    {"categoryview", EventMeaning::kImpression},
    {"collectionviewed", EventMeaning::kImpression},
    {"recommendationshown", EventMeaning::kImpression},
    {"viewpromotion", EventMeaning::kPromotion, "view_promotion"},
    {"selectpromotion", EventMeaning::kPromotion, "select_promotion"},
    {"promotionview", EventMeaning::kPromotion},
    {"promotionviewed", EventMeaning::kPromotion, "view_promotion"},
    {"promotionclick", EventMeaning::kPromotion},
    {"promotionclicked", EventMeaning::kPromotion, "select_promotion"},
    {"promoview", EventMeaning::kPromotion},
    {"promoclick", EventMeaning::kPromotion},
    {"bannerview", EventMeaning::kPromotion},
    {"bannerclick", EventMeaning::kPromotion},
    {"couponentered", EventMeaning::kPromotion},
    {"couponapplied", EventMeaning::kPromotion},
    {"selectitem", EventMeaning::kSelect, "select_item"},
    {"productclicked", EventMeaning::kSelect, "select_item"},
    {"productclick", EventMeaning::kSelect},
    {"selectcontent", EventMeaning::kSelect},
    // Searches.
    {"search", EventMeaning::kSearch},
    {"searches", EventMeaning::kSearch},
    {"searched", EventMeaning::kSearch},
    {"viewsearchresults", EventMeaning::kSearch},
    {"productssearched", EventMeaning::kSearch},
    {"searchsubmitted", EventMeaning::kSearch},
    {"query", EventMeaning::kSearch},
    // From cart to purchase.
    {"viewcart", EventMeaning::kCheckout, "view_cart"},
    {"cartviewed", EventMeaning::kCheckout, "view_cart"},
    {"cartview", EventMeaning::kCheckout},
    {"begincheckout", EventMeaning::kCheckout, "begin_checkout"},
    {"checkout", EventMeaning::kCheckout},
    {"checkoutstarted", EventMeaning::kCheckout, "begin_checkout"},
    {"initiatecheckout", EventMeaning::kCheckout},
    {"startcheckout", EventMeaning::kCheckout},
    {"checkoutprogress", EventMeaning::kCheckout},
    {"checkoutstepviewed", EventMeaning::kCheckout},
    {"checkoutstepcompleted", EventMeaning::kCheckout},
    {"addshippinginfo", EventMeaning::kCheckout, "add_shipping_info"},
    {"addpaymentinfo", EventMeaning::kCheckout, "add_payment_info"},
    {"paymentinfoentered", EventMeaning::kCheckout},
    {"orderupdated", EventMeaning::kCheckout},
    // Purchases that are taken back.
    {"refund", EventMeaning::kRefund, "refund"},
    {"refunds", EventMeaning::kRefund},
    {"refunded", EventMeaning::kRefund},
    {"orderrefunded", EventMeaning::kRefund, "refund"},
    {"refundorder", EventMeaning::kRefund},
    {"productrefunded", EventMeaning::kRefund},
    {"partialrefund", EventMeaning::kRefund},
    {"return", EventMeaning::kRefund},
    {"returned", EventMeaning::kRefund},
    {"returns", EventMeaning::kRefund},
    {"itemreturned", EventMeaning::kRefund},
    {"productreturned", EventMeaning::kRefund},
    {"orderreturned", EventMeaning::kRefund},
    {"chargeback", EventMeaning::kRefund},
    {"cancel", EventMeaning::kCancellation},
    {"canceled", EventMeaning::kCancellation},
    {"cancelled", EventMeaning::kCancellation},
    {"cancellation", EventMeaning::kCancellation},
    {"cancelorder", EventMeaning::kCancellation},
    {"ordercancel", EventMeaning::kCancellation},
    {"ordercanceled", EventMeaning::kCancellation},
    {"ordercancelled", EventMeaning::kCancellation},
    {"ordervoided", EventMeaning::kCancellation},
    {"void", EventMeaning::kCancellation},
    {"voided", EventMeaning::kCancellation},
    // Not about an item.
    {"sessionstart", EventMeaning::kVisit},
    {"sessionend", EventMeaning::kVisit},
    {"firstvisit", EventMeaning::kVisit},
    {"firstopen", EventMeaning::kVisit},
    {"userengagement", EventMeaning::kVisit},
    {"scroll", EventMeaning::kVisit},
    {"login", EventMeaning::kVisit},
    {"logout", EventMeaning::kVisit},
    {"signup", EventMeaning::kVisit},
    {"signin", EventMeaning::kVisit},
    {"signedup", EventMeaning::kVisit},
    {"signedin", EventMeaning::kVisit},
    {"identify", EventMeaning::kVisit},
    {"page", EventMeaning::kVisit},
    {"screen", EventMeaning::kVisit},
    {"screenview", EventMeaning::kVisit},
    {"generatelead", EventMeaning::kVisit},
    {"formstart", EventMeaning::kVisit},
    {"formsubmit", EventMeaning::kVisit},
    {"videostart", EventMeaning::kVisit},
    {"videoprogress", EventMeaning::kVisit},
    {"videocomplete", EventMeaning::kVisit},
    {"filedownload", EventMeaning::kVisit},
    {"share", EventMeaning::kVisit},
    {"productshared", EventMeaning::kVisit},
    {"consent", EventMeaning::kVisit},
};

}  // namespace vitrine::data
