#pragma once

#include <string>
#include <string_view>

namespace vitrine::assignment {

/// Returns why a regular expression of a condition may take long on some text, or cannot be read at
/// all; empty for one that is safe. A safe one takes a backtracking engine, such as that of
/// JavaScript or std::regex, at most some n * n steps on a text of n letters.
///
/// An expression is safe when
/// - no letter can be taken in two ways within a repetition: not (a+)+, (a|ab)*, (.*,)*;
/// - all repetitions together take the square of the text's length at most. One whose end is not
///   clear, because what follows may begin with a letter that is repeated, counts once: .*foo. All
///   others together count once, and .* and the like at the end of the pattern not at all. A
///   pattern that does not begin with ^ is tried at every place, and counts once more. The sum may
///   be 2;
/// - it has no references such as \1 and no repetition within (?=...), (?!...), (?<=...), (?<!...);
/// - it has at most 1,000 bytes, and its counts, such as {2,40}, stand for at most 2,000 letters.
///
/// The check builds the automaton of positions (Glushkov, "The abstract theory of automata", 1961)
/// and looks for two next positions that share a letter; `fold`: case is ignored. It refuses some
/// patterns that would be safe, such as (ab|ac)*, which is (a[bc])* in other words.
[[nodiscard]] std::string pattern_problem(std::string_view pattern, bool fold);

}  // namespace vitrine::assignment
