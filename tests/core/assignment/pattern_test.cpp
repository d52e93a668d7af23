#include "vitrine/assignment/pattern.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "vitrine/split_mix.h"

namespace vitrine::assignment {
namespace {

bool is_safe(const std::string& pattern, bool fold = false) {
  return pattern_problem(pattern, fold).empty();
}

/// A backtracking matcher for patterns of letters, ., (), |, *, + and ?, which counts its steps.
class Backtracker {
 public:
  Backtracker(std::string pattern, std::string text, std::uint64_t most)
      : pattern_(std::move(pattern)), text_(std::move(text)), most_(most) {}

  /// Searches the text. Returns the number of steps, at most `most` and a few.
  std::uint64_t steps() {
    const bool anchored = pattern_[0] == '^';
    const std::size_t begin = anchored ? 1 : 0;
    for (std::size_t at = 0; at <= (anchored ? 0 : text_.size()); ++at) {
      if (choice(begin, pattern_.size(), at, [](std::size_t) { return true; })) break;
    }
    return steps_;
  }

 private:
  using Next = std::function<bool(std::size_t)>;

  /// Returns the end of the atom at `at`.
  [[nodiscard]] std::size_t atom_end(std::size_t at) const {
    if (pattern_[at] != '(') return at + 1;
    int depth = 0;
    for (;; ++at) {
      if (pattern_[at] == '(') ++depth;
      if (pattern_[at] == ')' && --depth == 0) return at + 1;
    }
  }

  bool choice(std::size_t begin, std::size_t end, std::size_t at, const Next& next) {
    for (std::size_t part = begin; part <= end;) {
      std::size_t bar = part;
      while (bar < end && pattern_[bar] != '|') bar = atom_end(bar);
      if (sequence(part, bar, at, next)) return true;
      part = bar + 1;
    }
    return false;
  }

  bool sequence(std::size_t begin, std::size_t end, std::size_t at, const Next& next) {
    if (++steps_ > most_) return true;
    if (begin == end) return next(at);
    const std::size_t atom = atom_end(begin);
    const char quantifier = atom < end ? pattern_[atom] : ' ';
    const bool star = quantifier == '*' || quantifier == '+';
    const std::size_t rest = star || quantifier == '?' ? atom + 1 : atom;
    const Next after = [&, rest](std::size_t to) { return sequence(rest, end, to, next); };
    if (star) return repeat(begin, atom, at, quantifier == '+', after);
    if (quantifier == '?' && one(begin, atom, at, after)) return true;
    return quantifier == '?' ? after(at) : one(begin, atom, at, after);
  }

  bool repeat(std::size_t begin, std::size_t end, std::size_t at, bool needed, const Next& after) {
    const Next again = [&](std::size_t to) {
      return (to > at && repeat(begin, end, to, false, after)) || (to == at && needed && after(to));
    };
    if (one(begin, end, at, again)) return true;
    return !needed && after(at);
  }

  bool one(std::size_t begin, std::size_t end, std::size_t at, const Next& next) {
    if (pattern_[begin] == '(') return choice(begin + 1, end - 1, at, next);
    if (++steps_ > most_) return true;
    return at < text_.size() && (pattern_[begin] == '.' || pattern_[begin] == text_[at]) &&
           next(at + 1);
  }

