// Prints event_words.h as TypeScript, so that page and exporter have one vocabulary of events.
// usage: vitrine_events > js/src/events/vocabulary.ts
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "data/event_words.h"

namespace {

using vitrine::data::EventMeaning;
using vitrine::data::EventWord;
using vitrine::data::kEventMeaningNames;
using vitrine::data::kEventWords;

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

/// The bare word of one of GA4's own names, without its underscores.
std::string bare(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c != '_') out += c;
  }
  return out;
}

}  // namespace

int main() {
  print(
      "// Written by `vitrine_events` from model_export/src/data/event_words.h. Do not edit.\n\n"
      "/**\n * GA4's names of events with items, and the type that each adds to the history; null "
      "adds nothing.\n */\nexport const historyTypes = {\n");
  for (const EventWord& word : kEventWords) {
    if (word.ga4.empty() || bare(word.ga4) != word.text) continue;
    const bool step = vitrine::data::is_step(word.meaning);
    const std::string type =
        step ? "'" + std::string(kEventMeaningNames[static_cast<std::size_t>(word.meaning)]) + "'"
             : "null";
    print("  " + std::string(word.ga4) + ": " + type + ",\n");
  }
  print(
      "} as const;\n\nexport type ShopEventName = keyof typeof historyTypes;\n\n"
      "/**\n * Other names of the same events (Segment's, which PostHog uses too), in lower case "
      "without spaces,\n * hyphens and underscores.\n */\n"
      "export const otherNames: Readonly<Record<string, ShopEventName>> = {\n");
  for (const EventWord& word : kEventWords) {
    if (word.ga4.empty() || bare(word.ga4) == word.text) continue;
    print("  " + std::string(word.text) + ": '" + std::string(word.ga4) + "',\n");
  }
  print("};\n");
  return 0;
}
