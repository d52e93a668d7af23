// Prints abi.h as TypeScript: the names, numbers, offsets and functions, as the compiler has them.
// usage: vitrine_abi > js/src/abi.ts
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ranking/abi.h"

namespace {

using vitrine::Pin;
using vitrine::Ranked;
using vitrine::Reason;
using vitrine::abi::Draw;
using vitrine::abi::Info;
using vitrine::abi::Request;
using vitrine::abi::RequestRule;

constexpr std::size_t kLineWidth = 100;
constexpr std::size_t kWordBytes = 4;

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void constant(std::string_view comment, std::string_view name, long long value) {
  print("\n/** " + std::string(comment) + " */\nexport const " + std::string(name) + " = " +
        std::to_string(value) + ";\n");
}

/// An array of texts, formatted as Biome does it: in one line where it fits, else a text a line.
void names(std::string_view comment, std::string_view name,
           std::span<const std::string_view> values) {
  const auto joined = [&](std::string_view before, std::string_view between) {
    std::string text;
    for (const std::string_view value : values) {
      text.append(text.empty() ? before : between).append("'").append(value).append("'");
    }
    return text;
  };
  const std::string head = "export const " + std::string(name) + " = [";
  std::string line = head + joined("", ", ") + "] as const;";
  if (line.size() > kLineWidth) line = head + "\n" + joined("  ", ",\n  ") + ",\n] as const;";
  print("\n/** " + std::string(comment) + " */\n" + line + "\n");
}

/// An object of numbers, a property a line.
struct Property {
  std::string_view name;
  std::size_t value;
};
void numbers(std::string_view comment, std::string_view name, std::span<const Property> values) {
  print("\n/** " + std::string(comment) + " */\nexport const " + std::string(name) + " = {\n");
  for (const Property& one : values) {
    print("  " + std::string(one.name) + ": " + std::to_string(one.value) + ",\n");
  }
  print("} as const;\n");
}

/// The names of an enumeration whose values count from 0.
void enumeration(std::string_view comment, std::string_view name,
                 std::span<const std::string_view> values) {
  std::vector<Property> properties;
  for (const std::string_view value : values) properties.push_back({value, properties.size()});
  numbers(comment, name, properties);
}

/// A member of a block of memory.
struct Field {
  std::string_view name;
  std::size_t offset;
  std::size_t size;
  enum class Type { kWord, kFloat, kDouble } type;
};

template <typename T>
constexpr Field field(std::string_view name, std::size_t offset) {
  static_assert(sizeof(T) % kWordBytes == 0);
  return {name, offset, sizeof(T),
          std::is_same_v<T, float>    ? Field::Type::kFloat
          : std::is_same_v<T, double> ? Field::Type::kDouble
                                      : Field::Type::kWord};
}
#define VITRINE_FIELD(Block, member) \
  field<decltype(Block::member)>(#member, offsetof(Block, member))

/// snake_case to camelCase.
std::string camel(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '_') {
      text += static_cast<char>(name[++i] - 'a' + 'A');
    } else {
      text += name[i];
    }
  }
  return text;
}

/// The fields of a block by the view of the memory that has them, in units of that view, and its
/// size in words. Fails when `fields` are not all of the block.
bool block(std::string_view name, std::size_t size, std::span<const Field> fields) {
  std::size_t end = 0;
  std::vector<std::string> texts;
  texts.reserve(fields.size());
  std::vector<Property> words;
  std::vector<Property> floats;
  std::vector<Property> doubles;
  for (const Field& one : fields) {
    if (one.offset != end) return false;
    end += one.size;
    texts.push_back(camel(one.name));
    // A view of the memory counts in its own elements.
    if (one.type == Field::Type::kDouble) {
      doubles.push_back({texts.back(), one.offset / sizeof(double)});
    } else {
      (one.type == Field::Type::kFloat ? floats : words)
          .push_back({texts.back(), one.offset / kWordBytes});
    }
  }
  if (end != size) return false;
  const std::string start(name);
  constant("Size of a `" + start + "` in words of 32 bits.", start + "Size",
           static_cast<long long>(size / kWordBytes));
  const std::string comment = "Fields of a `" + start + "` that are ";
  if (!words.empty()) numbers(comment + "whole numbers, by word.", start + "Words", words);
  if (!floats.empty()) numbers(comment + "32-bit floats, by word.", start + "Floats", floats);
  if (!doubles.empty()) {
    numbers(comment + "64-bit floats, by double word.", start + "Doubles", doubles);
  }
  return true;
}

