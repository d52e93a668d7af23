#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "model_export/ingest_fixture.h"

namespace vitrine::data {

namespace {

using Lines = std::vector<std::uint64_t>;

const std::string kHeader = "session_id,item_id,event,timestamp\n";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a missing file is an I/O error that names the path") {
  const Folder folder;
  const Failure failure = failure_of(folder / "no.csv");
  CHECK(failure.code == base::ExitCode::kIo);
  CHECK(contains(failure.message, folder / "no.csv"));
  CHECK(failure_of(folder / "*.csv").code == base::ExitCode::kIo);
}

TEST_CASE("empty, binary, header-only and cut files are unusable and say why") {
  const Folder folder;
  std::string csv = kHeader;
  for (int i = 0; i < 20000; ++i) {
    csv += fmt::format("s{},item{},view,16{}\n", i * 7919 % 9973, i * 31 % 997, 10000000 + i);
  }
  const std::string archive = gzip(csv);
  const struct {
    std::string path;
    std::string words;
  } cases[] = {
      {folder.write("empty.csv", ""), "is empty"},
      {folder.write("blank.csv", "\n\n  \n"), "is empty"},
      {folder.write("binary.csv", std::string("\x7f"
                                              "ELF\0\1\2\3\0\0",
                                              10)),
       "binary"},
      {folder.write("header.csv", kHeader), "no usable event"},
      {folder.write("cut.csv.gz", archive.substr(0, archive.size() / 2)), "ends too early"},
      {folder.write("tail.csv.gz", archive.substr(0, archive.size() - 4)), "ends too early"},
      {folder.write("sheet.csv", std::string("PK\x03\x04 spreadsheet")), "zip archive"},
      {folder.write("broken.jsonl", "{\"session_id\": \n{\"x\n"), "JSON"},
      {folder.write("broken.parquet", "PAR1 not really PAR1"), "Parquet"},
  };
  for (const auto& [path, words] : cases) {
    INFO(path);
    const Failure failure = failure_of(path);
    CHECK(failure.code == base::ExitCode::kDataUnusable);
    CHECK(contains(failure.message, path));
    CHECK(contains(failure.message, words));
  }
  // The whole archive is fine: it was the cut that was refused.
  CHECK(read_file(folder.write("whole.csv.gz", archive)).report.rows_kept == 20000);
}

TEST_CASE("an archive with flipped bytes is unusable") {
  const Folder folder;
  std::string csv = kHeader;
  for (int i = 0; i < 5000; ++i) csv += "s1,item" + std::to_string(i) + ",view,1600000000\n";
  std::string archive = gzip(csv);
  archive[archive.size() / 2] = static_cast<char>(archive[archive.size() / 2] ^ 0x5a);
  CHECK(failure_of(folder.write("flipped.csv.gz", archive)).code == base::ExitCode::kDataUnusable);
}

TEST_CASE("a wrong column map is a usage error that lists the columns") {
  const Folder folder;
  ReadOptions options;
  options.files = {folder.write("a.csv", kHeader + "s1,mug,view,1600000000\n")};
  options.columns = {{"item_id", "StockCode"}};
  const Failure failure = failure_of(options);
  CHECK(failure.code == base::ExitCode::kUsage);
  CHECK(contains(failure.message, "session_id, item_id, event, timestamp"));
  options.columns = {{"colour", "event"}};
  CHECK(failure_of(options).code == base::ExitCode::kUsage);
  options.columns.clear();
  options.session_gap = "soon";
  CHECK(failure_of(options).code == base::ExitCode::kUsage);
}

TEST_CASE("a log without shopper, item or time names the columns it has") {
  const Folder folder;
  for (const std::string header :
       {"item_id,timestamp,colour", "session_id,timestamp,colour", "session_id,item_id,colour"}) {
    const Failure failure = failure_of(folder.write("a.csv", header + "\na,b,c\n"));
    CHECK(failure.code == base::ExitCode::kDataUnusable);
    CHECK(contains(failure.message, "colour"));
    CHECK(contains(failure.message, "--map"));
  }
}

TEST_CASE("every bad row is counted under its reason with its line") {
  const Folder folder;
  const ReadLog result =
      read_file(folder.write("bad.csv", kHeader +                                  // line 1
                                            "s1,mug,view,1600000000\n"             // 2
                                            "s1,,view,1600000001\n"                // 3 empty item
                                            "s1,\"two\nlines\",view,1600000002\n"  // 4 and 5, good
                                            "s1,   ,view,1600000003\n"             // 6 empty item
                                            "s1," +
                                            std::string(10240, 'x') +
                                            ",view,1600000004\n"        // 7 too long
                                            ",mug,view,1600000005\n"    // 8 no session
                                            "s1,mug,view,yesterday\n"   // 9 unreadable time
                                            "s1,mug,view,0\n"           // 10 zero
                                            "s1,mug,view,-5\n"          // 11 negative
                                            "s1,mug,view,4200000000\n"  // 12 year 2103
                                            "s1,mug,view,1600000000\n"  // 13 duplicate of 2
                                            "s1,mug\n"                  // 14 malformed
                                            "s1,mug,view,1600000006,more,cells\n"  // 15 malformed
                                            "s1,\xff\xfe,view,1600000007\n"  // 16 invalid UTF-8
                                            "\n"                             // 17 blank, not a row
                                            "s1,jug,view,1600000008\n"));    // 18 good
  CHECK(result.events == std::vector<std::string>{"0:0:mug:0:1600000000",
                                                  "0:1:two\nlines:0:1600000002",
                                                  "0:2:jug:0:1600000008"});
  CHECK(result.report.rows_kept == 3);
  CHECK(result.report.rows_read == 15);
  CHECK(result.report.rows_refused() == 12);
  CHECK(result.refused_lines(RefusedReason::kEmptyItem) == Lines{3, 6});
  CHECK(result.refused_lines(RefusedReason::kItemTooLong) == Lines{7});
  CHECK(result.refused_lines(RefusedReason::kMissingShopper) == Lines{8});
  CHECK(result.refused_lines(RefusedReason::kUnreadableTime) == Lines{9});
  CHECK(result.refused_lines(RefusedReason::kTimeNotPositive) == Lines{10, 11});
  CHECK(result.refused_lines(RefusedReason::kTimeTooLate) == Lines{12});
  CHECK(result.refused_lines(RefusedReason::kDuplicate) == Lines{13});
  CHECK(result.refused_lines(RefusedReason::kMalformed) == Lines{14, 15});
  CHECK(result.refused_lines(RefusedReason::kInvalidUtf8) == Lines{16});
}

TEST_CASE("a JSON line that is no JSON is refused alone, with its line") {
  const Folder folder;
  const ReadLog result = read_file(
      folder.write("bad.jsonl",
                   "{\"session_id\":\"s1\",\"item_id\":\"mug\",\"timestamp\":1600000000}\n"
                   "\n"
                   "{\"session_id\":\"s1\",\"item_id\":\n"
                   "{\"session_id\":\"s1\",\"item_id\":\"\xff\",\"timestamp\":1600000000}\n"
                   "{\"session_id\":\"s1\",\"timestamp\":1600000001}\n"
                   "{\"session_id\":\"s1\",\"item_id\":\"jug\",\"timestamp\":1600000002}\n"));
  CHECK(result.report.rows_kept == 2);
  CHECK(result.refused_lines(RefusedReason::kMalformed) == Lines{3});
  CHECK(result.refused_lines(RefusedReason::kInvalidUtf8) == Lines{4});
  CHECK(result.refused_lines(RefusedReason::kEmptyItem) == Lines{5});
}

TEST_CASE("a quote that never closes costs its own line, not the rest of the file") {
  const Folder folder;
  std::string csv = kHeader + "s1,\"mug,view,1600000000\n";
  for (int i = 0; i < 3000; ++i) {
    csv += "s1,i" + std::to_string(i) + ",view," + std::to_string(1600000001 + i) + "\n";
  }
  const ReadLog result = read_file(folder.write("quote.csv", csv));
  CHECK(result.report.rows_kept == 3000);
  CHECK(result.refused(RefusedReason::kMalformed) == 1);
  CHECK(result.refused_lines(RefusedReason::kMalformed) == Lines{2});
}

TEST_CASE("samples stop at the number asked for while counting goes on") {
  const Folder folder;
  std::string csv = kHeader + "s1,mug,view,1600000000\n";
  for (int i = 0; i < 100; ++i) csv += "s1,,view,1600000000\n";
  ReadOptions options;
  options.files = {folder.write("a.csv", csv)};
  options.max_samples = 3;
  const ReadLog result = read(options);
  CHECK(result.refused(RefusedReason::kEmptyItem) == 100);
  CHECK(result.refused_lines(RefusedReason::kEmptyItem) == Lines{3, 4, 5});
}

TEST_CASE("events in the future are kept and warned about") {
  const Folder folder;
  ReadOptions options;
  options.files = {
      folder.write("a.csv", kHeader + "s1,mug,view,1600000000\ns1,jug,view,1700000000\n")};
  options.now = 1650000000;
  const ReadLog result = read(options);
  CHECK(result.report.rows_kept == 2);
  REQUIRE(result.report.warnings.size() == 1);
  CHECK(contains(result.report.warnings[0], "1 events lie in the future"));
  options.now = 1750000000;
  CHECK(read(options).report.warnings.empty());
}

TEST_CASE("one item in one session is a log") {
  const Folder folder;
  CHECK(read_file(folder.write("a.csv", kHeader + "s1,mug,view,1600000000\n")).report.sessions ==
        1);
}

}  // namespace vitrine::data
