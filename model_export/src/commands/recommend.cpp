#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <utility>

#include "base/error.h"
#include "base/input.h"
#include "base/json.h"
#include "base/markup.h"
#include "bundle/bundle_file.h"
#include "commands/commands.h"
#include "commands/list_options.h"
#include "vitrine/visit/recommender.h"

namespace vitrine::commands {
namespace {

struct Arguments {
  std::string bundle;
  std::string overlay;
  std::string history;
  std::string histories;
  std::string options;
  std::size_t k = 10;
  bool include_seen = false;
  bool json = false;
};

struct Entry {
  std::string id;
  bool starts_session = false;
};

struct History {
  std::vector<Entry> entries;
  bool session_over = false;  // the last one ends with a semicolon
};

/// Parses the ids of one line. They are separated by commas, or by a semicolon at the end of a
/// session, and are in double quotes if they contain one of these or a quote.
History split_ids(std::string_view line) {
  std::vector<Entry> ids(1);
  bool quoted = false;
  bool starts = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      ids.back().id += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if ((c == ',' || c == ';') && !quoted) {
      starts = c == ';' || (starts && ids.back().id.empty());
      ids.push_back({.id = "", .starts_session = starts});
    } else if (c != '\r' || quoted) {
      ids.back().id += c;
    }
  }
  const bool over = ids.back().id.empty() && starts;
  std::erase_if(ids, [](const Entry& entry) { return entry.id.empty(); });
  return {.entries = std::move(ids), .session_over = over};
}

/// Reads the next line; a line that ends within quotes continues in the next one. Returns false at
/// the end.
bool next_line(std::istream& in, std::size_t& number, std::string& line) {
  if (!std::getline(in, line)) return false;
  const std::size_t first = ++number;
  const auto odd_quotes = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '"') % 2 != 0;
  };
  bool open = odd_quotes(line);
  for (std::string more; open; ++number) {
    if (!std::getline(in, more)) {
      throw base::Error(
          base::ExitCode::kDataUnusable,
          fmt::format("--histories, line {}: a quote is never closed. Put an id with quotes "
                      "in quotes and double its own: \"say \"\"hi\"\"\".",
                      first));
    }
    open = open != odd_quotes(more);
    line += '\n' + more;
  }
  return true;
}

/// Prints the lists of shoppers.
class ListPrinter {
 public:
  explicit ListPrinter(const Arguments& arguments)
      : arguments_(arguments),
        file_(open(arguments)),
        names_(file_.bundle().ids()),
        recommender_(file_.bundle()),
        request_(ListRequest::of(ListMode::kRecommend)) {
    if (!arguments.options.empty()) {
      options_ = ListOptions::read(arguments.options, file_.bundle());
      request_ = options_->request(ListMode::kRecommend);
    }
    request_.limit = options_ && options_->limit() ? *options_->limit() : arguments.k;
    request_.explain = true;
    if (arguments.include_seen) request_.exclude_seen = false;
  }

  void print(const History& history, bool one_line) {
    Shopper shopper;
    std::vector<std::string> unknown;
    for (const Entry& entry : history.entries) {
      if (entry.starts_session) shopper.end_session();
      if (const std::optional<std::uint32_t> item = file_.bundle().ids().find(entry.id)) {
        shopper.record({.item = *item});
      } else {
        unknown.push_back(entry.id);
      }
    }
    if (history.session_over) shopper.end_session();
    const std::span<const Ranked> ranked = recommender_.list(shopper, request_);
    if (arguments_.json) return print_json(history, unknown, ranked);
    if (one_line) {
      std::string line;
      for (const Ranked& item : ranked)
        line += (line.empty() ? "" : ",") + quoted(id_of(item.item));
      // A file or another program gets the ids as they are.
      fmt::print("{}\n", ::isatty(STDOUT_FILENO) == 1 ? base::visible(line) : line);
      return;
    }
    if (!unknown.empty()) {
      fmt::print(stderr, "warning: {} of {} items are not in the bundle: {}\n", unknown.size(),
                 history.entries.size(),
                 base::visible(fmt::format("{}", fmt::join(unknown, ", "))));
    }
    for (const Ranked& item : ranked) {
      fmt::print("{:<32} {:>9.5f}  {}\n", base::visible(id_of(item.item)), item.score,
                 base::visible(reason_text(item)));
    }
  }

 private:
  static bundle::BundleFile open(const Arguments& arguments) {
    bundle::BundleFile file = bundle::BundleFile::read(arguments.bundle);
    if (!arguments.overlay.empty()) file.apply(arguments.overlay);
    return file;
  }