template <typename Result, typename... Parameters>
constexpr std::size_t parameters_of(Result (*)(Parameters...)) {
  return sizeof...(Parameters);
}
template <typename Result, typename... Parameters>
constexpr bool gives_nothing(Result (*)(Parameters...)) {
  return std::is_void_v<Result>;
}

/// A function of the module, with the names of its parameters.
struct Function {
  std::string_view name;
  std::vector<std::string_view> parameters;
  std::size_t parameter_count;
  bool is_void;
};
#define VITRINE_FUNCTION(name, ...)                                                              \
  Function {                                                                                     \
    #name, {__VA_ARGS__}, parameters_of(decltype(&(name)){}), gives_nothing(decltype(&(name)){}) \
  }

bool functions(std::span<const Function> all) {
  print(
      "\n/** The functions that the module exports; `wasm/ranking/abi.h` says what each does. "
      "*/\n");
  print("export interface WasmFunctions {\n");
  std::vector<std::string_view> exported;
  for (const Function& one : all) {
    if (one.parameters.size() != one.parameter_count) return false;
    std::string line = "  " + std::string(one.name) + "(";
    for (std::size_t i = 0; i < one.parameters.size(); ++i) {
      line += (i == 0 ? "" : ", ") + std::string(one.parameters[i]) + ": number";
    }
    const std::string end = one.is_void ? "): void;\n" : "): number;\n";
    if (line.size() + end.size() - 1 > kLineWidth) {
      line = "  " + std::string(one.name) + "(\n";
      for (const std::string_view name : one.parameters) {
        line += "    " + std::string(name) + ": number,\n";
      }
      line += "  ";
    }
    print(line + end);
    exported.push_back(one.name);
  }
  print("}\n");
  names("Their names.", "wasmFunctions", exported);
  return true;
}

