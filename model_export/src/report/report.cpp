#include "report/report.h"

#include <fmt/format.h>

#include "base/progress.h"
#include "report/charts.h"
#include "report/page.h"
#include "report/sections.h"
#include "report/svg.h"

namespace vitrine::report {
namespace {

using nlohmann::json;

std::string tile(const std::string& number, const std::string& words) {
  return fmt::format("<li><b>{}</b><span>{}</span></li>\n", escaped(number), escaped(words));
}

/// The numbers that a reader looks for first.
std::string tiles(const json& result) {
  std::string out;
  const auto measured = [&](const char* key, const char* name) {
    if (!result.contains(key)) return;
    const json& interval = result[std::string(key) + "_interval"];
    out += tile(fmt::format("{:.3f}", result[key].get<double>()),
                fmt::format("{}@{}, {:.3f} to {:.3f}", name, result["k"].get<int>(),
                            interval[0].get<double>(), interval[1].get<double>()));
  };
  measured("hit_rate", "HR");
  measured("mrr", "MRR");
  if (result.contains("predictions")) {
    out += tile(base::with_thousands(result["predictions"]), "predictions");
  }
  const json training = result.value("training", json::object());
  if (!result.contains("hit_rate") && training.contains("card")) {
    const json held_out = training["card"].value("held_out", json());
    if (held_out.is_object()) {
      out += tile(fmt::format("{:.3f}", held_out.value("hit_rate", 0.0)), "hit rate, held out");
      out += tile(fmt::format("{:.3f}", held_out.value("mrr", 0.0)), "MRR, held out");
    }
  }
  if (training.contains("counts")) {
    out +=
        tile(base::with_thousands(training["counts"].value("items", 0ULL)), "items in the bundle");
  }
  if (training.contains("bundle") && training["bundle"].contains("brotli_bytes")) {
    out += tile(human_bytes(training["bundle"]["brotli_bytes"]), "bundle, after brotli");
  }
  if (result.contains("ranking_us")) {
    out += tile(fmt::format("{:.0f} µs", result["ranking_us"]["p50"].get<double>()),
                "one ranking on this machine, median");
  }
  return out.empty() ? "" : "<ul class=\"tiles\">\n" + out + "</ul>\n";
}

std::string title(const json& result) {
  std::string files;
  const json source = result.value("source", json::object());
  for (const json& file : source.value("files", json::array())) {
    files += (files.empty() ? "" : ", ") + file.get<std::string>();
  }
  const std::string command = result.value("command", "");
  const char* what = command == "backtest" ? "Backtest"
                     : command == "train"  ? "Training"
                                           : "Evaluation";
  return files.empty() ? what : fmt::format("{} of {}", what, files);
}

std::string subtitle(const json& result) {
  const std::string command = result.value("command", "");
  if (command == "backtest") {
    return "How well a model trained on the earlier part of this log would have recommended in the "
           "later part, compared with the baselines.";
  }
  if (command == "train") return "The data of the training, and the choice of the settings.";
  return "How well this bundle predicts a log that was not used in its training, compared with the "
         "baselines.";
}

}  // namespace

std::string render_report(const json& result) {
  const bool train = result.value("command", "") == "train";
  return page(title(result), subtitle(result),
              tiles(result) +
                  pair(data_section(result), train ? card_section(result) : rules_section(result)) +
                  quality_section(result) + segments_section(result) + first_visit_section(result) +
                  return_visit_section(result) + hidden_items_section(result) +
                  lists_section(result) + sizes_section(result) + examples_section(result) +
                  (train ? "" : card_section(result)) + settings_section(result) +
                  choice_section(result));
}

}  // namespace vitrine::report
