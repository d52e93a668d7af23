#include "data/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "base/error.h"
#include "data/record_path.h"

namespace vitrine::data {

namespace {

struct Role {
  std::string_view name;
  std::vector<std::string_view> names;  // the most likely name first
};

const std::vector<Role>& roles() {
  static const std::vector<Role> all = {
      // Ids of visits come before ids of baskets and orders.
      {"session_id",
       {"sessionid",   "session",    "sid",           "sessid",        "gasessionid", "visitid",
        "usersession", "sessionkey", "sessionhash",   "usersessionid", "basketid",    "invoiceno",
        "invoiceid",   "invoice",    "invoicenumber", "orderid",       "orderno",     "ordernumber",
        "receiptid",   "receiptno",  "transactionid", "transaction",   "ticketid"}},
      {"user_id", {"userid",           "user",           "uid",
                   "customeruniqueid", "customerid",     "customer",
                   "custid",           "shopperid",      "shopper",
                   "buyerid",          "buyer",          "memberid",
                   "accountid",        "reviewerid",     "profileid",
                   "clientid",         "customernumber", "customerno",
                   "useremail",        "customeremail",  "email",
                   "billingemail",     "customeruserid", "customerhash"}},
      {"device_id",
       {"anonymousid", "visitorid", "visitor", "userpseudoid", "pseudouserid", "fullvisitorid",
        "cookieid", "deviceid", "distinctid", "gaclientid", "browserid", "anonid", "guestid",
        "clientid"}},
      {"unit_id",
       {"unitid", "unit", "visitorid", "userid", "user", "uid", "visitor", "customerid", "customer",
        "shopperid", "shopper", "clientid", "cookieid", "deviceid", "anonymousid"}},
      {"experiment", {"experiment", "experimentkey", "experimentid", "experimentname"}},
      {"variation", {"variation", "variationname", "variationid", "variationkey", "variant"}},
      {"item_id", {"itemid",      "item",          "productid",  "product",       "sku",
                   "skuid",       "productsku",    "stockcode",  "asin",          "parentasin",
                   "articleid",   "article",       "goodsid",    "variantid",     "contentid",
                   "pid",         "productcode",   "itemcode",   "movieid",       "items",
                   "itemids",     "productids",    "products",   "skus",          "itemsku",
                   "lineitemsku", "artikelnummer", "itemidlist", "itemno",        "itemnumber",
                   "productno",   "productnumber", "articleno",  "articlenumber", "goodscode"}},
      {"event",
       {"event", "eventtype", "eventname", "action", "actiontype", "behavior", "behaviortype",
        "behaviour", "behaviourtype", "type", "interaction", "interactiontype", "activity",
        "eventtext", "useraction", "eventaction"}},
      {"timestamp",
       {"timestamp",
        "time",
        "ts",
        "eventtime",
        "datetime",
        "eventtimestamp",
        "timestampms",
        "originaltimestamp",
        "unixtime",
        "unixreviewtime",
        "createdat",
        "occurredat",
        "eventdatetime",
        "invoicedate",
        "orderdate",
        "orderpurchasetimestamp",
        "purchasedate",
        "purchasetimestamp",
        "datecreated",
        "datecreatedgmt",
        "orderedat",
        "sentat",
        "receivedat",
        "visitstarttime",
        "transactiondate",
        "timeframe",
        "eventdate",
        "date",
        "day",
        "shippinglimitdate"}},
      {"offset", {"timeframe", "sessionoffset", "offsetms", "msinsession", "timeinsession"}},
      {"sequence",
       {"sequence", "sequencenumber", "eventsequence", "eventnumber", "hitnumber", "hitsequence",
        "eventindex", "stepnumber", "positioninsession", "sessionposition", "addtocartorder",
        "orderitemid", "linenumber", "lineno"}},
      {"price",
       {"price", "unitprice", "itemprice", "productprice", "lineitemprice", "amount",
        "currentprice", "variantprice", "regularprice", "sellingprice", "finalprice"}},
      {"sale_price",
       {"saleprice", "specialprice", "discountedprice", "discountprice", "promoprice",
        "offerprice"}},
      {"quantity",
       {"quantity", "qty", "count", "units", "itemquantity", "lineitemquantity", "orderquantity"}},
      {"country",
       {"country", "countrycode", "countryname", "market", "geocountry", "shippingcountry",
        "billingcountry"}},
      {"order_id",
       {"orderid", "transactionid", "orderno", "ordernumber", "invoiceno", "invoiceid",
        "receiptid"}},
      {"event_id", {"eventid", "messageid", "insertid", "eventuuid", "hitid", "id", "uuid"}},
      {"status", {"financialstatus", "orderstatus", "paymentstatus", "status", "orderstate"}},
      {"cancelled_at", {"cancelledat", "canceledat", "refundedat", "voidedat"}},
      {"category",
       {"category", "categorypath", "categories", "categoryname", "productcategory", "categorycode",
        "producttype", "department", "categoryid", "maincategory", "googleproductcategory",
        "producttypes", "productcategoryname"}},
      {"brand", {"brand", "brandname", "manufacturer", "vendor", "make", "brandid"}},
      {"available",
       {"available", "availability", "instock", "isavailable", "isinstock", "stockstatus",
        "active"}},
      {"stock",
       {"stock", "stocklevel", "inventory", "stockquantity", "inventoryquantity",
        "variantinventoryqty", "qtyinstock", "quantityavailable", "inventorylevel"}},
      {"published", {"published", "ispublished", "enabled", "isenabled", "isactive"}},
      {"visibility", {"visibility", "visibilityincatalog", "visible", "isvisible"}},
      {"item_status", {"status", "productstatus", "poststatus", "itemstatus", "state"}},
      {"title",
       {"title", "name", "productname", "itemname", "producttitle", "description", "label"}},
  };
  return all;
}

const Role& role_of(std::string_view name) {
  return *std::find_if(roles().begin(), roles().end(),
                       [name](const Role& role) { return role.name == name; });
}

bool is_catalogue(std::span<const std::string_view> wanted) {
  return std::find(wanted.begin(), wanted.end(), "title") != wanted.end();
}

/// Returns true for a path to a field of a column whose fields are known.
bool must_be_listed(const RecordPath& path, const std::vector<std::string>& paths) {
  const auto is = [](RecordPath::Step::Kind kind) {
    return [kind](const RecordPath::Step& step) { return step.kind == kind; };
  };
  const auto has = [&path](auto condition) {
    return std::any_of(path.steps.begin(), path.steps.end(), condition);
  };
  return has(is(RecordPath::Step::Kind::kField)) && !has(is(RecordPath::Step::Kind::kIndex)) &&
         std::any_of(paths.begin(), paths.end(), [&path](const std::string& known) {
           return known.starts_with(path.column + ".") || known.starts_with(path.column + "[");
         });
}

std::string join_names(std::span<const std::string_view> names) {
  return fmt::format("{}", fmt::join(names.begin(), names.end(), ", "));
}

/// Returns the one of `names` that is `source`, exactly or by its bare name; "" when there is none.
std::string find_named(const std::vector<std::string>& names, const std::string& source) {
  if (std::find(names.begin(), names.end(), source) != names.end()) return source;
  for (const std::string& name : names) {
    if (bare_name(name) == bare_name(source) && !bare_name(source).empty()) return name;
  }
  return {};
}

}  // namespace

std::string bare_name(std::string_view name) {
  for (const std::string_view type : {":token_seq", ":float_seq", ":token", ":float"}) {
    if (name.ends_with(type)) {
      name.remove_suffix(type.size());
      break;
    }
  }
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    // Bytes beyond ASCII are kept, so that a name in another script does not become empty.
    if (byte >= 0x80 || std::isalnum(byte) != 0) out += static_cast<char>(std::tolower(byte));
  }
  return out;
}

