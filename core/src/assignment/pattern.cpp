#include "vitrine/assignment/pattern.h"

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "assignment/script_engine.h"

namespace vitrine::assignment {
namespace {

constexpr std::size_t kMostPositions = 2000;
constexpr std::size_t kMostEdges = 20'000;
constexpr int kDeepestGroup = 64;
/// A count with more freedom than this, such as {2,8}, is taken for a repetition without an end.
constexpr int kMostOptional = 2;
/// The ways in which letters outside of repetitions may be taken, multiplied.
constexpr std::size_t kMostBranches = 16;

/// Letters of ASCII, and one bit for all others.
using Letters = std::bitset<129>;
constexpr std::size_t kOther = 128;

struct Node {
  enum class Kind : std::uint8_t { kEmpty, kLetters, kSequence, kChoice, kRepeat };
  Kind kind = Kind::kEmpty;
  Letters letters;
  std::vector<Node> parts;
  int least = 1;
  int most = 1;  // -1: no end
};

const char* const kInvalid = "it is not a regular expression";
const char* const kReference = "it refers to a group, as \\1 does";
const char* const kLook = "it has a repetition within (?=...), (?!...), (?<=...) or (?<!...)";

/// Reads a pattern by the rules of ECMAScript without the flag u.
class Reader {
 public:
  Reader(std::string_view left, bool fold) : left_(left), fold_(fold) {}

  std::optional<Node> all() {
    std::optional<Node> node = choice(0);
    if (!node) return std::nullopt;
    if (!left_.empty()) return fail(kInvalid);
    for (Node& part : node->parts) drop_end(part);
    return node;
  }
  [[nodiscard]] const char* trouble() const { return trouble_; }
  /// Each alternative of the whole pattern begins with ^.
  [[nodiscard]] bool anchored() const { return anchored_; }

 private:
  std::nullopt_t fail(const char* why) {
    if (trouble_ == nullptr) trouble_ = why;
    return std::nullopt;
  }
  bool take(std::string_view token) {
    if (!left_.starts_with(token)) return false;
    left_.remove_prefix(token.size());
    return true;
  }
  [[nodiscard]] char next() const { return left_.empty() ? '\0' : left_[0]; }

  std::optional<Node> choice(int depth) {
    if (depth > kDeepestGroup) return fail("its groups are nested too deep");
    Node node{.kind = Node::Kind::kChoice};
    do {
      if (depth == 0) anchored_ = anchored_ && next() == '^';
      std::optional<Node> part = sequence(depth);
      if (!part) return std::nullopt;
      node.parts.push_back(std::move(*part));
    } while (take("|"));
    return node;
  }

  std::optional<Node> sequence(int depth) {
    Node node{.kind = Node::Kind::kSequence};
    while (!left_.empty() && next() != '|' && next() != ')') {
      std::optional<Node> part = term(depth);
      if (!part) return std::nullopt;
      node.parts.push_back(std::move(*part));
    }
    return node;
  }

  std::optional<Node> term(int depth) {
    if (take("^") || take("$") || take("\\b") || take("\\B")) return Node{};
    for (const char* look : {"(?=", "(?!", "(?<=", "(?<!"}) {
      if (!take(look)) continue;
      const std::optional<Node> body = choice(depth + 1);
      if (!body || !take(")")) return fail(kInvalid);
      if (repeats(*body)) return fail(kLook);
      return quantified(Node{});
    }
    std::optional<Node> node = atom(depth);
    if (!node) return std::nullopt;
    return quantified(std::move(*node));
  }

