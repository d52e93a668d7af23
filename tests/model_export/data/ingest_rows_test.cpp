#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "data/catalogue.h"
#include "model_export/ingest_fixture.h"

namespace vitrine::data {

namespace {

using Texts = std::vector<std::string>;

/// Each row is in exactly one place.
void check_sum(const ReadReport& report) {
  CHECK(report.rows_kept + report.rows_refused() + report.rows_set_aside() == report.rows_read);
}

bool has_doubt(const ReadReport& report, const std::string& code) {
  return std::any_of(report.doubts.begin(), report.doubts.end(),
                     [&](const LogDoubt& doubt) { return doubt.code == code; });
}

/// A log of 40 shoppers with five views each, whose sessions lie a day apart.
Texts plain_rows() {
  Texts rows;
  for (int u = 0; u < 40; ++u) {
    for (int k = 0; k < 5; ++k) {
      rows.push_back(
          fmt::format("u{},i{},view,{}", u, (u * 7 + k * 3) % 23, 1600000000 + u * 86400 + k * 30));
    }
  }
  return rows;
}

std::string as_csv(const Texts& rows, const std::string& header = "user_id,item_id,event,ts") {
  std::string csv = header + "\n";
  for (const std::string& row : rows) csv += row + "\n";
  return csv;
}

}  // namespace

TEST_CASE("a refund takes the purchase back, and is no event of its own") {
  const Folder folder;
  for (const std::string word :
       {"refund", "return", "cancelled", "Order Refunded", "order_cancelled", "chargeback"}) {
    INFO(word);
    const ReadLog log = read_file(folder.write(
        "a.csv",
        as_csv({"u,A,view,1600000000", "u,A,purchase,1600000010", "u,B,purchase,1600000010",
                "u,A," + word + ",1600000100", "v,A,purchase,1600000020"})));
    CHECK(log.events == Texts{"0:0:A:0:1600000000", "0:1:B:2:1600000010", "1:0:A:2:1600000020"});
    CHECK(log.refused(RefusedReason::kCancelled) == 1);
    CHECK(log.report.rows_set_aside() == 1);
    check_sum(log.report);
  }
}

TEST_CASE("a refund without items takes back its whole order") {
  const Folder folder;
  const ReadLog log = read_file(
      folder.write("a.csv", as_csv({"u,A,purchase,1600000010,O1", "u,B,purchase,1600000010,O1",
                                    "u,B,purchase,1600009000,O2", "u,,refund,1600010000,O1"},
                                   "user_id,item_id,event,ts,transaction_id")));
  CHECK(log.events == Texts{"0:0:B:2:1600009000"});
  check_sum(log.report);
}

TEST_CASE("impressions, promotions, searches and steps of a checkout are set aside by their name") {
  const Folder folder;
  const ReadLog log = read_file(folder.write(
      "a.csv", as_csv({"u,A,view_item_list,1600000000", "u,A,Product List Viewed,1600000001",
                       "u,A,view_promotion,1600000002", "u,,search,1600000003",
                       "u,A,begin_checkout,1600000004", "u,A,impression,1600000005",
                       "u,,page_view,1600000006", "u,,session_start,1600000007",
                       "u,A,click,1600000008", "u,,view,1600000009"})));
  CHECK(log.events == Texts{"0:0:A:0:1600000008"});
  CHECK(log.report.set_aside[static_cast<std::size_t>(EventMeaning::kImpression)] == 3);
  CHECK(log.report.set_aside[static_cast<std::size_t>(EventMeaning::kPromotion)] == 1);
  CHECK(log.report.set_aside[static_cast<std::size_t>(EventMeaning::kSearch)] == 1);
  CHECK(log.report.set_aside[static_cast<std::size_t>(EventMeaning::kCheckout)] == 1);
  CHECK(log.report.set_aside[static_cast<std::size_t>(EventMeaning::kVisit)] == 2);
  CHECK(log.refused(RefusedReason::kEmptyItem) == 1);
  check_sum(log.report);
}

TEST_CASE("lines of an order that differ in any column are no duplicates") {
  const Folder folder;
  const ReadLog log = read_file(
      folder.write("a.csv",
                   "order_id,order_item_id,product_id,created_at,price,quantity\n"
                   "o,1,P,2024-02-01 09:45:35,58.90,1\no,2,P,2024-02-01 09:45:35,58.90,1\n"
                   "o,2,P,2024-02-01 09:45:35,58.90,1\n"));
  CHECK(log.report.rows_kept == 2);
  CHECK(log.refused(RefusedReason::kDuplicate) == 1);
  check_sum(log.report);
}

TEST_CASE("the items of an order that is reported again later count once") {
  const Folder folder;
  const ReadLog log = read_file(folder.write(
      "a.csv",
      as_csv({"u,A,view,1600000000,", "u,A,purchase,1600000010,O1", "u,B,purchase,1600000010,O1",
              "u,A,purchase,1600000090,O1", "u,A,purchase,1600900000,O2"},
             "user_id,item_id,event,ts,transaction_id")));
  CHECK(log.report.rows_kept == 4);
  CHECK(log.refused(RefusedReason::kOrderRepeated) == 1);
  check_sum(log.report);
}

TEST_CASE("a row of another century does not move the time of the log") {
  const Folder folder;
  const std::int64_t first = 1600000000;
  for (const std::string row : {"z,i1,view,2145916800", "z,i1,view,86400"}) {
    INFO(row);
    Texts rows = plain_rows();
    rows.push_back(row);
    const ReadLog log = read_file(folder.write("a.csv", as_csv(rows)));
    CHECK(log.report.rows_kept == 200);
    CHECK(log.refused_lines(RefusedReason::kTimeOutlier) == std::vector<std::uint64_t>{202});
    CHECK(log.report.first_time == first);
    CHECK(log.report.warnings.size() == 1);
    check_sum(log.report);
  }
  // A shop that is closed for a month has no outliers.
  Texts rows = plain_rows();
  for (int k = 0; k < 5; ++k) rows.push_back(fmt::format("z,i{},view,{}", k, first + 8000000 + k));
  CHECK(read_file(folder.write("b.csv", as_csv(rows))).report.rows_kept == 205);
}

TEST_CASE("a crawler adds no more than a busy shopper, and the report names it") {
  const Folder folder;
  Texts rows = plain_rows();
  for (int i = 0; i < 2000; ++i) {
    rows.push_back(fmt::format("crawler,i{},view,{}", i % 20, 1600000000 + i * 100));
  }
  ReadOptions options;
  options.files = {folder.write("a.csv", as_csv(rows))};
  const ReadLog log = read(options);
  CHECK(log.report.rows_kept == 400);
  CHECK(log.refused(RefusedReason::kCapped) == 1800);
  REQUIRE(log.report.warnings.size() == 1);
  CHECK(log.report.warnings[0].find("\"crawler\" (2,000 events)") != std::string::npos);
  check_sum(log.report);
  options.most_events = 0;
  CHECK(read(options).report.rows_kept == 2200);
}

TEST_CASE("items that are named to be left out are left out") {
  const Folder folder;
  ReadOptions options;
  options.files = {folder.write(
      "a.csv", as_csv({"u,A,view,1600000000", "u,POST,view,1600000001", "u,B,view,1600000002"}))};
  options.leave_out = {"POST", "C2"};
  const ReadLog log = read(options);
  CHECK(log.report.rows_kept == 2);
  CHECK(log.refused(RefusedReason::kLeftOut) == 1);
  check_sum(log.report);
}

TEST_CASE("a log that is probably not read as it is meant is doubted with the likely remedy") {
  const Folder folder;
  const auto report_of = [&](const Texts& rows) {
    return read_file(folder.write("a.csv", as_csv(rows))).report;
  };
  CHECK(report_of(plain_rows()).doubts.empty());

  Texts refused = plain_rows();
  for (int i = 0; i < 30; ++i) refused.push_back(fmt::format(",i1,view,{}", 1600000000 + i));
  CHECK(has_doubt(report_of(refused), "many_rows_refused"));

  Texts early;
  for (int i = 0; i < 30; ++i)
    early.push_back(fmt::format("u{},i{},view,{}", i % 5, i % 7, 500000000 + i));
  CHECK(has_doubt(report_of(early), "times_before_1995"));

  Texts postage = plain_rows();
  for (int u = 0; u < 40; ++u) {
    postage.push_back(fmt::format("u{},POST,view,{}", u, 1600000000 + u * 86400 + 500));
  }
  const ReadReport with_postage = report_of(postage);
  REQUIRE(has_doubt(with_postage, "item_in_most_sessions"));
  CHECK(with_postage.doubts[0].message.find("--leave-out POST") != std::string::npos);

  Texts cases = plain_rows();
  cases.push_back("u1,I1,view,1600000005");
  CHECK(has_doubt(report_of(cases), "ids_differ_by_case"));

  Database database;
  ReadOptions items;
  items.files = {folder.write("items.csv", "id,title\nx1,One\ni1,Two\n")};
  read_items(database, items);
  ReadOptions events;
  events.files = {folder.write("a.csv", as_csv(plain_rows()))};
  CHECK(has_doubt(read_events(database, events), "events_not_in_catalogue"));
}

TEST_CASE("events of one second keep the order of their milliseconds, and are no duplicates") {
  const Folder folder;
  const ReadLog log =
      read_file(folder.write("a.csv",
                             "session_id,item_id,ts\ns,b,1600000000900\ns,a,1600000000100\n"
                             "s,a,1600000000500\n"));
  CHECK(log.events == Texts{"0:0:a:0:1600000000", "0:1:a:0:1600000000", "0:2:b:0:1600000000"});
}

TEST_CASE("the order of rows and the names of files do not change what is read") {
  const Folder folder;
  std::mt19937 random(7);
  Texts rows;
  for (int i = 0; i < 600; ++i) {
    // Some events share their time to the millisecond.
    rows.push_back(fmt::format("u{},i{},{},{}", i % 37, (i * 5) % 29, i % 9 == 0 ? "buy" : "view",
                               1600000000000 + (i / 37) * 40000 + (i % 50 == 0 ? 0 : i)));
  }
  const ReadLog expected = read_file(folder.write("a.csv", as_csv(rows)));
  for (int round = 0; round < 5; ++round) {
    std::shuffle(rows.begin(), rows.end(), random);
    const auto cut = rows.begin() + 100 + static_cast<std::ptrdiff_t>(random() % 400);
    ReadOptions options;
    options.files = {
        folder.write(round % 2 == 0 ? "x.csv" : "c.csv", as_csv(Texts(rows.begin(), cut))),
        folder.write("b.csv", as_csv(Texts(cut, rows.end())))};
    CHECK(read(options).events == expected.events);
  }
}

TEST_CASE("events of one day keep the order of their rows, whatever their files are called") {
  const Folder folder;
  const Texts first = {"u,c,view,2024-01-01", "u,a,view,2024-01-01", "u,b,view,2024-01-01"};
  const Texts second = {"u,z,view,2024-01-02", "u,y,view,2024-01-02"};
  ReadOptions options;
  options.session_gap = "none";
  options.files = {folder.write("1.csv", as_csv(first)), folder.write("2.csv", as_csv(second))};
  const ReadLog log = read(options);
  CHECK(log.events == Texts{"0:0:c:0:1704067200", "0:1:a:0:1704067200", "0:2:b:0:1704067200",
                            "0:3:z:0:1704153600", "0:4:y:0:1704153600"});
  options.files = {folder.write("9.csv", as_csv(first)), folder.write("8.csv", as_csv(second))};
  CHECK(read(options).events == log.events);
}

}  // namespace vitrine::data
