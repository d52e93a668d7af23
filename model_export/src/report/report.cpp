#include "report/report.h"

#include <fmt/format.h>

#include "base/progress.h"
#include "report/charts.h"
#include "report/page.h"
#include "report/sections.h"
#include "report/svg.h"

namespace vitrine::report {
namespace {

std::string tile(const std::string& number, const std::string& words) {
  return fmt::format("<li><b>{}</b><span>{}</span></li>\n", escaped(number), escaped(words));
}

std::string tile(const char* name, const recommend::Estimate& estimate, std::size_t k) {
  return tile(fmt::format("{:.3f}", estimate.mean),
              fmt::format("{}@{}, {:.3f} to {:.3f}", name, k, estimate.low, estimate.high));
}

/// Makes the tiles with the most important numbers.
std::string tiles(const Report& report) {
  std::string out;
  if (const auto& judgement = report.judgement) {
    const recommend::Evaluation& model = judgement->model;
    out += tile("HR", model.hit_rate, judgement->rules.k);
    out += tile("MRR", model.mrr, judgement->rules.k);
    out += tile(base::with_thousands(model.predictions), "predictions");
  } else if (report.training.card && report.training.card->held_out) {
    const recommend::ModelCard::HeldOut& held_out = *report.training.card->held_out;
    out += tile(fmt::format("{:.3f}", held_out.hit_rate), "hit rate, held out");
    out += tile(fmt::format("{:.3f}", held_out.mrr), "MRR, held out");
  }
  if (report.training.items) {
    out += tile(base::with_thousands(*report.training.items), "items in the bundle");
  }
  if (report.training.brotli_bytes) {
    out += tile(human_bytes(static_cast<double>(*report.training.brotli_bytes)),
                "bundle, after brotli");
  }
  if (report.judgement) {
    out += tile(fmt::format("{:.0f} µs", report.judgement->model.p50_us),
                "one ranking on this machine, median");
  }
  return out.empty() ? "" : "<ul class=\"tiles\">\n" + out + "</ul>\n";
}

std::string title(const Report& report) {
  const char* what = report.kind == Report::Kind::kBacktest   ? "Backtest"
                     : report.kind == Report::Kind::kTraining ? "Training"
                                                              : "Evaluation";
  if (!report.source || report.source->files.empty()) return what;
  return fmt::format("{} of {}", what, fmt::join(report.source->files, ", "));
}

const char* subtitle(Report::Kind kind) {
  switch (kind) {
    case Report::Kind::kBacktest:
      return "How well a model trained on the earlier part of this log would have recommended in "
             "the later part, compared with the baselines.";
    case Report::Kind::kTraining:
      return "The data of the training, and the choice of the settings.";
    case Report::Kind::kEvaluation:
      break;
  }
  return "How well this bundle predicts a log that was not used in its training, compared with the "
         "baselines.";
}

std::string judgement_sections(const recommend::Judgement& judgement) {
  return quality_section(judgement) + segments_section(judgement) + first_visit_section(judgement) +
         return_visit_section(judgement) + hidden_items_section(judgement) +
         lists_section(judgement);
}

}  // namespace

std::string render_report(const Report& report) {
  const bool trained = report.kind == Report::Kind::kTraining;
  const std::string card = card_section(report.training);
  std::string body =
      tiles(report) + pair(data_section(report), trained ? card : rules_section(report));
  if (report.judgement) {
    body += judgement_sections(*report.judgement) +
            sizes_section(report.sizes, report.judgement->rules.k) + examples_section(report);
  }
  if (!trained) body += card;
  return page(title(report), subtitle(report.kind),
              body + floor_section(report.training) + settings_section(report.training) +
                  choice_section(report.training));
}

}  // namespace vitrine::report