  std::optional<Node> atom(int depth) {
    if (take("(")) {
      if (take("?<")) {
        const std::size_t end = left_.find('>');
        if (end == std::string_view::npos || end == 0) return fail(kInvalid);
        left_.remove_prefix(end + 1);
      } else if (left_.starts_with("?") && !take("?:")) {
        return fail(kInvalid);
      }
      std::optional<Node> body = choice(depth + 1);
      if (body && !take(")")) return fail(kInvalid);
      return body;
    }
    if (next() == '*' || next() == '+' || next() == '?') return fail(kInvalid);
    Node node{.kind = Node::Kind::kLetters};
    if (take(".")) {
      node.letters.set();
      return node;
    }
    if (take("[")) {
      const std::optional<Letters> letters = letter_class();
      if (!letters) return std::nullopt;
      node.letters = *letters;
      return node;
    }
    if (take("\\")) {
      if (next() >= '1' && next() <= '9') return fail(kReference);
      if (left_.starts_with("k<")) return fail(kReference);
      const std::optional<Letters> letters = escape();
      if (!letters) return std::nullopt;
      node.letters = *letters;
      return node;
    }
    node.letters = letter(one());
    return node;
  }

  /// Takes one character and returns its code, or kOther.
  std::size_t one() {
    const auto first = static_cast<unsigned char>(left_[0]);
    left_.remove_prefix(1);
    if (first < 0x80) return first;
    while (!left_.empty() && (static_cast<unsigned char>(left_[0]) & 0xC0U) == 0x80U) {
      left_.remove_prefix(1);
    }
    return kOther;
  }

  [[nodiscard]] Letters letter(std::size_t code) const {
    Letters letters;
    letters.set(std::min(code, kOther));
    if (fold_ && code < kOther) {
      constexpr std::size_t kToLower = 'a' - 'A';
      if (code >= 'a' && code <= 'z') letters.set(code - kToLower);
      if (code >= 'A' && code <= 'Z') letters.set(code + kToLower);
    }
    return letters;
  }
  [[nodiscard]] Letters span(std::size_t from, std::size_t to) const {
    Letters letters;
    for (std::size_t code = from; code <= std::min(to, kOther); ++code) letters |= letter(code);
    return letters;
  }

  /// The code of an escape that is one character, or nothing.
  std::optional<std::size_t> escaped_code() {
    const auto hexadecimal = [&](std::size_t digits) -> std::optional<std::size_t> {
      if (left_.size() < digits) return std::nullopt;
      std::size_t code = 0;
      for (std::size_t i = 0; i < digits; ++i) {
        const std::size_t digit = std::string_view("0123456789abcdefABCDEF").find(left_[i]);
        if (digit == std::string_view::npos) return std::nullopt;
        code = code * 16 + (digit > 15 ? digit - 6 : digit);
      }
      left_.remove_prefix(digits);
      return std::min(code, kOther);
    };
    constexpr std::string_view kNames = "nrtvf0";
    constexpr std::string_view kMeant("\n\r\t\v\f\0", 6);
    if (const std::size_t name = kNames.find(next()); name != std::string_view::npos) {
      left_.remove_prefix(1);
      return static_cast<std::size_t>(kMeant[name]);
    }
    if (take("x")) return hexadecimal(2).value_or('x');
    if (take("u")) return hexadecimal(4).value_or('u');
    if (next() == 'c' && left_.size() > 1) {
      left_.remove_prefix(1);
      return one() & 31U;
    }
    return one();
  }

  /// Reads the escape behind a backslash.
  std::optional<Letters> escape() {
    if (left_.empty()) return fail(kInvalid);
    constexpr std::string_view kClasses = "dDwWsS";
    if (kClasses.find(next()) == std::string_view::npos) {
      return letter(escaped_code().value_or(kOther));
    }
    const char name = next();
    left_.remove_prefix(1);
    Letters letters;
    if (name == 'd' || name == 'D') letters = span('0', '9');
    if (name == 'w' || name == 'W') {
      letters = span('0', '9') | span('a', 'z') | span('A', 'Z') | span('_', '_');
    }
    if (name == 's' || name == 'S') {
      letters = span('\t', '\r') | span(' ', ' ');
      letters.set(kOther);
    }
    if (name < 'a') {
      letters.flip();
      letters.set(kOther);
    }
    return letters;
  }

