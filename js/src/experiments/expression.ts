// Regular expressions of conditions, without the backtracking of RegExp: the pattern comes with the experiment and the
// text from an address or a search box, and together they could stop the page for minutes.

/** The largest number of letters of a text that are searched. */
const longestText = 1000;
const longestPattern = 1000;
/** The largest size of a compiled pattern. The work for one text is at most this times its letters. */
const mostSteps = 400;
const mostCompiled = 20;
/** The largest number of letters beyond ASCII whose results are kept. */
const mostRemembered = 1000;

/**
 * One step of a program: it goes on with `next` after a code unit for which `takes` is true, or without
 * one where `holds` is true or missing.
 */
interface Step {
  takes?: (letter: number) => boolean;
  holds?: (text: string, place: number) => boolean;
  next: number[];
}

const compiled = new Map<string, readonly Step[] | undefined>();
let told = false;

/**
 * Returns true when `pattern`, a regular expression of JavaScript, matches somewhere in the first
 * 1,000 letters of `text`. The time is linear in the text (Thompson, "Regular expression search
 * algorithm", 1968). Patterns that need backtracking (references to groups, looking ahead or behind)
 * and patterns that are too large match nothing.
 */
export function matchesExpression(text: string, pattern: string, flags: '' | 'i'): boolean {
  if (text.length > longestText && !told) {
    told = true;
    console.warn(`vitrine: a $regex looks at the first ${longestText} letters of an attribute`);
  }
  const key = `${flags}/${pattern}`;
  if (!compiled.has(key)) {
    if (compiled.size >= mostCompiled) compiled.clear();
    compiled.set(key, compile(pattern, flags));
  }
  const steps = compiled.get(key);
  return steps !== undefined && run(steps, text.slice(0, longestText));
}

function compile(pattern: string, flags: string): readonly Step[] | undefined {
  try {
    if (pattern.length > longestPattern) return undefined;
    new RegExp(pattern, flags); // throws when the syntax is wrong, so that the parser need not look
    return new Compiler(pattern, flags).steps;
  } catch {
    return undefined;
  }
}

/** All steps that are possible before each letter are followed at the same time. */
function run(steps: readonly Step[], text: string): boolean {
  const seen = new Int32Array(steps.length).fill(-1);
  const stack: number[] = [];
  const waiting: Step[] = [];
  for (let place = 0; ; place++) {
    stack.push(0); // a match may begin anywhere
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const step = steps[at];
      if (!step) return true; // past the last one
      if (seen[at] === place) continue;
      seen[at] = place;
      if (step.takes) waiting.push(step);
      else if (!step.holds || step.holds(text, place))
        for (const next of step.next) stack.push(next);
    }
    if (place === text.length) return false;
    const letter = text.charCodeAt(place);
    for (const step of waiting) if (step.takes?.(letter)) stack.push(step.next[0] as number);
    waiting.length = 0;
  }
}

class Compiler {
  readonly steps: Step[] = [];
  readonly #pattern: string;
  readonly #flags: string;
  readonly #tests = new Map<string, (letter: number) => boolean>();
  #at = 0;

  constructor(pattern: string, flags: string) {
    this.#pattern = pattern;
    this.#flags = flags;
    this.#alternatives();
  }

  #alternatives(): void {
    const ends: Step[] = [];
    for (;;) {
      const fork = this.#emit();
      fork.next = [this.steps.length];
      while (this.#at < this.#pattern.length && !'|)'.includes(this.#letter)) this.#term();
      if (this.#letter !== '|') break;
      this.#at++;
      ends.push(this.#emit());
      fork.next.push(this.steps.length);
    }
    for (const end of ends) end.next = [this.steps.length];
  }

  /** An atom with its quantifier. The atom is compiled as often as it may have to be there. */
  #term(): void {
    const start = this.steps.length;
    const from = this.#at;
    this.#atom();
    const quantifier = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.#pattern.slice(this.#at));
    if (!quantifier) return;
    const [text, least, open, most] = quantifier;
    const end = this.#at + text.length;
    const min = least ? Number(least) : text[0] === '+' ? 1 : 0;
    const max = least
      ? Number(open ? most || Number.POSITIVE_INFINITY : least)
      : text[0] === '?'
        ? 1
        : Number.POSITIVE_INFINITY;
    const again = () => {
      this.#at = from;
      this.#atom();
    };
    this.steps.length = start;
    for (let i = 0; i < min; i++) again();
    const forks: Step[] = [];
    for (let i = min; i < max; i++) {
      const place = this.steps.length;
      const fork = this.#emit();
      fork.next = [place + 1];
      forks.push(fork);
      again();
      if (max === Number.POSITIVE_INFINITY) {
        this.#emit().next = [place];
        break;
      }
    }
    for (const fork of forks) fork.next.push(this.steps.length);
    this.#at = end;
  }

  #atom(): void {
    const rest = this.#pattern.slice(this.#at);
    const group = /^\((\?:|\?<[^=!>]*>)?(?!\?)/.exec(rest);
    if (group) {
      this.#at += group[0].length;
      this.#alternatives();
      this.#at++; // the closing parenthesis
      return;
    }
    const isWordEdge = (text: string, place: number) =>
      isWord(text[place - 1]) !== isWord(text[place]);
    const assertions: Record<string, Step['holds']> = {
      '^': (_, place) => place === 0,
      $: (text, place) => place === text.length,
      '\\b': isWordEdge,
      '\\B': (text, place) => !isWordEdge(text, place),
    };
    const atom =
      /^(?:\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|[^1-9k])|\[(?:\\.|[^\]\\])*\]|[^\\(])/is.exec(
        rest,
      )?.[0];
    if (!atom) throw new Error('this needs backtracking');
    this.#at += atom.length;
    const holds = Object.hasOwn(assertions, atom) ? assertions[atom] : undefined;
    const step = this.#emit();
    step.next = [this.steps.length];
    if (holds) step.holds = holds;
    else step.takes = this.#test(atom);
  }

  /** Leaves the meaning of classes, escapes and case to RegExp, which sees one letter at a time. */
  #test(atom: string): (letter: number) => boolean {
    const known = this.#tests.get(atom);
    if (known) return known;
    const expression = new RegExp(`^${atom}$`, this.#flags);
    const test = (letter: number) => expression.test(String.fromCharCode(letter));
    const ascii = Array.from({ length: 128 }, (_, letter) => test(letter));
    const others = new Map<number, boolean>();
    const remembered = (letter: number): boolean => {
      let result = ascii[letter] ?? others.get(letter);
      if (result === undefined) {
        result = test(letter);
        if (others.size < mostRemembered) others.set(letter, result);
      }
      return result;
    };
    this.#tests.set(atom, remembered);
    return remembered;
  }

  #emit(): Step {
    if (this.steps.length >= mostSteps) throw new Error('this pattern is too large');
    const step: Step = { next: [] };
    this.steps.push(step);
    return step;
  }

  get #letter(): string {
    return this.#pattern[this.#at] ?? '';
  }
}

const isWord = (letter: string | undefined): boolean => letter !== undefined && /\w/.test(letter);
