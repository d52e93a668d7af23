#include "data/presets.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "data/columns.h"

namespace vitrine::data {

namespace {

struct Known {
  Preset preset;
  /// A file with all of these (as bare names) has this format. Empty: general names are enough.
  std::vector<std::string> signature;
};

/// Returns the columns of Segment's specification, which RudderStack follows.
std::map<std::string, std::vector<std::string>> spec_columns() {
  return {{"user_id", {"user_id", "userId"}},
          {"device_id", {"anonymous_id", "anonymousId"}},
          {"item_id",
           {"properties.products[].product_id", "properties.product_id", "products[].product_id",
            "product_id"}},
          {"event", {"event", "event_text"}},
          {"timestamp", {"timestamp", "original_timestamp", "originalTimestamp"}},
          {"order_id", {"properties.order_id", "order_id"}},
          {"event_id", {"message_id", "messageId", "id"}}};
}

const std::vector<Known>& all() {
  static const std::vector<Known> known = {
      {{"ga4",
        {{"session_id", {"event_params[ga_session_id]", "ga_session_id"}},
         {"user_id", {"user_id"}},
         {"device_id", {"user_pseudo_id"}},
         {"item_id", {"items[].item_id", "items.item_id", "item_id"}},
         {"event", {"event_name"}},
         {"timestamp", {"event_timestamp"}},
         {"order_id", {"ecommerce.transaction_id", "transaction_id"}},
         {"price", {"items[].price", "items.price"}},
         {"quantity", {"items[].quantity", "items.quantity"}},
         {"country", {"geo.country"}}},
        {{"item_id", {"item_id"}}, {"category", {"item_category"}}, {"brand", {"item_brand"}}}},
       {"userpseudoid", "eventname"}},
      {{"segment", spec_columns(), {}}, {}},
      {{"rudderstack", spec_columns(), {}}, {}},
      {{"shopify",
        {{"session_id", {"Name", "name", "id", "order_number"}},
         {"user_id", {"customer.id", "Email", "contact_email", "Phone"}},
         {"item_id",
          {"Lineitem sku", "Lineitem name", "line_items[].product_id", "line_items[].sku"}},
         {"timestamp", {"Created at", "created_at"}},
         {"price", {"Lineitem price", "line_items[].price"}},
         {"quantity", {"Lineitem quantity", "line_items[].quantity"}},
         {"country", {"Shipping Country", "Billing Country", "shipping_address.country_code"}},
         {"status", {"Financial Status", "financial_status"}},
         {"cancelled_at", {"Cancelled at", "cancelled_at"}}},
        {{"item_id", {"Variant SKU", "id", "Handle"}},
         {"price", {"Variant Price"}},
         {"stock", {"Variant Inventory Qty"}},
         {"published", {"Published"}},
         {"category", {"Product Category", "Type"}},
         {"brand", {"Vendor"}},
         {"title", {"Title"}}}},
       {"createdat", "financialstatus", "name"}},
      {{"woocommerce",
        {{"session_id", {"order_id", "Order Number", "number", "id"}},
         {"user_id", {"customer_id", "Customer User ID", "billing.email", "Email (Billing)"}},
         {"item_id", {"line_items[].product_id", "Product ID", "product_id", "Product Id", "SKU"}},
         {"timestamp", {"date_created_gmt", "date_created", "Order Date"}},
         {"price", {"line_items[].price", "Item Cost"}},
         {"quantity", {"line_items[].quantity", "Quantity", "Quantity (- Refund)"}},
         {"status", {"status", "Order Status"}}},
        {{"item_id", {"ID", "SKU", "id"}},
         {"price", {"Regular price", "regular_price", "price"}},
         {"sale_price", {"Sale price", "sale_price"}},
         {"available", {"In stock?", "stock_status"}},
         {"stock", {"Stock", "stock_quantity"}},
         {"published", {"Published"}},
         {"category", {"Categories"}},
         {"title", {"Name", "name"}}}},
       {"lineitemsproductid", "datecreated"}},
      {{"olist",
        {{"session_id", {"order_id"}},
         {"user_id", {"customer_unique_id", "customer_id"}},
         {"item_id", {"product_id"}},
         {"timestamp", {"order_purchase_timestamp", "shipping_limit_date"}},
         {"sequence", {"order_item_id"}},
         {"price", {"price"}},
         {"status", {"order_status"}}},
        {{"item_id", {"product_id"}},
         {"category", {"product_category_name_english", "product_category_name"}}}},
       {}},
      {{"retailrocket",
        {{"user_id", {"visitorid"}},
         {"item_id", {"itemid"}},
         {"event", {"event"}},
         {"timestamp", {"timestamp"}},
         {"order_id", {"transactionid"}}},
        {{"item_id", {"itemid"}}, {"category", {"categoryid"}}, {"available", {"available"}}}},
       {}},
      {{"rees46",
        {{"session_id", {"user_session"}},
         {"user_id", {"user_id"}},
         {"item_id", {"product_id"}},
         {"event", {"event_type"}},
         {"timestamp", {"event_time"}},
         {"price", {"price"}}},
        {{"item_id", {"product_id"}},
         {"category", {"category_code", "category_id"}},
         {"brand", {"brand"}},
         {"price", {"price"}}}},
       {}},
      {{"amazon",
        {{"user_id", {"user_id", "reviewerID"}},
         {"item_id", {"parent_asin", "asin"}},
         {"timestamp", {"timestamp", "unixReviewTime"}}},
        {{"item_id", {"parent_asin", "asin"}},
         {"category", {"categories", "main_category"}},
         {"brand", {"store", "brand"}},
         {"price", {"price"}},
         {"title", {"title"}}}},
       {}},
      {{"recbole",
        {{"session_id", {"session_id:token"}},
         {"user_id", {"user_id:token"}},
         {"item_id", {"item_id:token", "item_id_list:token_seq"}},
         {"timestamp", {"timestamp:float", "timestamp:token"}},
         {"price", {"price:float"}}},
        {{"item_id", {"item_id:token"}},
         {"category", {"categories:token_seq", "category:token", "class:token_seq"}},
         {"brand", {"brand:token"}},
         {"price", {"price:float"}},
         {"title", {"title:token_seq", "movie_title:token_seq"}}}},
       {}},
  };
  return known;
}

}  // namespace

const Preset& preset_named(const std::string& name) {
  std::string names;
  for (const Known& known : all()) {
    if (known.preset.name == name) return known.preset;
    names += (names.empty() ? "" : ", ") + known.preset.name;
  }
  throw base::Error(
      base::ExitCode::kUsage,
      fmt::format("--from {}: use one of {}; or name the columns with --map", name, names));
}

const Preset* preset_of(const std::vector<std::string>& paths) {
  std::set<std::string> names;
  for (const std::string& path : paths) names.insert(bare_name(path));
  for (const Known& known : all()) {
    const bool all_there =
        std::all_of(known.signature.begin(), known.signature.end(),
                    [&names](const std::string& name) { return names.count(name) != 0; });
    if (!known.signature.empty() && all_there) return &known.preset;
  }
  return nullptr;
}

}  // namespace vitrine::data