  std::optional<Letters> letter_class() {
    const bool negated = take("^");
    Letters letters;
    while (!take("]")) {
      if (left_.empty()) return fail(kInvalid);
      std::size_t from = kOther;
      if (take("\\")) {
        if (left_.empty()) return fail(kInvalid);
        constexpr std::string_view kClasses = "dDwWsS";
        if (kClasses.find(next()) != std::string_view::npos) {
          letters |= escape().value_or(Letters());
          continue;
        }
        from = take("b") ? 8U : escaped_code().value_or(kOther);
      } else {
        from = one();
      }
      if (left_.size() < 2 || left_[0] != '-' || left_[1] == ']') {
        letters |= letter(from);
        continue;
      }
      left_.remove_prefix(1);
      std::size_t to = kOther;
      if (take("\\")) {
        if (left_.empty()) return fail(kInvalid);
        to = escaped_code().value_or(kOther);
      } else {
        to = one();
      }
      if (to < from) return fail(kInvalid);
      letters |= span(from, to);
    }
    if (negated) {
      letters.flip();
      letters.set(kOther);
    }
    return letters;
  }

  std::optional<Node> quantified(Node node) {
    int least = 1;
    int most = 1;
    if (take("*")) {
      least = 0;
      most = -1;
    } else if (take("+")) {
      most = -1;
    } else if (take("?")) {
      least = 0;
    } else if (!take_counts(least, most)) {
      return node;
    }
    take("?");  // lazy: the same texts
    if (next() == '*' || next() == '+' || next() == '?') return fail(kInvalid);
    if (most >= 0 && most < least) return fail(kInvalid);
    Node repeat{.kind = Node::Kind::kRepeat, .least = least, .most = most};
    repeat.parts.push_back(std::move(node));
    return repeat;
  }

  /// Takes {2}, {2,} or {2,4}; a brace that begins none of them is a letter.
  bool take_counts(int& least, int& most) {
    std::string_view text = left_;
    const auto number = [&text]() -> std::optional<int> {
      std::size_t digits = 0;
      int value = 0;
      while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
        value = std::min(value * 10 + (text[digits++] - '0'), 100'000);
      }
      text.remove_prefix(digits);
      return digits > 0 ? std::optional(value) : std::nullopt;
    };
    const auto skip = [&text](char c) {
      if (!text.starts_with(c)) return false;
      text.remove_prefix(1);
      return true;
    };
    if (!skip('{')) return false;
    const std::optional<int> low = number();
    if (!low) return false;
    std::optional<int> high = low;
    if (skip(',')) high = number();
    if (!skip('}')) return false;
    least = *low;
    most = high.value_or(-1);
    left_ = text;
    return true;
  }

  /// A repetition of one letter at the end of the whole pattern never fails beyond its least count.
  static void drop_end(Node& sequence) {
    const auto ends_with_repetition = [&sequence] {
      return !sequence.parts.empty() && sequence.parts.back().kind == Node::Kind::kRepeat &&
             sequence.parts.back().parts.front().kind == Node::Kind::kLetters;
    };
    while (ends_with_repetition()) {
      Node& last = sequence.parts.back();
      last.most = last.least;
      if (last.least > 0) return;
      sequence.parts.pop_back();
    }
  }

  static bool repeats(const Node& node) {
    if (node.kind == Node::Kind::kRepeat && node.most != 0 && node.most != 1) return true;
    return std::any_of(node.parts.begin(), node.parts.end(), repeats);
  }

  std::string_view left_;
  bool fold_;
  const char* trouble_ = nullptr;
  bool anchored_ = true;
};

/// The automaton of positions: a state for each place of the pattern that takes a letter.
class Automaton {
 public:
  /// False: too many positions.
  bool build(const Node& pattern) {
    const Part whole = add(pattern);
    if (too_large_) return false;
    // The start is the last state; nothing leads to it.
    letters_.emplace_back();
    follow_.push_back(whole.first);
    repeated_.emplace_back();
    return true;
  }

