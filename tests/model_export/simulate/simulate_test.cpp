#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

#include "base/random.h"
#include "data/catalogue.h"
#include "model_export/ingest_fixture.h"
#include "simulate/product_types.h"
#include "simulate/simulation.h"

namespace vitrine::simulate {

namespace {

std::string bytes_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

SimulationOptions small(const std::string& out) {
  SimulationOptions options;
  options.shoppers = 300;
  options.products = 200;
  options.days = 20;
  options.out = out;
  return options;
}

}  // namespace

TEST_CASE("portable exp and log agree with the C library") {
  for (double x = -30.0; x < 30.0; x += 0.37) {
    CHECK(std::abs(base::portable_exp(x) / std::exp(x) - 1.0) < 1e-12);
    CHECK(std::abs(base::portable_log(std::exp(x)) - x) < 1e-12);
  }
}

TEST_CASE("the same seed writes the same bytes and another seed does not") {
  const Folder folder;
  SimulationOptions options = small(folder / "a");
  simulate(options);
  options.out = folder / "b";
  simulate(options);
  options.out = folder / "c";
  options.seed = 2;
  simulate(options);
  for (const char* name : {"/items.csv", "/events.csv", "/simulation.json"}) {
    INFO(name);
    const std::string first = bytes_of((folder / "a") + name);
    CHECK(first.size() > 100);
    CHECK(bytes_of((folder / "b") + name) == first);
    CHECK(bytes_of((folder / "c") + name) != first);
  }
}

TEST_CASE("every event's item is in the catalogue and every row is usable") {
  const Folder folder;
  const SimulationCounts counts = simulate(small(folder / "shop"));
  data::Database database;
  data::ReadOptions options;
  options.files = {folder / "shop/events.csv"};
  options.most_events = 0;
  const data::ReadReport events = data::read_events(database, options);
  options.files = {folder / "shop/items.csv"};
  const data::ItemsReport items = data::read_items(database, options);
  CHECK(events.rows_kept == counts.events);
  CHECK(events.sessions == counts.sessions);
  CHECK(events.rows_refused() == 0);
  CHECK(items.rows_kept == 200);
  CHECK(items.categories == kProductTypes);
  CHECK(database.query_int64("SELECT count(*) FROM events WHERE item NOT IN (SELECT id FROM "
                             "catalogue)") == 0);
  CHECK(database.query_int64("SELECT count(*) FROM events JOIN catalogue ON item = id WHERE "
                             "events.price <> catalogue.price") == 0);
  for (const EventKind kind : {EventKind::kView, EventKind::kCart, EventKind::kPurchase,
                               EventKind::kFavorite, EventKind::kRemove}) {
    CHECK(events.kinds[static_cast<std::size_t>(kind)] > 0);
  }
}

TEST_CASE("tents sell in summer and candles in winter") {
  const Folder folder;
  SimulationOptions options = small(folder / "year");
  options.shoppers = 1500;
  options.days = 365;
  options.start = "2025-01-01";
  simulate(options);
  data::Database database;
  data::ReadOptions read;
  read.files = {folder / "year/events.csv"};
  data::read_events(database, read);
  read.files = {folder / "year/items.csv"};
  data::read_items(database, read);
  const auto views = [&](const std::string& category, const std::string& months) {
    return static_cast<double>(database.query_int64(
        "SELECT count(*) FROM events JOIN catalogue ON item = id WHERE category = '" + category +
        "' AND month(make_timestamp(time * 1000000)) IN (" + months + ")"));
  };
  // The seasons themselves are 4.5 and 3.2 to 1; intents leak into neighbouring clicks.
  CHECK(views("Outdoor/Tents", "6, 7") > 1.8 * views("Outdoor/Tents", "1, 12"));
  CHECK(views("Living/Candles", "1, 12") > 1.5 * views("Living/Candles", "6, 7"));
}

TEST_CASE("shoppers come back to what they like and sessions stay with one thing") {
  const Folder folder;
  SimulationOptions options = small(folder / "shop");
  options.shoppers = 1000;
  options.sessions_per_shopper = 8;
  simulate(options);
  data::Database database;
  data::ReadOptions read;
  read.files = {folder / "shop/events.csv"};
  data::read_events(database, read);
  read.files = {folder / "shop/items.csv"};
  data::read_items(database, read);
  database.execute(
      "CREATE TABLE typed AS SELECT session, position, user_key, split_part(category, '/', 1) AS "
      "department, category, catalogue.price AS price FROM events JOIN catalogue ON item = id "
      "WHERE "
      "kind = 0");
  // By chance, two views share a type about once in 24 and a department about once in 6.
  const double same_type = database.query_double(
      "SELECT avg((category = next)::INTEGER)::DOUBLE FROM (SELECT category, lead(category) OVER "
      "(PARTITION BY session ORDER BY position) AS next FROM typed WHERE user_key IS NOT NULL) "
      "WHERE "
      "next IS NOT NULL");
  CHECK(same_type > 0.5);
  const double same_department = database.query_double(
      "WITH firsts AS (SELECT user_key, session, first(department ORDER BY position) AS department "
      "FROM typed WHERE user_key IS NOT NULL GROUP BY user_key, session) SELECT avg((a.department "
      "= "
      "b.department)::INTEGER)::DOUBLE FROM firsts a JOIN firsts b ON a.user_key = b.user_key AND "
      "a.session < b.session");
  CHECK(same_department > 0.25);
  const double by_chance = database.query_double(
      "WITH firsts AS (SELECT first(department ORDER BY position) AS department FROM typed WHERE "
      "user_key IS NOT NULL GROUP BY session), shares AS (SELECT count(*) / sum(count(*)) OVER () "
      "AS "
      "share FROM firsts GROUP BY department) SELECT sum(share * share)::DOUBLE FROM shares");
  CHECK(same_department > 1.3 * by_chance);
}

TEST_CASE("popularity is far from even and new products appear on the way") {
  const Folder folder;
  simulate(small(folder / "shop"));
  data::Database database;
  data::ReadOptions read;
  read.files = {folder / "shop/events.csv"};
  data::read_events(database, read);
  const double top = database.query_double(
      "SELECT (sum(n) FILTER (place <= 20) / sum(n))::DOUBLE FROM (SELECT count(*) AS n, "
      "row_number() OVER (ORDER BY count(*) DESC) AS place FROM events GROUP BY item)");
  CHECK(top > 0.2);  // 0.1 if all were alike
  CHECK(database.query_int64("SELECT count(*) FROM (SELECT item FROM events GROUP BY item HAVING "
                             "min(time) > (SELECT min(time) + 5 * 86400 FROM events))") > 10);
}

TEST_CASE("options out of range and folders that cannot be written are clear errors") {
  const Folder folder;
  const auto code_of = [](const SimulationOptions& options) {
    try {
      simulate(options);
    } catch (const base::Error& error) {
      return error.code();
    }
    return base::ExitCode::kOk;
  };
  SimulationOptions options = small(folder / "x");
  options.products = 0;
  CHECK(code_of(options) == base::ExitCode::kUsage);
  options = small(folder / "x");
  options.start = "2026-13-01";
  CHECK(code_of(options) == base::ExitCode::kUsage);
  options = small(folder.write("file", "in the way") + "/x");
  CHECK(code_of(options) == base::ExitCode::kIo);
}

}  // namespace vitrine::simulate
