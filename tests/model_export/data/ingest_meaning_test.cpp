#include <catch2/catch_test_macros.hpp>

#include "data/catalogue.h"
#include "data/sessions.h"
#include "data/time_column.h"
#include "model_export/ingest_fixture.h"

namespace vitrine::data {

namespace {

std::int64_t only_time(const Folder& folder, const std::string& text) {
  Database database;
  ReadOptions options;
  options.files = {
      folder.write("t.csv", "session_id,item_id,timestamp\ns1,mug,\"" + text + "\"\n")};
  read_events(database, options);
  return database.query_int64("SELECT time FROM events");
}

}  // namespace

TEST_CASE("columns are found by their usual names") {
  const Folder folder;
  for (const std::string header :
       {"SessionId,ItemId,Time", "sid,product_id,event_time", "visitorid,itemid,timestamp",
        "Customer ID,SKU,Date", "user-id,ASIN,datetime", "InvoiceNo,StockCode,InvoiceDate"}) {
    INFO(header);
    CHECK(read_file(folder.write("a.csv", header + "\n1,mug,1600000000\n")).report.rows_kept == 1);
  }
}

TEST_CASE("each word for an event becomes its kind, in SQL as in C++") {
  Database database;
  const struct {
    std::string word;
    EventKind kind;
  } cases[] = {{"view", EventKind::kView},
               {"PV", EventKind::kView},
               {"", EventKind::kView},
               {"Add to Cart", EventKind::kCart},
               {"add_to_cart", EventKind::kCart},
               {"transaction", EventKind::kPurchase},
               {"buy", EventKind::kPurchase},
               {"fav", EventKind::kFavorite},
               {"wishlist", EventKind::kFavorite},
               {"remove_from_cart", EventKind::kRemove},
               {"teleport", EventKind::kOther}};
  for (const auto& [word, kind] : cases) {
    INFO(word);
    CHECK(event_kind(word) == kind);
    CHECK(database.query_int64("SELECT (" + event_kind_sql(sql_literal(word)) + ")::BIGINT") ==
          static_cast<std::int64_t>(kind));
  }
}

TEST_CASE("times are understood in the usual forms") {
  const Folder folder;
  constexpr std::int64_t kMorning = 1291191960;  // 2010-12-01 08:26:00 UTC
  constexpr std::int64_t kMidnight = 1291161600;
  for (const std::string text :
       {"1291191960", "1291191960000", "1291191960000000", "1291191960.25", "2010-12-01 08:26:00",
        "2010-12-01T08:26:00Z", "2010-12-01T10:26:00+02:00", "2010-12-01 08:26:00 UTC",
        "2010-12-01 08:26", "12/1/2010 8:26", "12/01/2010 08:26:00 AM", "20101201082600",
        "Wed, 01 Dec 2010 08:26:00 +0000"}) {
    INFO(text);
    CHECK(only_time(folder, text) == kMorning);
  }
  for (const std::string text :
       {"20101201", "2010-12-01", "2010/12/01", "12/1/2010", "01.12.2010"}) {
    INFO(text);
    CHECK(only_time(folder, text) == kMidnight);
  }
}

TEST_CASE("one date with a day above twelve settles the order of day and month for its file") {
  const Folder folder;
  const ReadLog result = read_file(folder.write(
      "a.csv", "session_id,item_id,date\ns1,mug,13/12/2010 8:26\ns1,jug,1/12/2010 8:26\n"));
  CHECK(result.events == std::vector<std::string>{"0:0:jug:0:1291191960", "0:1:mug:0:1292228760"});
  CHECK(result.report.warnings.empty());
  const ReadLog unclear =
      read_file(folder.write("b.csv", "session_id,item_id,date\ns1,jug,1/12/2010 8:26\n"));
  CHECK(unclear.report.doubts.size() == 1);
}

TEST_CASE("a row in another time unit than its file is refused, not put into another century") {
  const Folder folder;
  const ReadLog result = read_file(folder.write(
      "a.csv", "session_id,item_id,ts\ns1,a,1600000000000\ns1,b,1600000001000\ns1,c,1600000002\n"));
  CHECK(result.report.rows_kept == 2);
  CHECK(result.refused(RefusedReason::kTimeUnit) == 1);
  CHECK(result.report.warnings.size() == 1);
}

TEST_CASE("silence cuts a user's events into sessions") {
  const Folder folder;
  ReadOptions options;
  options.files = {folder.write("a.csv",
                                "user_id,item_id,ts\n"
                                "u1,a,1600000000\nu1,b,1600000600\nu1,c,1600001200\n"
                                "u1,d,1600010000\nu2,e,1600000100\nu2,f,1600001900\n")};
  // u2's second event comes exactly 30 minutes after the first: still the same session.
  CHECK(read(options).events ==
        std::vector<std::string>{"0:0:a:0:1600000000", "0:1:b:0:1600000600", "0:2:c:0:1600001200",
                                 "1:0:e:0:1600000100", "1:1:f:0:1600001900", "2:0:d:0:1600010000"});
  options.session_gap = "10m";
  CHECK(read(options).report.sessions == 4);
  options.session_gap = "none";
  CHECK(read(options).report.sessions == 2);
}

TEST_CASE("auto takes the whole history where silence would leave single events") {
  const Folder folder;
  const ReadLog result =
      read_file(folder.write("a.csv",
                             "user_id,item_id,date\n"
                             "u1,a,2020-01-01\nu1,b,2020-01-02\nu1,c,2020-01-03\n"
                             "u2,a,2020-01-01\n"));
  CHECK(result.report.sessions == 2);
  CHECK(result.report.sessions_from.find("whole history") != std::string::npos);
}

TEST_CASE("a session id that several users share is one session for each of them") {
  const Folder folder;
  const ReadLog result = read_file(folder.write("a.csv",
                                                "session_id,user_id,item_id,ts\n"
                                                "1,anna,a,1600000000\n1,anna,b,1600000001\n"
                                                "1,bert,c,1600000002\n2,bert,d,1600000003\n"
                                                "2,,e,1600000004\n"));
  CHECK(result.events == std::vector<std::string>{"0:0:a:0:1600000000", "0:1:b:0:1600000001",
                                                  "1:0:c:0:1600000002", "2:0:d:0:1600000003",
                                                  "2:1:e:0:1600000004"});
  CHECK(result.report.warnings.size() == 1);
}

TEST_CASE("sessions are numbered by first time, then by their text") {
  const Folder folder;
  const ReadLog result =
      read_file(folder.write("a.csv",
                             "session_id,item_id,ts\n"
                             "b,x,1600000000\na,y,1600000000\nc,z,1500000000\n"));
  CHECK(result.events ==
        std::vector<std::string>{"0:0:z:0:1500000000", "1:0:y:0:1600000000", "2:0:x:0:1600000000"});
}

TEST_CASE("invoices are purchases, cancelled ones are refused") {
  const Folder folder;
  const ReadLog result =
      read_file(folder.write("retail.csv",
                             "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
                             "536365,85123A,6,2010-12-01 08:26:00,2.55,17850\n"
                             "536365,71053,-2,2010-12-01 08:26:00,3.39,17850\n"
                             "C536379,D,1,2010-12-01 09:41:00,27.5,14527\n"));
  CHECK(result.events == std::vector<std::string>{"0:0:85123A:2:1291191960"});
  CHECK(result.refused_lines(RefusedReason::kCancelled) == std::vector<std::uint64_t>{3, 4});
}

TEST_CASE("prices are read with currency signs and decimal commas") {
  const Folder folder;
  Database database;
  ReadOptions options;
  options.files = {
      folder.write("a.csv",
                   "session_id;item_id;ts;price\ns;a;1600000001;12.5\ns;b;1600000002;12,50\n"
                   "s;c;1600000003;$1,299.00\ns;d;1600000004;free\ns;e;1600000005;\n")};
  read_events(database, options);
  CHECK(column(database, "SELECT coalesce(price::VARCHAR, 'none') FROM events ORDER BY position") ==
        std::vector<std::string>{"12.5", "12.5", "1299.0", "none", "none"});
}

TEST_CASE("the country of an event is kept as it stands, and is nothing where it is blank") {
  const Folder folder;
  Database database;
  const std::string path = folder.write(
      "log.csv",
      "session,item,time,Country\n1,a,1600000000,Norway\n1,b,1600000010, \n1,c,1600000020,NULL\n");
  read_events(database, {.files = {path}});
  CHECK(database.query_int64("SELECT count(*) FROM events WHERE country = 'Norway'") == 1);
  CHECK(database.query_int64("SELECT count(*) FROM events WHERE country IS NULL") == 2);
}

TEST_CASE("a catalogue has one row an id, its paths written with slashes") {
  const Folder folder;
  Database database;
  ReadOptions options;
  options.files = {folder.write("items.csv",
                                "id,title,category,brand,price,in_stock\n"
                                "mug,\"Stoneware Mug, Moss\",Kitchen > Mugs,Brae,12.90,yes\n"
                                "mug,Another,Kitchen,Brae,1,yes\n"
                                ",Nameless,Kitchen,Brae,1,yes\n"
                                "tent,Tent,Outdoor/Tents,,,0\n")};
  const ItemsReport report = read_items(database, options);
  CHECK(report.rows_kept == 2);
  CHECK(report.refused.at(RefusedReason::kRepeatedId).count == 1);
  CHECK(report.refused.at(RefusedReason::kEmptyItem).samples.at(0).line == 4);
  CHECK(column(database,
               "SELECT concat_ws('|', id, category, coalesce(brand, '-'), coalesce(price, -1), "
               "available, title) FROM catalogue ORDER BY id") ==
        std::vector<std::string>{"mug|Kitchen/Mugs|Brae|12.9|true|Stoneware Mug, Moss",
                                 "tent|Outdoor/Tents|-|-1.0|false|Tent"});
}

TEST_CASE("the public diginetica log has its known counts") {
  const std::string path = std::string(VITRINE_SHARED_DIR) + "/data/diginetica/train.csv.gz";
  if (!std::filesystem::exists(path)) SKIP("no " << path << " on this machine");
  const ReadLog result = read_file(path);
  CHECK(result.report.rows_kept == 906140);
  CHECK(result.report.sessions == 186670);
  CHECK(result.report.items == 43097);
  CHECK(result.report.rows_refused() == 0);
}

}  // namespace vitrine::data