  [[nodiscard]] std::string trouble(bool anchored) {
    find_loops();
    std::size_t branches = 1;
    std::vector<bool> unclear_end(loop_count_);
    for (std::size_t p = 0; p < follow_.size(); ++p) {
      const std::vector<std::size_t>& next = follow_[p];
      std::size_t ways = 1;
      std::vector<std::size_t> takers(129);
      for (std::size_t i = 0; i < next.size(); ++i) {
        const bool stays = is_loop(p) && loop_of_[next[i]] == loop_of_[p];
        bool meets = false;
        for (std::size_t j = 0; j < next.size(); ++j) {
          if (i == j || (letters_[next[i]] & letters_[next[j]]).none()) continue;
          const bool other_stays = is_loop(p) && loop_of_[next[j]] == loop_of_[p];
          if (stays && other_stays) return kTwoWays;
          if (stays || other_stays) unclear_end[loop_of_[p]] = true;
          meets = meets || (!stays && !other_stays);
        }
        if (repeated_[p].size() > i && repeated_[p][i]) {
          if (stays) return kTwoWays;
          ways *= 2;
        }
        if (!meets) continue;
        for (std::size_t code = 0; code < 129; ++code) {
          if (letters_[next[i]][code]) ways = std::max(ways, ++takers[code]);
        }
      }
      branches *= ways;
      if (branches > kMostBranches) return "its letters can be taken in too many ways";
    }
    std::size_t degree = anchored ? 0 : 1;
    bool other_loop = false;
    for (std::size_t loop = 0; loop < loop_count_; ++loop) {
      if (unclear_end[loop]) {
        ++degree;
      } else if (has_loop_[loop]) {
        other_loop = true;
      }
    }
    if (degree + (other_loop ? 1U : 0U) <= 2) return "";
    return anchored
               ? "it has several repetitions whose end is not clear, such as .*"
               : "it has several repetitions whose end is not clear, such as .*; begin it with ^";
  }

 private:
  static constexpr const char* kTwoWays =
      "a letter can be taken in two ways within a repetition, as in (a+)+ or (a|ab)*";

  struct Part {
    bool may_be_empty = true;
    std::vector<std::size_t> first;
    std::vector<std::size_t> last;
  };

  void connect(const std::vector<std::size_t>& from, const std::vector<std::size_t>& to) {
    for (const std::size_t p : from) {
      for (const std::size_t q : to) {
        const auto at = std::find(follow_[p].begin(), follow_[p].end(), q);
        repeated_[p].resize(follow_[p].size());
        if (at != follow_[p].end()) {
          repeated_[p][static_cast<std::size_t>(at - follow_[p].begin())] = true;
          continue;
        }
        follow_[p].push_back(q);
        repeated_[p].push_back(false);
        if (++edges_ > kMostEdges) too_large_ = true;
        if (too_large_) return;
      }
    }
  }

  /// `a` followed by `b`.
  Part joined(Part a, const Part& b) {
    connect(a.last, b.first);
    if (a.may_be_empty) a.first.insert(a.first.end(), b.first.begin(), b.first.end());
    if (b.may_be_empty) {
      a.last.insert(a.last.end(), b.last.begin(), b.last.end());
    } else {
      a.last = b.last;
    }
    a.may_be_empty = a.may_be_empty && b.may_be_empty;
    return a;
  }

  Part add(const Node& node) {
    Part part;
    if (too_large_) return part;
    switch (node.kind) {
      case Node::Kind::kEmpty:
        return part;
      case Node::Kind::kLetters:
        if (letters_.size() >= kMostPositions) {
          too_large_ = true;
          return part;
        }
        part = {false, {letters_.size()}, {letters_.size()}};
        letters_.push_back(node.letters);
        follow_.emplace_back();
        repeated_.emplace_back();
        return part;
      case Node::Kind::kSequence:
        for (const Node& one : node.parts) part = joined(std::move(part), add(one));
        return part;
      case Node::Kind::kChoice:
        part.may_be_empty = false;
        for (const Node& one : node.parts) {
          const Part other = add(one);
          part.may_be_empty = part.may_be_empty || other.may_be_empty;
          part.first.insert(part.first.end(), other.first.begin(), other.first.end());
          part.last.insert(part.last.end(), other.last.begin(), other.last.end());
        }
        return part;
      case Node::Kind::kRepeat:
        return add_repeat(node);
    }
    return part;
  }

