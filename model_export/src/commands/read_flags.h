#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/event_log.h"

namespace CLI {
class App;
}

namespace vitrine::commands {

/// The flags of commands that read a log: --events, --items, and those that say how to read them.
struct ReadFlags {
  std::vector<std::string> events;
  std::vector<std::string> items;
  std::vector<std::string> map;
  std::string from;
  std::string session_gap = "auto";
  std::string time_unit;
  std::string date_order;
  std::string decimal;
  std::vector<std::string> leave_out;
  std::optional<std::int64_t> most_events;
  bool strict = false;
};

/// Rewrites a file name in brackets, such as [a], after --events or --items as ./[a]: the parser of
/// the command line would take it for a list.
void keep_names_in_brackets(std::vector<std::string>& arguments);

/// Adds --events (required), --map, --from, --session-gap, --time-unit, --date-order, --decimal,
/// --leave-out and --strict to a command; `flags` must outlive it.
void add_event_flags(CLI::App& command, ReadFlags& flags);

/// Adds --items.
void add_item_flags(CLI::App& command, ReadFlags& flags);

/// Returns the options for reading events. Entries of --map that start with "items." are left out.
/// Throws Error(kUsage) for an entry without "=". `now` is the present.
[[nodiscard]] data::ReadOptions event_options(const ReadFlags& flags);

/// Returns the options for reading items: the entries of --map that start with "items.", without
/// this prefix.
[[nodiscard]] data::ReadOptions item_options(const ReadFlags& flags);

}  // namespace vitrine::commands
