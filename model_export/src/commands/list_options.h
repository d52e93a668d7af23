#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "vitrine/ranking/arranger.h"
#include "vitrine/ranking/context.h"

namespace vitrine::commands {

/// Rules, diversity, exploration and context of a list, as `recommend(options)` of the npm package
/// takes them: {"rules": [...], "diversity": {...}, "explore": {...}, "context": {...}}. Holds what
/// `rules`, `plan` and `context` look into, so it does not move.
class ListOptions {
 public:
  /// Throws Error(kDataUnusable) that names the first thing that cannot be used. Ids, categories
  /// and brands that the bundle does not have fit nothing.
  ListOptions(const nlohmann::json& options, const Bundle& bundle);
  /// Reads them from a file. Throws Error: kIo or kDataUnusable.
  static std::unique_ptr<ListOptions> read(const std::string& path, const Bundle& bundle);

  ListOptions(const ListOptions&) = delete;
  ListOptions& operator=(const ListOptions&) = delete;

  [[nodiscard]] std::span<const Rule> rules() const { return rules_; }
  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] const Context& context() const { return context_; }
  /// The name of a rule, by its place, "context" of those behind them; may be empty.
  [[nodiscard]] const std::string& rule_name(std::uint32_t rule) const {
    return rule < names_.size() ? names_[rule] : names_.back();
  }

 private:
  std::span<const std::uint32_t> keep(std::vector<std::uint32_t> list);
  void add_rule(const nlohmann::json& rule, const Bundle& bundle);

  std::vector<std::unique_ptr<std::vector<std::uint32_t>>> lists_;
  std::vector<Rule> rules_;
  std::vector<std::string> names_;
  std::vector<Pin> pins_;
  Plan plan_;
  Context context_;
};

}  // namespace vitrine::commands
