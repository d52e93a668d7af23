#include <fmt/format.h>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "data/amount_column.h"
#include "data/availability.h"
#include "data/catalogue.h"
#include "model_export/ingest_fixture.h"

namespace vitrine::data {

namespace {

using Texts = std::vector<std::string>;

std::string log_of_times(const Texts& times) {
  std::string csv = "session_id,item_id,date\n";
  for (std::size_t i = 0; i < times.size(); ++i) csv += fmt::format("s,i{},\"{}\"\n", i, times[i]);
  return csv;
}

std::vector<std::int64_t> times_of(const ReadOptions& options) {
  Database database;
  read_events(database, options);
  std::vector<std::int64_t> times;
  for (const std::string& text :
       column(database, "SELECT time::VARCHAR FROM events ORDER BY item")) {
    times.push_back(std::stoll(text));
  }
  return times;
}

std::vector<double> amounts_of(const Texts& texts, std::optional<bool> comma = {}) {
  Database database;
  database.execute("CREATE TABLE amounts (place INTEGER, text VARCHAR)");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    database.execute(fmt::format("INSERT INTO amounts VALUES ({}, {})", i, sql_literal(texts[i])));
  }
  Rows rows = database.query(fmt::format("SELECT {} FROM amounts", amount_evidence_sql("text")));
  const AmountRule rule = decide_amounts(read_amount_evidence(*rows.next(), 0), comma);
  std::vector<double> amounts;
  Rows found = database.query(fmt::format(
      "SELECT coalesce({}, -1)::DOUBLE FROM amounts ORDER BY place", amount_sql("text", rule)));
  while (const Chunk* chunk = found.next()) {
    amounts.insert(amounts.end(), chunk->doubles(0).begin(), chunk->doubles(0).end());
  }
  return amounts;
}

}  // namespace

TEST_CASE("times with offsets, names of months and the texts of programs are read") {
  const Folder folder;
  constexpr std::int64_t kTime = 1709283600;  // 2024-03-01 09:00 UTC
  for (const std::string text :
       {"2024-03-01 10:00:00 +0100", "2024-03-01 09:00:00 +0000 UTC", "20240301T090000Z",
        "Fri Mar 01 2024 10:00:00 GMT+0100 (Central European Standard Time)",
        "Fri, 01 Mar 2024 09:00:00 GMT", "2024-03-01T10:00:00.000+0100",
        "01/Mar/2024:10:00:00 +0100", "2024-03-01 09:00:00,000", "March 1, 2024 at 9:00 AM",
        "1 Mar 2024 09:00", "2024-03-01 14:30:00 +05:30", "2024-03-01T09:00:00Z"}) {
    INFO(text);
    ReadOptions options;
    options.files = {folder.write("a.csv", log_of_times({text}))};
    CHECK(times_of(options) == std::vector<std::int64_t>{kTime});
  }
}

TEST_CASE("dates with short years are read for every day of a year, in both orders") {
  const Folder folder;
  for (const bool day_first : {false, true}) {
    Texts times;
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= 28; ++day) {
        times.push_back(
            fmt::format("{}/{}/24 9:00", day_first ? day : month, day_first ? month : day));
      }
    }
    const ReadLog log = read_file(folder.write("a.csv", log_of_times(times)));
    CHECK(log.report.rows_kept == times.size());
    CHECK(log.report.first_time == 1704099600);  // 2024-01-01 09:00
    CHECK(log.report.last_time == 1735376400);   // 2024-12-28 09:00
    CHECK(log.report.doubts.empty());
  }
}

