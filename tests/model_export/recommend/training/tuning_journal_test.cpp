#include "recommend/training/tuning_journal.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "model_export/ingest_fixture.h"

namespace vitrine::recommend {

TEST_CASE("a journal gives back the scores that an earlier one kept") {
  const Folder folder;
  const std::string path = folder / "shop.tuning";
  {
    TuningJournal journal(path, "log 1");
    CHECK(journal.found() == 0);
    journal.add("{\"a\":1}", {0.5, 0.123456789012345678, 300});
    journal.add("{\"a\":2}", {0.25, 0.0, 300});
    CHECK(journal.find("{\"a\":1}")->mrr == 0.123456789012345678);
  }
  const TuningJournal journal(path, "log 1");
  CHECK(journal.found() == 2);
  const auto score = journal.find("{\"a\":1}");
  REQUIRE(score);
  CHECK(score->hit_rate == 0.5);
  CHECK(score->mrr == 0.123456789012345678);
  CHECK(score->predictions == 300);
  CHECK_FALSE(journal.find("{\"a\":3}"));
}

TEST_CASE("a journal of other data is started anew") {
  const Folder folder;
  const std::string path = folder / "shop.tuning";
  TuningJournal(path, "log 1").add("{}", {0.5, 0.1, 300});
  {
    TuningJournal journal(path, "log 2");
    CHECK(journal.found() == 0);
    CHECK_FALSE(journal.find("{}"));
    journal.add("{}", {0.25, 0.1, 300});
  }
  CHECK(TuningJournal(path, "log 2").find("{}")->hit_rate == 0.25);
  CHECK(TuningJournal(path, "log 1").found() == 0);
}

TEST_CASE("torn and foreign lines of a journal are passed over, and the next line is whole") {
  const Folder folder;
  const std::string path = folder / "shop.tuning";
  TuningJournal(path, "log").add("{}", {0.5, 0.1, 300});
  std::ofstream(path, std::ios::app)
      << "[]\n{\"settings\":7,\"hit_rate\":1,\"mrr\":1,\"predictions\":1}\n"
      << R"({"settings":"x","hit_rate":"high","mrr":1,"predictions":1})" << "\n\xFF\n"
      << R"({"settings":"torn","hit_ra)";
  {
    TuningJournal journal(path, "log");
    CHECK(journal.found() == 1);
    journal.add("{\"b\":1}", {0.75, 0.2, 300});
  }
  CHECK(TuningJournal(path, "log").found() == 2);
}

TEST_CASE("a journal that cannot be written is none") {
  TuningJournal journal("/nonexistent/shop.tuning", "log");
  journal.add("{}", {0.5, 0.1, 300});
  CHECK(journal.find("{}"));
  TuningJournal none;
  CHECK_FALSE(none.find("{}"));
}

}  // namespace vitrine::recommend