  Part add_repeat(const Node& node) {
    const Node& body = node.parts.front();
    if (body.kind == Node::Kind::kEmpty) return {};
    const bool endless = node.most < 0 || node.most - node.least > kMostOptional;
    Part part;
    // The last copy of an endless repetition is the one that repeats.
    const int copies = node.least + (endless && node.least == 0 ? 1 : 0);
    for (int copy = 0; copy < copies && !too_large_; ++copy) {
      Part one = add(body);
      if (endless && copy + 1 == copies) {
        connect(one.last, one.first);
        one.may_be_empty = one.may_be_empty || node.least == 0;
      }
      const std::size_t before = letters_.size();
      part = joined(std::move(part), one);
      if (before == 0) break;  // nothing that takes a letter
    }
    if (endless) return part;
    Part optional;
    for (int copy = node.least; copy < node.most && !too_large_; ++copy) {
      Part one = joined(add(body), optional);
      one.may_be_empty = true;
      optional = std::move(one);
    }
    return joined(std::move(part), optional);
  }

  [[nodiscard]] bool is_loop(std::size_t p) const { return has_loop_[loop_of_[p]]; }

  /// Finds the strongly connected parts (Kosaraju's two walks).
  void find_loops() {
    const std::size_t count = follow_.size();
    std::vector<std::vector<std::size_t>> back(count);
    for (std::size_t p = 0; p < count; ++p) {
      for (const std::size_t q : follow_[p]) back[q].push_back(p);
    }
    std::vector<std::size_t> order;
    std::vector<bool> seen(count);
    std::vector<std::pair<std::size_t, std::size_t>> stack;
    for (std::size_t start = 0; start < count; ++start) {
      if (seen[start]) continue;
      seen[start] = true;
      stack.emplace_back(start, 0);
      while (!stack.empty()) {
        auto& [p, at] = stack.back();
        if (at == follow_[p].size()) {
          order.push_back(p);
          stack.pop_back();
          continue;
        }
        const std::size_t q = follow_[p][at++];
        if (seen[q]) continue;
        seen[q] = true;
        stack.emplace_back(q, 0);
      }
    }
    constexpr std::size_t kNone = SIZE_MAX;
    loop_of_.assign(count, kNone);
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
      if (loop_of_[*at] != kNone) continue;
      std::vector<std::size_t> walk = {*at};
      loop_of_[*at] = loop_count_;
      while (!walk.empty()) {
        const std::size_t p = walk.back();
        walk.pop_back();
        for (const std::size_t q : back[p]) {
          if (loop_of_[q] != kNone) continue;
          loop_of_[q] = loop_count_;
          walk.push_back(q);
        }
      }
      ++loop_count_;
    }
    has_loop_.assign(loop_count_, false);
    for (std::size_t p = 0; p < count; ++p) {
      for (const std::size_t q : follow_[p]) {
        if (loop_of_[q] == loop_of_[p]) has_loop_[loop_of_[p]] = true;
      }
    }
  }

  std::vector<Letters> letters_;
  std::vector<std::vector<std::size_t>> follow_;
  std::vector<std::vector<bool>> repeated_;  // beside follow_: reached in more than one way
  std::vector<std::size_t> loop_of_;
  std::vector<bool> has_loop_;
  std::size_t loop_count_ = 0;
  std::size_t edges_ = 0;
  bool too_large_ = false;
};

}  // namespace

std::string pattern_problem(std::string_view pattern, bool fold) {
  if (pattern.size() > kLongestExpression) {
    return "it is longer than " + std::to_string(kLongestExpression) + " bytes";
  }
  Reader reader(pattern, fold);
  const std::optional<Node> node = reader.all();
  if (!node) return reader.trouble() == nullptr ? kInvalid : reader.trouble();
  Automaton automaton;
  if (!automaton.build(*node)) return "its counts stand for too many letters";
  return automaton.trouble(reader.anchored());
}

}  // namespace vitrine::assignment