TEST_CASE("the files of one run decide the order of day and month together") {
  const Folder folder;
  ReadOptions options;
  options.files = {folder.write("march.csv", log_of_times({"01/03/2024 10:00"})),
                   folder.write("april.csv", log_of_times({"13/04/2024 10:00"}))};
  const ReadLog log = read(options);
  CHECK(log.report.first_time == 1709287200);  // 2024-03-01 10:00
  CHECK(log.report.doubts.empty());
  options.files = {folder / "march.csv"};
  const ReadLog unclear = read(options);
  REQUIRE(unclear.report.doubts.size() == 1);
  CHECK(unclear.report.doubts[0].code == "date_order");
  CHECK(unclear.report.doubts[0].message.find("--date-order") != std::string::npos);
  options.day_first = true;
  CHECK(read(options).report.first_time == 1709287200);
  CHECK(read(options).report.doubts.empty());
}

TEST_CASE("numbers of a spreadsheet are dates, and other small numbers need a unit") {
  const Folder folder;
  ReadOptions options;
  options.files = {folder.write("excel.csv", log_of_times({"45292.37500", "45292.41667"}))};
  CHECK(times_of(options) == std::vector<std::int64_t>{1704099600, 1704103200});
  options.files = {folder.write("whole.csv", log_of_times({"45292", "45293"}))};
  CHECK(times_of(options) == std::vector<std::int64_t>{1704067200, 1704153600});
  options.files = {folder.write("days.csv", log_of_times({"1", "4", "711"}))};
  const Failure failure = failure_of(options);
  CHECK(failure.code == base::ExitCode::kDataUnusable);
  CHECK(failure.message.find("--time-unit days") != std::string::npos);
  options.time_unit = TimeUnit::kDayNumber;
  CHECK(times_of(options) == std::vector<std::int64_t>{86400, 345600, 61430400});
}

TEST_CASE("a time of the day, or since the visit began, is added to a day") {
  const Folder folder;
  Database database;
  ReadOptions options;
  options.files = {folder.write("a.csv",
                                "session_id,item_id,timeframe,eventdate\n"
                                "1,b,5000,2016-05-09\n1,a,1500,2016-05-09\n")};
  read_events(database, options);
  CHECK(column(database, "SELECT item || ':' || time FROM events ORDER BY position") ==
        Texts{"a:1462752001", "b:1462752005"});
  options.files = {folder.write("b.csv",
                                "session_id,item_id,date,time\n1,a,2016-05-09,10:30\n"
                                "1,b,2016-05-09,10:31:05\n")};
  read_events(database, options);
  CHECK(column(database, "SELECT time::VARCHAR FROM events ORDER BY position") ==
        Texts{"1462789800", "1462789865"});
}

TEST_CASE("amounts say themselves which sign is the decimal one, else their column does") {
  using Amounts = std::vector<double>;
  CHECK(amounts_of({"15.00 USD", "1.299,00 EUR", "$1,299", "1 299,50 €"}) ==
        Amounts{15, 1299, 1299, 1299.5});
  CHECK(amounts_of({"12,50 €", "1.299 EUR", "1.234.567,00"}) == Amounts{12.5, 1299, 1234567});
  CHECK(amounts_of({"$12.50", "$1,299", "$1,299,000"}) == Amounts{12.5, 1299, 1299000});
  CHECK(amounts_of({"1.299 EUR", "2.499 EUR"}) == Amounts{1299, 2499});
  CHECK(amounts_of({"12.5", "1.299", "0.299"}) == Amounts{12.5, 1.299, 0.299});
  CHECK(amounts_of({"10.00 - 20.00", "from 9,99", "1'299.00 CHF", "free", "Rs. 450", "1e2"}) ==
        Amounts{10, 9.99, 1299, -1, 450, 100});
  CHECK(amounts_of({"1.299"}, true) == Amounts{1299});
  CHECK(amounts_of({"1.299"}, false) == Amounts{1.299});
}

TEST_CASE("a column of amounts that decides nothing is told with the flag that does") {
  const Folder folder;
  Database database;
  ReadOptions options;
  options.files = {folder.write("items.csv", "id;price\na;1.299 EUR\nb;2.499 EUR\n")};
  const ItemsReport report = read_items(database, options);
  REQUIRE(report.doubts.size() == 1);
  CHECK(report.doubts[0].message.find("--decimal") != std::string::npos);
  options.decimal_comma = true;
  CHECK(read_items(database, options).doubts.empty());
}