  std::string pattern_;
  std::string text_;
  std::uint64_t most_;
  std::uint64_t steps_ = 0;
};

std::string random_pattern(SplitMix& random, int depth) {
  std::string pattern;
  for (std::uint64_t parts = 1 + random.below(4); parts > 0; --parts) {
    if (depth > 0 && random.below(3) == 0) {
      pattern += '(' + random_pattern(random, depth - 1) + ')';
    } else {
      pattern += "ab."[random.below(3)];
    }
    constexpr const char* kQuantifiers[] = {"", "", "*", "+", "?"};
    pattern += kQuantifiers[random.below(5)];
    if (random.below(8) == 0) pattern += "|a";
  }
  return pattern;
}

}  // namespace

TEST_CASE("patterns as shops write them are safe") {
  for (const char* pattern : {"^/product/[0-9]+$",
                              "shoes",
                              "^(en|de)-",
                              "^[a-z]+-[a-z]+-\\d+$",
                              "\\d+\\.\\d+\\.\\d+",
                              "",
                              "^[^@]+@[^@]+\\.[a-z]+$",
                              "^.*foo.*bar",
                              "^.*foo.*",
                              "colou?r",
                              "^(,\\d+)*$",
                              "^\\s*(a|b)\\s*$",
                              "[a-z]{2,5}x",
                              "^(?:www\\.)?shop\\.(com|co\\.uk)$",
                              "(ab)+c",
                              "a{3}",
                              "x{",
                              "[\\]a-]+",
                              "\\u00e4+",
                              "ü+b",
                              "^(?!admin)",
                              "(?<name>a+)b"}) {
    INFO(pattern << ": " << pattern_problem(pattern, false));
    CHECK(is_safe(pattern));
  }
}

TEST_CASE("patterns that can take a text in very many ways are not safe, and the reason says so") {
  for (const char* pattern : {"^(a+)+$",
                              "(a*)*b",
                              "(a|a)*b",
                              "(a|ab)*c",
                              "(.*,)*x",
                              "^(([a-z])+.)+[A-Z]([a-z])+$",
                              "(x+x+)+y",
                              "a*a*b",
                              "^a*a*a*b",
                              "(a?){30}a{30}",
                              "(a{0,8}){0,8}b",
                              "(a+)\\1",
                              "(?=(a+)+$)b",
                              "(\\w+\\s?)*$",
                              "([0-9]+[a-z0-9]+)*!",
                              "(a+){10}b",
                              "((a|b)*|c)*d",
                              ".*foo.*bar",
                              "((((a?)?)?)*)*b",
                              "(a|a)(a|a)(a|a)(a|a)(a|a)b",
                              "\\k<name>(?<name>a)"}) {
    INFO(pattern);
    CHECK_FALSE(is_safe(pattern));
  }
  CHECK(pattern_problem("(a+)+", false).find("two ways") != std::string::npos);
  CHECK(pattern_problem("a*a*b", false).find("begin it with ^") != std::string::npos);
}

TEST_CASE("what is no pattern is not safe either") {
  for (const char* pattern : {"(", ")", "[a", "a**", "*a", "a{3,2}", "[z-a]", "\\", "(?a)"}) {
    INFO(pattern);
    CHECK(pattern_problem(pattern, false) == "it is not a regular expression");
  }
  CHECK_FALSE(is_safe(std::string(1001, 'a')));
  CHECK_FALSE(is_safe(std::string(500, '(') + std::string(500, ')')));
  CHECK_FALSE(is_safe("((a{100}){100}){100}"));
}

TEST_CASE("letters of both cases are equal only where case is ignored") {
  CHECK(is_safe("^([a-z]|[A-Z])*$", false));
  CHECK_FALSE(is_safe("^([a-z]|[A-Z])*$", true));
  CHECK_FALSE(is_safe("^([^a]|A)*$", false));
  CHECK(is_safe("^([^a]|A)*$", true));
}

TEST_CASE(
    "a safe pattern takes a backtracking engine no more than the square of the text's length") {
  SplitMix random(7);
  constexpr std::size_t kLength = 40;
  constexpr std::uint64_t kMost = 40 * kLength * kLength;
  std::vector<std::string> texts = {std::string(kLength, 'a'), std::string(kLength, 'a') + 'c', ""};
  for (std::size_t i = 0; i < kLength; ++i) texts[2] += i % 2 == 0 ? 'a' : 'b';
  int safe = 0;
  int slow = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string pattern = (random.below(2) == 0 ? "^" : "") + random_pattern(random, 3) + 'c';
    const bool known_safe = is_safe(pattern);
    safe += known_safe ? 1 : 0;
    for (const std::string& text : texts) {
      const std::uint64_t steps = Backtracker(pattern, text, kMost).steps();
      slow += steps > kMost ? 1 : 0;
      INFO(pattern << " on " << text);
      if (known_safe) CHECK(steps <= kMost);
    }
  }
  CHECK(safe > 300);  // the rule leaves something over
  CHECK(slow > 300);  // and there is something to refuse
}

}  // namespace vitrine::assignment