bool describe() {
  using namespace vitrine::abi;  // NOLINT(google-build-using-namespace): this prints all of it
  print(
      "// Written by `vitrine_abi` from wasm/ranking/abi.h: not to be edited.\n"
      "// To write it anew: cmake --build --preset release --target write_abi\n");
  constant("The index of a name that the bundle does not have.", "unknown",
           static_cast<std::int32_t>(kUnknown));
  names("The reasons why a bundle or an overlay was refused, by number.", "statusNames",
        vitrine::kStatusNames);
  names("The kinds of events, by number.", "eventTypes", vitrine::kEventKindNames);
  names("The sources of parts of a score, by number.", "reasonKinds",
        vitrine::layout::kReasonNames);
  std::vector<std::string_view> with_item;
  for (const vitrine::layout::Signal& signal : vitrine::layout::kSignals) {
    if (signal.names_item) with_item.push_back(signal.reason);
  }
  names("The sources that name the item that they start from.", "itemReasons", with_item);
  enumeration("Tables of names in a bundle.", "table", kTableNames);
  enumeration("Kinds of lists.", "mode", kModeNames);
  enumeration("Kinds of exploration.", "exploration", kExplorationNames);

  const auto number = [](std::size_t value) { return static_cast<long long>(value); };
  constant("Events that the history holds.", "historyLength", number(vitrine::Session::kCapacity));
  constant("Rules that a list may have.", "mostRules", number(vitrine::kMaxRules));
  constant("Pins that a list may have.", "mostPins", number(vitrine::kMaxPins));
  constant("The highest power of exploration by Plackett-Luce.", "highestPower",
           number(vitrine::kMaxPower));
  constant("Bytes of the longest item id.", "longestId", number(vitrine::layout::kMaxIdBytes));

  const Field info_fields[] = {
      VITRINE_FIELD(Info, item_count),      VITRINE_FIELD(Info, hash_low),
      VITRINE_FIELD(Info, hash_high),       VITRINE_FIELD(Info, metadata),
      VITRINE_FIELD(Info, metadata_size),   VITRINE_FIELD(Info, experiments),
      VITRINE_FIELD(Info, experiments_size)};
  const Field ranked_fields[] = {VITRINE_FIELD(Ranked, item), VITRINE_FIELD(Ranked, score),
                                 VITRINE_FIELD(Ranked, reason_count),
                                 VITRINE_FIELD(Ranked, reasons), VITRINE_FIELD(Ranked, propensity)};
  const Field reason_fields[] = {VITRINE_FIELD(Reason, kind), VITRINE_FIELD(Reason, item),
                                 VITRINE_FIELD(Reason, score)};
  const Field request_fields[] = {
      VITRINE_FIELD(Request, now),          VITRINE_FIELD(Request, mode),
      VITRINE_FIELD(Request, limit),        VITRINE_FIELD(Request, available_only),
      VITRINE_FIELD(Request, exclude_seen), VITRINE_FIELD(Request, explain),
      VITRINE_FIELD(Request, min_price),    VITRINE_FIELD(Request, max_price),
      VITRINE_FIELD(Request, landing),      VITRINE_FIELD(Request, market),
      VITRINE_FIELD(Request, planned),      VITRINE_FIELD(Request, relevance),
      VITRINE_FIELD(Request, per_category), VITRINE_FIELD(Request, per_brand),
      VITRINE_FIELD(Request, exploration),  VITRINE_FIELD(Request, strength),
      VITRINE_FIELD(Request, seed_low),     VITRINE_FIELD(Request, seed_high),
      VITRINE_FIELD(Request, pins),         VITRINE_FIELD(Request, rules),
      VITRINE_FIELD(Request, categories),   VITRINE_FIELD(Request, brands),
      VITRINE_FIELD(Request, excluded),     VITRINE_FIELD(Request, given),
      VITRINE_FIELD(Request, shown)};
  const Field pin_fields[] = {VITRINE_FIELD(Pin, place), VITRINE_FIELD(Pin, item)};
  const Field rule_fields[] = {
      VITRINE_FIELD(RequestRule, factor),     VITRINE_FIELD(RequestRule, min_price),
      VITRINE_FIELD(RequestRule, max_price),  VITRINE_FIELD(RequestRule, items),
      VITRINE_FIELD(RequestRule, categories), VITRINE_FIELD(RequestRule, brands)};
  const Field draw_fields[] = {VITRINE_FIELD(Draw, coverage),   VITRINE_FIELD(Draw, version),
                               VITRINE_FIELD(Draw, variations), VITRINE_FIELD(Draw, numbers),
                               VITRINE_FIELD(Draw, ranged),     VITRINE_FIELD(Draw, seed_units),
                               VITRINE_FIELD(Draw, value_units)};
  return block("info", sizeof(Info), info_fields) &&
         block("ranked", sizeof(Ranked), ranked_fields) &&
         block("reason", sizeof(Reason), reason_fields) &&
         block("request", sizeof(Request), request_fields) &&
         block("pin", sizeof(Pin), pin_fields) && block("rule", sizeof(RequestRule), rule_fields) &&
         block("draw", sizeof(Draw), draw_fields) &&
         functions(std::vector<Function>{
             VITRINE_FUNCTION(reserveBundle, "size"),
             VITRINE_FUNCTION(open, "verified"),
             VITRINE_FUNCTION(reserveOverlay, "size"),
             VITRINE_FUNCTION(apply),
             VITRINE_FUNCTION(input, "words"),
             VITRINE_FUNCTION(info),
             VITRINE_FUNCTION(find, "table", "count"),
             VITRINE_FUNCTION(id, "item"),
             VITRINE_FUNCTION(clear),
             VITRINE_FUNCTION(record, "item", "kind", "time"),
             VITRINE_FUNCTION(list),
             VITRINE_FUNCTION(ranked),
             VITRINE_FUNCTION(bucket),
             VITRINE_FUNCTION(variation),
             VITRINE_FUNCTION(useRelaxedScan, "slot"),
         });
}

}  // namespace

int main() {
  if (describe()) return 0;
  std::fputs("describe.cpp leaves out a field or a parameter of abi.h\n", stderr);
  return 1;
}
