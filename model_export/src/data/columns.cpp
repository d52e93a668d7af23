#include "data/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "base/error.h"

namespace vitrine::data {

namespace {

struct Role {
  std::string_view name;
  std::vector<std::string_view> synonyms;  // the most likely name first
};

const std::vector<Role>& roles() {
  static const std::vector<Role> all = {
      {"session_id",
       {"sessionid", "session", "sid", "sessid", "visitid", "usersession", "sessionkey",
        "sessionhash", "basketid", "invoiceno", "invoiceid", "invoice", "orderid", "orderno",
        "transactionid"}},
      {"user_id",
       {"userid", "user", "uid", "visitorid", "visitor", "customerid", "customer", "custid",
        "shopperid", "shopper", "clientid", "cookieid", "deviceid", "fullvisitorid", "anonymousid",
        "memberid", "accountid", "reviewerid", "profileid"}},
      {"unit_id",
       {"unitid", "unit", "userid", "user", "uid", "visitorid", "visitor", "customerid", "customer",
        "shopperid", "shopper", "clientid", "cookieid", "deviceid", "anonymousid"}},
      {"experiment", {"experiment", "experimentkey", "experimentid", "experimentname"}},
      {"variation", {"variation", "variationname", "variationid", "variationkey", "variant"}},
      {"item_id",
       {"itemid", "item", "productid", "product", "sku", "skuid", "productsku", "stockcode", "asin",
        "parentasin", "articleid", "article", "goodsid", "variantid", "contentid", "pid",
        "productcode", "itemcode", "movieid"}},
      {"event",
       {"event", "eventtype", "eventname", "action", "actiontype", "behavior", "behaviortype",
        "behaviour", "behaviourtype", "type", "interaction", "interactiontype", "activity"}},
      {"timestamp",
       {"timestamp", "time", "ts", "eventtime", "datetime", "eventtimestamp", "timestampms",
        "unixtime", "unixreviewtime", "createdat", "occurredat", "eventdatetime", "invoicedate",
        "orderdate", "purchasedate", "timeframe", "eventdate", "date", "day"}},
      {"price",
       {"price", "unitprice", "itemprice", "productprice", "amount", "saleprice", "currentprice"}},
      {"quantity", {"quantity", "qty", "count", "units", "itemquantity"}},
      {"country",
       {"country", "countrycode", "countryname", "market", "geocountry", "shippingcountry"}},
      {"category",
       {"category", "categorypath", "categories", "categoryname", "productcategory", "categorycode",
        "producttype", "department", "categoryid", "maincategory"}},
      {"brand", {"brand", "brandname", "manufacturer", "vendor", "make", "brandid"}},
      {"available",
       {"available", "availability", "instock", "isavailable", "stock", "active", "stocklevel",
        "inventory"}},
      {"title",
       {"title", "name", "productname", "itemname", "producttitle", "description", "label"}},
  };
  return all;
}

std::string bare(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    // Bytes beyond ASCII are kept, so that a name in another script does not become empty.
    if (byte >= 0x80 || std::isalnum(byte) != 0) out += static_cast<char>(std::tolower(byte));
  }
  return out;
}

const Role& role_of(std::string_view name) {
  return *std::find_if(roles().begin(), roles().end(),
                       [name](const Role& role) { return role.name == name; });
}

/// Returns our column name for the name before the "=" of --map, or "" when it is none of `wanted`.
std::string wanted_role(std::string_view asked, std::span<const std::string_view> wanted) {
  const std::string key = bare(asked);
  for (const std::string_view name : wanted) {
    const auto& synonyms = role_of(name).synonyms;
    if (bare(name) == key || (name == "item_id" && key == "id") ||
        std::find(synonyms.begin(), synonyms.end(), key) != synonyms.end()) {
      return std::string(name);
    }
  }
  return {};
}

std::string find_named(const std::vector<std::string>& columns, const std::string& source) {
  if (std::find(columns.begin(), columns.end(), source) != columns.end()) return source;
  for (const std::string& column : columns) {
    if (bare(column) == bare(source) && !bare(source).empty()) return column;
  }
  return {};
}

std::string join_names(std::span<const std::string_view> names) {
  return fmt::format("{}", fmt::join(names.begin(), names.end(), ", "));
}

}  // namespace

bool is_known_column(std::string_view name) {
  const std::string key = bare(name);
  if (key.empty()) return false;
  // These words are as likely to be values as column names, so they do not make a row a header.
  static const std::set<std::string, std::less<>> values = {"event", "item",    "product", "user",
                                                            "unit",  "session", "day",     "type",
                                                            "make",  "active",  "stock"};
  return std::any_of(roles().begin(), roles().end(), [&](const Role& role) {
    return values.count(key) == 0 &&
           std::find(role.synonyms.begin(), role.synonyms.end(), key) != role.synonyms.end();
  });
}

ColumnMap map_columns(const std::vector<std::string>& columns,
                      const std::map<std::string, std::string>& asked,
                      std::span<const std::string_view> wanted, const std::string& path) {
  ColumnMap map;
  std::set<std::string> used;
  for (const auto& [role, source] : asked) {
    const std::string name = wanted_role(role, wanted);
    if (name.empty()) {
      throw base::Error(base::ExitCode::kUsage,
                        fmt::format("--map {}={}: there is no role \"{}\"; use one of {}", role,
                                    source, role, join_names(wanted)));
    }
    const std::string column = find_named(columns, source);
    if (column.empty()) {
      throw base::Error(base::ExitCode::kUsage,
                        fmt::format("--map {}={}: {} has no column \"{}\"; it has: {}", role,
                                    source, path, source, list_columns(columns)));
    }
    map[name] = column;
    used.insert(column);
  }
  const bool items = std::find(wanted.begin(), wanted.end(), "title") != wanted.end();
  for (const std::string_view name : wanted) {
    if (map.count(std::string(name)) != 0) continue;
    std::vector<std::string_view> synonyms = role_of(name).synonyms;
    if (items && name == "item_id") synonyms.insert(synonyms.begin() + 2, "id");
    for (const std::string_view synonym : synonyms) {
      const auto found =
          std::find_if(columns.begin(), columns.end(), [&](const std::string& column) {
            return used.count(column) == 0 && bare(column) == synonym;
          });
      if (found == columns.end()) continue;
      map[std::string(name)] = *found;
      used.insert(*found);
      break;
    }
  }
  return map;
}

std::string list_columns(const std::vector<std::string>& columns) {
  constexpr std::size_t kShown = 40;
  const std::size_t shown = std::min(columns.size(), kShown);
  std::string out = fmt::format(
      "{}", fmt::join(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (shown < columns.size()) out += fmt::format(" and {} more", columns.size() - shown);
  return out;
}

}  // namespace vitrine::data
