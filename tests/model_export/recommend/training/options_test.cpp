#include "recommend/training/options.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"
#include "commands/arguments.h"

namespace vitrine::recommend {

namespace {

using nlohmann::json;

/// The message of the usage error that `config` causes; empty when it is accepted.
std::string refusal(const json& config) {
  TrainOptions options;
  try {
    apply_config(config, options);
  } catch (const base::Error& error) {
    CHECK(error.code() == base::ExitCode::kUsage);
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Another valid value of the same type.
json changed(const json& value) {
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_array()) return json(std::vector<double>(value.size(), 0.25));
  if (value.is_number_integer()) return value.get<int>() + 1;
  return static_cast<double>(value.get<float>() * 0.5F + 0.125F);  // a float everywhere
}

}  // namespace

TEST_CASE("every option survives the way through a configuration") {
  json config = json(TrainOptions{});
  REQUIRE(config.size() >= 5);
  for (auto& section : config) {
    for (auto& value : section) value = changed(value);
  }
  TrainOptions options;
  REQUIRE(config != json(options));
  apply_config(config, options);
  CHECK(json(options) == config);
}

TEST_CASE("a configuration changes what it names and nothing else") {
  TrainOptions options;
  const json before = json(options);
  apply_config(json::object(), options);
  CHECK(json(options) == before);
  apply_config({{"embeddings", {{"dims", 7}}}}, options);
  CHECK(options.als.dims == 7);
  json expected = before;
  expected["embeddings"]["dims"] = 7;
  CHECK(json(options) == expected);
}

TEST_CASE("an unknown key is refused with its path and the keys there are") {
  CHECK(contains(refusal({{"embedding", {{"dims", 7}}}}), "\"embedding\""));
  const std::string message = refusal({{"embeddings", {{"dimensions", 7}}}});
  CHECK(contains(message, "\"embeddings.dimensions\""));
  CHECK(contains(message, "dims"));
}

TEST_CASE("a value of the wrong type is refused with its key") {
  CHECK(contains(refusal({{"embeddings", 3}}), "\"embeddings\""));
  CHECK(contains(refusal(json::array()), "object"));
  for (const json& wrong : {json("7"), json(nullptr), json(true), json(1.5), json::array({1})}) {
    INFO(wrong.dump());
    CHECK(contains(refusal({{"embeddings", {{"dims", wrong}}}}), "embeddings.dims"));
  }
  for (const json& wrong : {json("0.5"), json(nullptr), json(true), json::object()}) {
    INFO(wrong.dump());
    CHECK(contains(refusal({{"session_rows", {{"alpha", wrong}}}}), "session_rows.alpha"));
  }
  for (const json& wrong : {json(1), json("yes")}) {
    INFO(wrong.dump());
    CHECK(contains(refusal({{"ranking", {{"tune", wrong}}}}), "ranking.tune"));
  }
  for (const json& wrong :
       {json(1), json::array({1, 2}), json({1, 1, 1, 1, 1, 1, 1}), json({1, 1, 1, 1, 1, "1"})}) {
    INFO(wrong.dump());
    CHECK(
        contains(refusal({{"statistics", {{"kind_weights", wrong}}}}), "statistics.kind_weights"));
  }
}

TEST_CASE("a value out of range is refused with its key") {
  const struct {
    const char* section;
    const char* key;
    std::vector<json> values;
  } cases[] = {
      {"statistics", "past_decay", {0, 1, -0.1, 1.5}},
      {"statistics", "future_decay", {0, 1}},
      {"statistics", "window", {0, 101, -1}},
      {"statistics", "longest_session", {0, -1}},
      {"statistics", "popularity_half_life_days", {-1}},
      {"statistics", "session_half_life_days", {-0.5}},
      {"statistics", "kind_weights", {{1, 1, 1, -1, 1, 1}}},
      {"session_rows", "alpha", {-0.1, 1.1}},
      {"session_rows", "ridge", {0, -3, 1e300}},
      {"session_rows", "sources", {0, 2001, -1, 4294967297}},
      {"embeddings", "dims", {257, -1}},
      {"embeddings", "sweeps", {0, -1, 100000}},
      {"embeddings", "alpha", {0, -1}},
      {"embeddings", "lambda", {0, -1}},
      {"ranking", "session_rows", {-1, 1e300}},
      {"ranking", "embeddings", {-1}},
      {"ranking", "popularity", {-1}},
      {"ranking", "row_decay", {0, 1.5}},
      {"ranking", "repeat_weight", {-1}},
      {"ranking", "embedding_decay", {0, 1.5}},
      {"ranking", "neighbours", {-1}},
      {"neighbours", "entries", {-1}},
      {"neighbours", "share", {-0.1, 1.5}},
      {"neighbours", "m", {0, 65537}},
      {"neighbours", "k", {0, 501}},
      {"neighbours", "last_n", {0, 101}},
      {"neighbours", "reach", {0, 1001}},
      {"neighbours", "idf", {-0.5, 1.5}},
      {"similar", "neighbours", {-1}},
      {"similar", "session_rows", {-1}},
      {"similar", "embeddings", {-1}},
      {"similar", "popularity", {-1}},
      {"budget", "max_bytes", {-1}},
  };
  for (const auto& [section, key, values] : cases) {
    for (const json& value : values) {
      INFO(section << "." << key << " = " << value.dump());
      const std::string message = refusal({{section, {{key, value}}}});
      CHECK(contains(message, section));
      CHECK(contains(message, key));
    }
  }
}

TEST_CASE("experiments of a configuration are carried along as they are") {
  TrainOptions options;
  const json experiments = json::array({{{"key", "blend"}, {"variations", {"control", "b"}}}});
  apply_config({{"experiments", experiments}}, options);
  CHECK(options.experiments == json{{"experiments", experiments}});
}

TEST_CASE("an experiment that the page would reject is refused with what is wrong") {
  const json good = {{"key", "hero"}, {"variations", {"control", "warm"}}};
  const auto with = [&](const char* name, const json& value) {
    json experiment = good;
    experiment[name] = value;
    return refusal({{"experiments", {experiment}}});
  };
  CHECK(contains(refusal({{"experiments", 5}}), "experiments"));
  CHECK(contains(refusal({{"experiments", {good, good}}}), "experiments[1].key"));
  CHECK(contains(with("key", ""), "experiments[0].key"));
  CHECK(contains(with("variations", {"alone"}), "experiments[0].variations"));
  CHECK(contains(with("weights", {0.5, 0.1}), "experiments[0].weights"));
  CHECK(contains(with("weights", {0.5, 0.25, 0.25}), "experiments[0].weights"));
  CHECK(contains(with("coverage", 1.5), "experiments[0].coverage"));
  CHECK(contains(with("hashVersion", 3), "experiments[0].hashVersion"));
  CHECK(contains(with("namespace", {"n", 0}), "experiments[0].namespace"));
}

TEST_CASE("sizes are bytes, decimal or binary units, and nothing else") {
  CHECK(commands::parse_bytes("1500000") == 1500000);
  CHECK(commands::parse_bytes("800KB") == 800000);
  CHECK(commands::parse_bytes("2mb") == 2000000);
  CHECK(commands::parse_bytes("1GiB") == 1073741824);
  for (const char* wrong :
       {"", "0", "MB", "2 MB", "2XB", "-1", "1.5MB", "99999999999GB", "99999999999999999999999"}) {
    INFO(wrong);
    CHECK_THROWS_AS(commands::parse_bytes(wrong), base::Error);
  }
}

}  // namespace vitrine::recommend
