#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "data/catalogue.h"
#include "data/item_match.h"
#include "data/record_path.h"
#include "model_export/ingest_fixture.h"

namespace vitrine::data {

namespace {

using Texts = std::vector<std::string>;

/// "session:item:kind" of each event.
Texts short_events(Database& database) {
  return column(
      database,
      "SELECT concat_ws(':', session, item, kind) FROM events ORDER BY session, position");
}

ReadReport read_text(Database& database, const Folder& folder, const std::string& name,
                     const std::string& text) {
  ReadOptions options;
  options.files = {folder.write(name, text)};
  return read_events(database, options);
}

}  // namespace

TEST_CASE("an id that only purchases have is not the session while shoppers are named") {
  const Folder folder;
  for (const std::string blank : {"", "(not set)", "NULL", "NA", "0"}) {
    INFO(blank);
    std::string csv = "timestamp,visitorid,event,itemid,transactionid\n";
    for (int u = 0; u < 40; ++u) {
      const auto row = [&](int k, const std::string& event, const std::string& order) {
        csv += fmt::format("{},{},{},{},{}\n", 1430000000000 + u * 3600000LL + k * 60000LL, u + 7,
                           event, (u + k) % 11, order);
      };
      row(0, "view", blank);
      row(1, "addtocart", blank);
      row(2, "transaction", fmt::format("{}", 500 + u));
    }
    Database database;
    const ReadReport report = read_text(database, folder, "a.csv", csv);
    CHECK(report.columns.count("session_id") == 0);
    CHECK(report.columns.at("order_id") == "transactionid");
    CHECK(report.sessions == 40);
    CHECK(report.kinds[2] == 40);
  }
}

TEST_CASE("a session column that is filled is the session, and orders are not") {
  const Folder folder;
  Database database;
  const ReadReport report =
      read_text(database, folder, "a.csv",
                "order_id,session_id,user_id,item_id,event,ts\n"
                ",s1,u1,a,view,1600000000\n,s1,u1,b,view,1600000010\nO1,s1,u1,b,buy,1600000020\n");
  CHECK(report.columns.at("session_id") == "session_id");
  CHECK(report.sessions == 1);
}

TEST_CASE("columns of shoppers fill each other, and a login joins what the device did before") {
  const Folder folder;
  Database database;
  const ReadReport report =
      read_text(database, folder, "a.csv",
                "anonymous_id,user_id,event,product_id,timestamp\n"
                "d1,,view,a,1600000000\nd1,anna,view,b,1600000010\n"      // d1 is anna's
                "d2,,view,a,1600000100\nd2,,view,c,1600000110\n"          // nobody logs in on d2
                "d3,bert,view,a,1600000200\nd3,cleo,view,b,1600000210\n"  // d3 has two users
                "d3,,view,c,1600000220\nd4,anna,view,d,1600009000\n");
  CHECK(report.rows_kept == 8);
  CHECK(report.users == 5);  // anna, d2, bert, cleo, d3 without a user
  CHECK(database.query_int64("SELECT count(*) FROM events WHERE user_key = 'anna'") == 3);
}

TEST_CASE("a number of a visit that several devices have is one session for each device") {
  const Folder folder;
  Database database;
  const ReadReport report =
      read_text(database, folder, "ga4.csv",
                "event_timestamp,event_name,user_pseudo_id,ga_session_id,user_id,item_id\n"
                "1600000000000000,view_item,p1,1600000000,,a\n"
                "1600000010000000,view_item,p1,1600000000,anna,b\n"
                "1600000000000000,view_item,p2,1600000000,,c\n"
                "1600000010000000,view_item,p2,1600000000,,d\n");
  CHECK(report.sessions == 2);
  CHECK(report.users == 2);
}

TEST_CASE("guests are nobody, whatever a shop writes for them") {
  const Folder folder;
  for (const std::string guest : {"0", "guest", "", "NA", "(not set)", "-1", "Anonymous",
                                  "00000000-0000-0000-0000-000000000000"}) {
    INFO(guest);
    std::string csv = "user_id,item_id,timestamp\n";
    for (int i = 0; i < 100; ++i) {
      csv += fmt::format("{},i{},{}\n", guest, i % 9, 1600000000 + i * 7200);
      csv += fmt::format("{},i{},{}\n", 100 + i / 2, i % 9, 1600000030 + i * 7200);
    }
    Database database;
    const ReadReport report = read_text(database, folder, "a.csv", csv);
    CHECK(report.rows_read == 200);
    CHECK(report.rows_kept == 100);
    CHECK(report.refused.at(RefusedReason::kMissingShopper).count == 100);
  }
}

TEST_CASE("the number 0 is a shopper like others where it has as many events as others") {
  const Folder folder;
  std::string csv = "user_id,item_id,timestamp\n";
  for (int i = 0; i < 600; ++i) {
    csv += fmt::format("{},i{},{}\n", i % 6, i % 9, 1600000000 + i * 60);
  }
  Database database;
  CHECK(read_text(database, folder, "a.csv", csv).users == 6);
}

TEST_CASE("lists of items are one event for each item, in every format") {
  const Folder folder;
  const Texts expected = {"0:A:2", "0:B:2", "1:C:2"};
  const Texts files = {
      folder.write("comma.csv",
                   "order_id,created_at,item_id\nO1,2024-02-01 10:00,\"A,B\"\n"
                   "O2,2024-02-02 10:00,C\n"),
      folder.write("space.csv",
                   "order_id,created_at,product_ids\nO1,2024-02-01 10:00,A; B\n"
                   "O2,2024-02-02 10:00,C\n"),
      folder.write("json.csv",
                   "order_id,created_at,item_id\nO1,2024-02-01 10:00,\"[\"\"A\"\", "
                   "\"\"B\"\"]\"\nO2,2024-02-02 10:00,\"[\"\"C\"\"]\"\n"),
      folder.write("python.csv",
                   "order_id,created_at,item_id\nO1,2024-02-01 10:00,\"['A', 'B']\"\n"
                   "O2,2024-02-02 10:00,['C']\n"),
      folder.write("postgres.csv",
                   "order_id,created_at,item_id\nO1,2024-02-01 10:00,\"{A,B}\"\n"
                   "O2,2024-02-02 10:00,{C}\n"),
      folder.write("objects.csv",
                   "order_id,created_at,products\nO1,2024-02-01 10:00,\"[{\"\"product_id\"\": "
                   "\"\"A\"\"}, {\"\"product_id\"\": \"\"B\"\"}]\"\nO2,2024-02-02 "
                   "10:00,\"[{\"\"product_id\"\": \"\"C\"\"}]\"\n"),
      folder.write("a.jsonl",
                   "{\"order_id\":\"O1\",\"created_at\":\"2024-02-01 10:00\",\"item_id\":"
                   "[\"A\",\"B\"]}\n{\"order_id\":\"O2\",\"created_at\":\"2024-02-02 10:00\","
                   "\"item_id\":\"C\"}\n"),
      folder.write(
          "nested.jsonl",
          "{\"order_id\":\"O1\",\"created_at\":\"2024-02-01 10:00\",\"line_items\":[{"
          "\"product_id\":\"A\"},{\"product_id\":\"B\"}]}\n{\"order_id\":\"O2\","
          "\"created_at\":\"2024-02-02 10:00\",\"line_items\":[{\"product_id\":\"C\"}]}\n"),
  };
  for (const std::string& file : files) {
    INFO(file);
    Database database;
    ReadOptions options;
    options.files = {file};
    const ReadReport report = read_events(database, options);
    CHECK(short_events(database) == expected);
    CHECK(report.rows_read == 3);
  }
}

TEST_CASE("an item id with a comma and a space is one item") {
  const Folder folder;
  Database database;
  const ReadReport report =
      read_text(database, folder, "a.csv",
                "user_id,item,ts\nu,\"Stoneware Mug, Moss\",1600000000\nu,\"Oak Tray, Large "
                "One\",1600000010\n");
  CHECK(report.items == 2);
}

TEST_CASE("values inside of objects are found, and one event and a list fill each other") {
  const Folder folder;
  Database database;
  const ReadReport report = read_text(
      database, folder, "segment.jsonl",
      "{\"anonymousId\":\"d\",\"type\":\"track\",\"event\":\"Product Viewed\",\"timestamp\":"
      "\"2024-05-01T10:00:00.000Z\",\"messageId\":\"m1\",\"properties\":{\"product_id\":\"A\"}}\n"
      "{\"anonymousId\":\"d\",\"type\":\"track\",\"event\":\"Order Completed\",\"timestamp\":"
      "\"2024-05-01T10:05:00.000Z\",\"messageId\":\"m2\",\"properties\":{\"order_id\":\"O\","
      "\"products\":[{\"product_id\":\"A\",\"price\":\"12,50\"},{\"product_id\":\"B\"}]}}\n"
      "{\"anonymousId\":\"d\",\"type\":\"track\",\"event\":\"Products Searched\",\"timestamp\":"
      "\"2024-05-01T10:06:00.000Z\",\"messageId\":\"m3\",\"properties\":{\"query\":\"x\"}}\n");
  CHECK(short_events(database) == Texts{"0:A:0", "0:A:2", "0:B:2"});
  CHECK(report.set_aside[static_cast<std::size_t>(EventMeaning::kSearch)] == 1);
  CHECK(report.rows_read == 4);
}

TEST_CASE("parameters of a BigQuery export of GA4 are found by their keys") {
  const Folder folder;
  const auto event = [](const std::string& name, int second, const std::string& items) {
    return fmt::format(
        "{{\"event_timestamp\":\"{}\",\"event_name\":\"{}\",\"user_pseudo_id\":\"p\","
        "\"event_params\":[{{\"key\":\"page\",\"value\":{{\"string_value\":\"/\"}}}},{{\"key\":"
        "\"ga_session_id\",\"value\":{{\"int_value\":\"77\"}}}}],\"items\":[{}]}}\n",
        1714557600000000 + second * 1000000LL, name, items);
  };
  Database database;
  const ReadReport report = read_text(
      database, folder, "ga4.json",
      event("session_start", 0, "") + event("page_view", 1, "") +
          event("view_item_list", 2, "{\"item_id\":\"A\"},{\"item_id\":\"B\"}") +
          event("view_item", 4000, "{\"item_id\":\"A\",\"price\":9.5}") +
          event("purchase", 8000, "{\"item_id\":\"A\",\"price\":9.5},{\"item_id\":\"C\"}"));
  CHECK(report.columns.at("session_id") == "event_params[ga_session_id]");
  CHECK(report.sessions == 1);
  CHECK(short_events(database) == Texts{"0:A:0", "0:A:2", "0:C:2"});
  CHECK(report.rows_refused() == 0);
  CHECK(report.rows_set_aside() == 4);
  CHECK(database.query_double("SELECT max(price) FROM events") == 9.5);
}

TEST_CASE("what the SDK delivers is read without an option") {
  const Folder folder;
  std::string lines;
  for (const std::string name : {"view_item", "add_to_cart", "purchase", "view_item_list"}) {
    lines += fmt::format(
        "{{\"items\":[{{\"item_id\":\"mug\",\"quantity\":1}}],\"id\":\"id-{0}\",\"event\":\"{0}\","
        "\"time\":1700000000123,\"visitor\":\"v0\"}}\n",
        name);
  }
  Database database;
  const ReadReport report = read_text(database, folder, "sdk.jsonl", lines + lines);
  CHECK(report.kinds[0] == 1);
  CHECK(report.kinds[1] == 1);
  CHECK(report.kinds[2] == 1);
  // An event that arrives twice has the same id both times.
  CHECK(report.refused.at(RefusedReason::kDuplicate).count == 3);
  CHECK(report.rows_set_aside() == 2);
}

TEST_CASE("the option --map takes paths, and says which exist when one does not") {
  const Folder folder;
  ReadOptions options;
  options.files = {folder.write("a.jsonl",
                                "{\"who\":\"u\",\"at\":1600000000,\"what\":{\"things\":[{\"ref\":"
                                "\"A\"},{\"ref\":\"B\"}]}}\n")};
  options.columns = {{"user_id", "who"}, {"timestamp", "at"}, {"item_id", "what.things[].ref"}};
  Database database;
  read_events(database, options);
  CHECK(short_events(database) == Texts{"0:A:0", "0:B:0"});
  options.columns["item_id"] = "what.things[].id";
  const Failure failure = failure_of(options);
  CHECK(failure.code == base::ExitCode::kUsage);
  CHECK(failure.message.find("what.things[].ref") != std::string::npos);
}

TEST_CASE("headers with the types of RecBole are understood") {
  const Folder folder;
  const ReadLog log = read_file(folder.write(
      "a.inter", "user_id:token\titem_id:token\ttimestamp:float\nu\tA\t1600000000.0\n"));
  CHECK(log.report.rows_kept == 1);
}

TEST_CASE("of two columns of events the one whose words are known is used") {
  const Folder folder;
  Database database;
  const ReadReport report =
      read_text(database, folder, "a.csv",
                "user,item_id,event,type,ts\nu,A,interaction,click,1600000000\nu,A,interaction,buy,"
                "1600000010\n");
  CHECK(report.columns.at("event") == "type");
  CHECK(report.kinds[2] == 1);
}

TEST_CASE("a file can be given with the kind of its events") {
  const Folder folder;
  Database database;
  ReadOptions options;
  options.files = {
      folder.write("views.csv", "session_id,item_id,ts\n1,A,1600000000\n"),
      "purchase=" + folder.write("buys.csv", "session_id,item_id,ts\n1,A,1600000100\n")};
  const ReadReport report = read_events(database, options);
  CHECK(report.kinds[0] == 1);
  CHECK(report.kinds[2] == 1);
}

TEST_CASE("the item is the column whose ids the catalogue has") {
  const Folder folder;
  Database database;
  ReadOptions events;
  events.files = {folder.write("log.csv",
                               "user_id,asin,parent_asin,timestamp\nu,B1,P1,1600000000\nu,B2,P1,"
                               "1600000100\nu,B3,P2,1600000200\n")};
  ReadOptions items;
  items.files = {folder.write("items.csv", "parent_asin,title\nP1,One\nP2,Two\n")};
  match_item_columns(database, events, items);
  read_items(database, items);
  const ReadReport report = read_events(database, events);
  CHECK(report.columns.at("item_id") == "parent_asin");
  CHECK(report.events_in_catalogue == 3);
  // A catalogue with ids and SKUs, and a log with SKUs.
  events.files = {folder.write("sku.csv", "user_id,product,ts\nu,MUG-S,1600000000\n")};
  items.files = {folder.write("shop.csv", "ID,SKU,Name\n44,MUG-S,Mug\n")};
  events.item_column.clear();
  items.item_column.clear();
  match_item_columns(database, events, items);
  CHECK(read_items(database, items).columns.at("item_id") == "SKU");
}

TEST_CASE("lines before the header and Latin-1 are read") {
  const Folder folder;
  CHECK(read_file(folder.write("sep.csv", "sep=;\nuser_id;item_id;ts\nu;A;1600000000\n"))
            .report.rows_kept == 1);
  const ReadLog commented = read_file(folder.write(
      "comment.csv",
      "# exported today\n# by the shop\nuser_id,item_id,ts\nu,A,1600000000\nu,,1600000001\n"));
  CHECK(commented.report.rows_kept == 1);
  CHECK(commented.refused_lines(RefusedReason::kEmptyItem) == std::vector<std::uint64_t>{5});
  Database database;
  const ReadReport latin = read_text(database, folder, "latin.csv",
                                     "user_id,item_id,ts\nu,caf\xe9-cr\xe8me,1600000000\n");
  CHECK(column(database, "SELECT item FROM events") == Texts{"caf\xc3\xa9-cr\xc3\xa8me"});
  CHECK(latin.warnings.size() == 1);
}

TEST_CASE("orders of Shopify are purchases, but not those that were paid back or cancelled") {
  const Folder folder;
  Database database;
  const ReadReport report = read_text(
      database, folder, "orders.csv",
      "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem price,Lineitem "
      "sku,Cancelled at\n"
      "#1,a@x.example,paid,2024-03-01 10:00:00 +0100,1,12.00,A,\n"
      "#1,a@x.example,,2024-03-01 10:00:00 +0100,2,15.00,B,\n"
      "#2,b@x.example,refunded,2024-03-02 10:00:00 +0100,1,59.90,C,\n"
      "#2,b@x.example,,2024-03-02 10:00:00 +0100,1,59.90,D,\n"
      "#3,a@x.example,pending,2024-03-03 10:00:00 +0100,1,12.00,A,2024-03-03 11:00:00 +0100\n"
      "#4,c@x.example,partially_refunded,2024-03-04 10:00:00 +0100,1,12.00,A,\n");
  CHECK(short_events(database) == Texts{"0:A:2", "0:B:2", "1:A:2"});
  CHECK(report.refused.at(RefusedReason::kCancelled).count == 3);
  CHECK(report.first_time == 1709283600);
}

TEST_CASE("paths are parsed, and a column with the name of a path comes first") {
  const Texts columns = {"items", "a.b", "a"};
  const RecordPath list = parse_path("items[].item_id", columns);
  CHECK(list.column == "items");
  REQUIRE(list.steps.size() == 2);
  CHECK(list.has_list());
  CHECK(parse_path("a.b", columns).steps.empty());
  CHECK(parse_path("a.b.c", columns).column == "a.b");
  CHECK(parse_path("b.c", columns).column.empty());
  CHECK(json_pointer(parse_path("a.x~y/z[3]", columns).steps) == "/x~0y~1z/3");
}

}  // namespace vitrine::data