  [[nodiscard]] std::string id_of(std::uint32_t item) const {
    std::array<char, layout::kMaxIdBytes> text;
    return std::string(names_.id_of(item, text));
  }

  static std::string quoted(const std::string& id) {
    if (id.find_first_of(",;\"\n\r") == std::string::npos) return id;
    std::string text = "\"";
    for (const char c : id) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
  }

  [[nodiscard]] std::string reason_text(const Ranked& ranked) const {
    if (ranked.reason_count == 0) return "";
    const Reason& first = ranked.reasons[0];
    switch (first.kind) {
      case ReasonKind::kSessionRow:
        return "follows " + id_of(first.item);
      case ReasonKind::kEmbedding:
        return "like " + id_of(first.item);
      case ReasonKind::kNeighbours:
        return "seen with " + id_of(first.item);
      case ReasonKind::kPopularity:
        return "popular";
      case ReasonKind::kRule:
        return "rule " + options_->rule_name(first.item);
      case ReasonKind::kOther:
        return "";
      default:
        return std::string(name_of(first.kind));
    }
  }

  static std::string_view name_of(ReasonKind kind) {
    return layout::kReasonNames[static_cast<std::size_t>(kind)];
  }

  void print_json(const History& history, const std::vector<std::string>& unknown,
                  std::span<const Ranked> ranked) const {
    nlohmann::json items = nlohmann::json::array();
    for (const Ranked& item : ranked) {
      nlohmann::json reasons = nlohmann::json::array();
      for (const Reason& reason : std::span(item.reasons).first(item.reason_count)) {
        nlohmann::json entry = {{"kind", name_of(reason.kind)}, {"score", reason.score}};
        if (reason.kind == ReasonKind::kRule) {
          const std::string& name = options_->rule_name(reason.item);
          if (!name.empty()) entry["rule"] = name;
        } else if (layout::names_item(reason.kind)) {
          entry["item"] = id_of(reason.item);
        }
        reasons.push_back(std::move(entry));
      }
      items.push_back(
          {{"id", id_of(item.item)}, {"score", item.score}, {"reasons", std::move(reasons)}});
      if (options_ && options_->explores()) {
        items.back()["propensity"] = item.propensity;
      }
    }
    nlohmann::json ids = nlohmann::json::array();
    nlohmann::json starts = nlohmann::json::array();
    for (const Entry& entry : history.entries) {
      if (entry.starts_session) starts.push_back(ids.size());
      ids.push_back(entry.id);
    }
    const nlohmann::json answer = {{"history", ids},
                                   {"session_starts", starts},
                                   {"session_over", history.session_over},
                                   {"unknown", unknown},
                                   {"items", items}};
    fmt::print("{}\n", base::json_text(answer, -1));
  }

  const Arguments& arguments_;
  bundle::BundleFile file_;
  ItemNames names_;
  Recommender recommender_;
  std::unique_ptr<ListOptions> options_;
  ListRequest request_;
};

void run(const Arguments& arguments) {
  if (arguments.history.empty() == arguments.histories.empty()) {
    throw base::Error(base::ExitCode::kUsage, "Give either --history A,B,C or --histories FILE.");
  }
  ListPrinter printer(arguments);
  if (!arguments.history.empty()) return printer.print(split_ids(arguments.history), false);
  std::istringstream file;
  if (arguments.histories != "-") file.str(base::read_text(arguments.histories));
  std::istream& in = arguments.histories == "-" ? std::cin : file;
  std::size_t number = 0;
  for (std::string line; next_line(in, number, line);) printer.print(split_ids(line), true);
}

}  // namespace

void add_recommend_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "recommend", "Recommend items for one shopper, or for many (e-mail campaigns)");
  command->add_option("--bundle", arguments->bundle, "The bundle to rank with")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--overlay", arguments->overlay,
                   "Changes to the bundle, written by `vitrine overlay`")
      ->type_name("FILE");
  command
      ->add_option("--history", arguments->history,
                   "Item ids that the shopper viewed, oldest first; a semicolon ends a session")
      ->type_name("A,B;C");
  command
      ->add_option("--histories", arguments->histories,
                   "File with one shopper a line, or - for standard input; prints one list a line")
      ->type_name("FILE");
  command
      ->add_option("--options", arguments->options,
                   "JSON file with rules, filter, diversity, exploration and context, in the form "
                   "of the npm package")
      ->type_name("FILE");
  command->add_option("--k", arguments->k, "Length of a list")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  command->add_flag("--include-seen", arguments->include_seen, "Allow items of the history");
  command->add_flag("--json", arguments->json,
                    "Print JSON with reasons, one object for each shopper");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