std::vector<std::string_view> role_names(std::string_view role, bool items) {
  std::vector<std::string_view> names = role_of(role).names;
  if (items && role == "item_id") {
    names.insert(names.begin() + 2, {"id", "variantsku", "handle", "code"});
  }
  return names;
}

bool is_known_column(std::string_view name) {
  const std::string key = bare_name(name);
  if (key.empty()) return false;
  // These words are as likely to be values as column names, so they do not make a row a header.
  static const std::set<std::string, std::less<>> values = {
      "event", "item",     "product",     "user",    "unit",     "session", "day",
      "type",  "make",     "active",      "stock",   "visible",  "items",   "status",
      "buyer", "products", "transaction", "enabled", "published"};
  return values.count(key) == 0 &&
         std::any_of(roles().begin(), roles().end(), [&](const Role& role) {
           return std::find(role.names.begin(), role.names.end(), key) != role.names.end();
         });
}

std::string asked_role(const std::string& role, const std::string& source,
                       std::span<const std::string_view> wanted) {
  const std::string key = bare_name(role);
  for (const std::string_view name : wanted) {
    if (bare_name(name) == key) return std::string(name);
  }
  for (const std::string_view name : wanted) {
    const auto& names = role_of(name).names;
    if ((name == "item_id" && key == "id") ||
        std::find(names.begin(), names.end(), key) != names.end()) {
      return std::string(name);
    }
  }
  throw base::Error(base::ExitCode::kUsage,
                    fmt::format("--map {}={}: there is no role \"{}\"; use one of {}", role, source,
                                role, join_names(wanted)));
}

std::string asked_column(const std::string& role, const std::string& source,
                         const std::vector<std::string>& columns,
                         const std::vector<std::string>& paths, const std::string& file) {
  std::string out;
  for (const std::string& part : path_alternatives(source, columns)) {
    std::string found = find_named(columns, part);
    if (found.empty()) found = find_named(paths, part);
    // A list in a text column is no path of its own: "item_id[]" splits the text.
    const RecordPath path = parse_path(part, columns);
    if (found.empty() && !path.column.empty() && !must_be_listed(path, paths)) found = part;
    if (found.empty()) {
      throw base::Error(
          base::ExitCode::kUsage,
          fmt::format("--map {}={}: {} has no column \"{}\"; it has: {}", role, source, file, part,
                      list_columns(paths.empty() ? columns : paths)));
    }
    out += (out.empty() ? "" : "|") +
           (part.ends_with("[]") && !found.ends_with("[]") ? found + "[]" : found);
  }
  return out;
}

ColumnMap map_columns(const std::vector<std::string>& columns,
                      const std::map<std::string, std::string>& asked,
                      std::span<const std::string_view> wanted, const std::string& path) {
  ColumnMap map;
  std::set<std::string> used;
  for (const auto& [role, source] : asked) {
    const std::string name = asked_role(role, source, wanted);
    map[name] = asked_column(role, source, columns, {}, path);
    used.insert(map[name]);
  }
  for (const std::string_view name : wanted) {
    if (map.count(std::string(name)) != 0) continue;
    for (const std::string_view synonym : role_names(name, is_catalogue(wanted))) {
      const auto found =
          std::find_if(columns.begin(), columns.end(), [&](const std::string& column) {
            return used.count(column) == 0 && bare_name(column) == synonym;
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
