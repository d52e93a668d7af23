#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "vitrine/visit/recommender.h"

namespace vitrine::commands {

/// The options of a list as `recommend(options)` of the npm package takes them:
/// {"limit": 8, "rules": [...], "diversity": {...}, "explore": {...}, "context": {...}, "filter":
/// {...}, "exclude": [...], "excludeSeen": true}. Holds what `request` looks into, so it does not
/// move.
class ListOptions {
 public:
  /// Throws Error(kDataUnusable) that names the first thing that cannot be used. Ids, categories
  /// and brands that the bundle does not have fit nothing.
  ListOptions(const nlohmann::json& options, const Bundle& bundle);
  /// Reads them from a file, or from `path` itself if it starts with "{". Throws Error: kIo or
  /// kDataUnusable.
  static std::unique_ptr<ListOptions> read(const std::string& path, const Bundle& bundle);

  ListOptions(const ListOptions&) = delete;
  ListOptions& operator=(const ListOptions&) = delete;

  /// The list that a page with these options asks for. This must outlive it.
  [[nodiscard]] ListRequest request(ListMode mode) const;
  /// The length of the list, if the options say it.
  [[nodiscard]] std::optional<std::size_t> limit() const { return limit_; }
  /// Returns true when the options use exploration.
  [[nodiscard]] bool explores() const { return plan_.exploration != Exploration::kNone; }
  /// The name of a rule, by its place, "context" of those behind them; may be empty.
  [[nodiscard]] const std::string& rule_name(std::uint32_t rule) const {
    return rule < names_.size() ? names_[rule] : names_.back();
  }

 private:
  std::span<const std::uint32_t> keep(std::vector<std::uint32_t> list);
  void add_rule(const nlohmann::json& rule, const Bundle& bundle);
  [[nodiscard]] Filter read_filter(const nlohmann::json& wanted, const Bundle& bundle);

  std::vector<std::unique_ptr<std::vector<std::uint32_t>>> lists_;
  std::vector<Rule> rules_;
  std::vector<std::string> names_;
  std::vector<Pin> pins_;
  Plan plan_;
  Context context_;
  Filter filter_;  // without available_only, which depends on the mode
  std::vector<std::uint32_t> exclude_;
  std::optional<bool> include_unavailable_;
  std::optional<bool> exclude_seen_;
  std::optional<std::size_t> limit_;
};

}  // namespace vitrine::commands