TEST_CASE("a catalogue of WooCommerce has its prices, first paths and drafts") {
  const Folder folder;
  Database database;
  ReadOptions options;
  options.files = {folder.write(
      "woo.csv",
      "\xef\xbb\xbfID,Name,Published,In stock?,Stock,Sale price,Regular price,Categories\n"
      "44,Cap,1,1,,18,20,\"Clothing > Accessories, Sale\"\n"
      "47,Tee,1,0,0,,15,Clothing > Tees\n"
      "48,Scent,1,1,,,1234.50,\"Body Care > Perfume\\, Cologne > Unisex\"\n"
      "49,Draft,-1,1,,,10,Uncategorized\n"
      "50,Ordered,1,1,0,,10,Uncategorized\n")};
  read_items(database, options);
  CHECK(
      column(database,
             "SELECT concat_ws('|', id, category, price, available) FROM catalogue ORDER BY id") ==
      Texts{"44|Clothing/Accessories|18.0|true", "47|Clothing/Tees|15.0|false",
            "48|Body Care/Perfume, Cologne/Unisex|1234.5|true", "49|Uncategorized|10.0|false",
            "50|Uncategorized|10.0|true"});
}

TEST_CASE("words of availability are understood, and those that are not are told") {
  Database database;
  const auto for_sale = [&](const std::string& word) {
    return database.query_int64(
        fmt::format("SELECT coalesce(({})::INTEGER, 2)::BIGINT", for_sale_sql(sql_literal(word))));
  };
  for (const std::string word : {"out of stock",
                                 "OutOfStock",
                                 "https://schema.org/OutOfStock",
                                 "http://schema.org/SoldOut",
                                 "not available",
                                 "temporarily out of stock",
                                 "oos",
                                 "archived",
                                 "draft",
                                 "hidden",
                                 "0,0",
                                 "0",
                                 "-1",
                                 "ausverkauft",
                                 "épuisé",
                                 "agotado",
                                 "esaurito",
                                 "uitverkocht",
                                 "wyprzedane",
                                 "нет в наличии",
                                 "売り切れ",
                                 "no",
                                 "FALSE"}) {
    INFO(word);
    CHECK(for_sale(word) == 0);
  }
  for (const std::string word : {"in stock", "in_stock", "https://schema.org/InStock", "preorder",
                                 "backorder", "12", "1,5", "active", "lieferbar", "yes"}) {
    INFO(word);
    CHECK(for_sale(word) == 1);
  }
  CHECK(for_sale("perhaps") == 2);
  const Folder folder;
  ReadOptions options;
  options.files = {folder.write("items.csv", "id,availability\na,perhaps\nb,perhaps\nc,oos\n")};
  const ItemsReport report = read_items(database, options);
  CHECK(report.unavailable == 1);
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].find("\"perhaps\" (2)") != std::string::npos);
}

TEST_CASE("whole numbers with zeros after the point are the same ids, versions are not") {
  const Folder folder;
  Database database;
  ReadOptions options;
  options.files = {folder.write("items.csv", "item_id,price\n700,9.5\n701,9.5\n")};
  read_items(database, options);
  options.files = {folder.write("log.csv",
                                "user_id,item_id,ts\n1.0,700.0,1600000000\n"
                                "1.0,701.00,1600000010\n")};
  CHECK(read_events(database, options).events_in_catalogue == 2);
  options.files = {
      folder.write("v.csv", "user_id,item_id,ts\nu,1.0,1600000000\nu,1.5,1600000010\n")};
  read_events(database, options);
  CHECK(column(database, "SELECT item FROM events ORDER BY item") == Texts{"1.0", "1.5"});
}

}  // namespace vitrine::data
