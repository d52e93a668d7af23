#include <fmt/format.h>

#include <zstd.h>

#include <catch2/catch_test_macros.hpp>

#include "model_export/ingest_fixture.h"

namespace vitrine::data {

namespace {

const std::string kCsv =
    "session_id,item_id,event,timestamp\n"
    "s2,lamp,view,1600000100\n"
    "s1,mug,view,1600000000\n"
    "s1,bowl,add_to_cart,1600000010\n";

const std::vector<std::string> kEvents = {"0:0:mug:0:1600000000", "0:1:bowl:1:1600000010",
                                          "1:0:lamp:0:1600000100"};

std::string zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

}  // namespace

TEST_CASE("the same events come out of CSV, TSV, JSON lines, JSON arrays and Parquet") {
  const Folder folder;
  std::string tsv = kCsv;
  for (char& c : tsv) c = c == ',' ? '\t' : c;
  std::string semicolons = kCsv;
  for (char& c : semicolons) c = c == ',' ? ';' : c;
  const std::string json =
      R"({"session_id":"s2","item_id":"lamp","event":"view","timestamp":1600000100})"
      "\n"
      R"({"session_id":"s1","item_id":"mug","event":"view","timestamp":1600000000})"
      "\n\n"
      R"({"session_id":"s1","item_id":"bowl","event":"add_to_cart","timestamp":1600000010})"
      "\n";
  CHECK(read_file(folder.write("a.csv", kCsv)).events == kEvents);
  CHECK(read_file(folder.write("a.tsv", tsv)).events == kEvents);
  CHECK(read_file(folder.write("semicolons.csv", semicolons)).events == kEvents);
  CHECK(read_file(folder.write("a.jsonl", json)).events == kEvents);
  CHECK(read_file(folder.write("a.json",
                               R"([{"session_id":"s2","item_id":"lamp","timestamp":1600000100},
        {"session_id":"s1","item_id":"mug","timestamp":1600000000},
        {"session_id":"s1","item_id":"bowl","event":"cart","timestamp":1600000010}])"))
            .events == kEvents);
  Database().execute("COPY (SELECT * FROM read_csv(" + sql_literal(folder / "a.csv") + ")) TO " +
                     sql_literal(folder / "a.parquet") + " (FORMAT parquet, COMPRESSION zstd)");
  CHECK(read_file(folder / "a.parquet").events == kEvents);
}

TEST_CASE("gzip and Zstandard are known by content whatever the name") {
  const Folder folder;
  CHECK(read_file(folder.write("a.csv.gz", gzip(kCsv))).events == kEvents);
  CHECK(read_file(folder.write("b.csv", gzip(kCsv))).events == kEvents);
  CHECK(read_file(folder.write("a.csv.zst", zstd(kCsv))).events == kEvents);
  // Two archives one after another are one file, as with cat a.gz b.gz.
  const std::size_t half = kCsv.find("s1,bowl");
  CHECK(read_file(folder.write("two.gz", gzip(kCsv.substr(0, half)) + gzip(kCsv.substr(half))))
            .events == kEvents);
}

TEST_CASE("a Windows file with a byte order mark reads like a Unix one") {
  const Folder folder;
  std::string windows = "\xef\xbb\xbf";
  for (const char c : kCsv) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(read_file(folder.write("windows.csv", windows)).events == kEvents);
}

TEST_CASE("a file with mixed line ends loses no row") {
  const Folder folder;
  const ReadLog result = read_file(folder.write(
      "mixed.csv",
      "session_id,item_id,timestamp\r\ns1,a,1600000000\ns1,b,1600000001\r\ns1,c,1600000002"));
  CHECK(result.events ==
        std::vector<std::string>{"0:0:a:0:1600000000", "0:1:b:0:1600000001", "0:2:c:0:1600000002"});
}

TEST_CASE("a file without a header is read by position") {
  const Folder folder;
  ReadOptions options;
  options.files = {
      folder.write("taobao.csv", "7,mug,100,pv,1600000000\n7,bowl,100,buy,1600000010\n")};
  options.columns = {{"user_id", "column0"},
                     {"item_id", "column1"},
                     {"event", "column3"},
                     {"timestamp", "column4"}};
  CHECK(read(options).events ==
        std::vector<std::string>{"0:0:mug:0:1600000000", "0:1:bowl:2:1600000010"});
  options.columns.clear();
  const Failure failure = failure_of(options);
  CHECK(failure.code == base::ExitCode::kDataUnusable);
  CHECK(failure.message.find("column0, column1, column2, column3, column4") != std::string::npos);
}

TEST_CASE("neither the order of the files nor the number of threads changes the answer") {
  const Folder folder;
  std::string one = "session,item,ts\n";
  std::string two = one;
  // Several of DuckDB's row groups, so that threads share a file, and equal times within and across
  // files: only file and row break the ties.
  for (int i = 0; i < 600000; ++i) {
    (i % 6 == 0 ? one : two) += fmt::format("s{},i{},16000000{}\n", i % 7001, i, 10 + i % 5);
  }
  ReadOptions forward;
  forward.files = {folder.write("one.csv", one), folder.write("two.csv", two)};
  ReadOptions backward = forward;
  backward.files = {folder / "two.csv", folder / "*.csv", folder / "one.csv"};
  const ReadLog expected = read(forward, 1);
  CHECK(expected.events.size() == 600000);
  CHECK((read(backward, 1).events == expected.events));
  CHECK((read(backward, 3).events == expected.events));
}

TEST_CASE("sample lines are right deep inside a file that threads share") {
  const Folder folder;
  std::string csv = "session_id,item_id,ts\n";
  for (int i = 0; i < 500000; ++i) {
    csv += fmt::format("s{},{},16000{}\n", i % 5003, i % 100000 == 99999 ? "" : "item",
                       10000 + i % 977);
  }
  const ReadLog result = read_file(folder.write("long.csv", csv));
  CHECK(result.refused_lines(RefusedReason::kEmptyItem) ==
        std::vector<std::uint64_t>{100001, 200001, 300001, 400001, 500001});
}

TEST_CASE("ids with commas, quotes, line breaks and emoji survive") {
  const Folder folder;
  Database database;
  ReadOptions options;
  options.files = {folder.write("odd.csv",
                                "session_id,item_id,timestamp\n"
                                "s1,\"a,b\",1600000000\n"
                                "s1,\"say \"\"hi\"\"\",1600000001\n"
                                "s1,\"two\nlines\",1600000002\n"
                                "s1,\xf0\x9f\x8d\xb5 caf\xc3\xa9,1600000003\n"
                                "s1,'; DROP TABLE events; --,1600000004\n")};
  read_events(database, options);
  CHECK(column(database, "SELECT item FROM events ORDER BY position") ==
        std::vector<std::string>{"a,b", "say \"hi\"", "two\nlines", "\xf0\x9f\x8d\xb5 caf\xc3\xa9",
                                 "'; DROP TABLE events; --"});
}

TEST_CASE("names of files and columns are quoted wherever they go into SQL") {
  const Folder folder;
  ReadOptions options;
  options.files = {
      folder.write("it's \"odd\".csv", "se'ssion,\"i\"\"t,em\",time\ns1,mug,1600000000\n")};
  options.columns = {{"session_id", "se'ssion"}, {"item_id", "i\"t,em"}};
  CHECK(read(options).events == std::vector<std::string>{"0:0:mug:0:1600000000"});
  options.files = {
      folder.write("odd.jsonl", R"({"se'ssion":"s1","i\"t,em":"mug","a/b~c":1600000000})")};
  options.columns["timestamp"] = "a/b~c";
  CHECK(read(options).events == std::vector<std::string>{"0:0:mug:0:1600000000"});
}

}  // namespace vitrine::data
