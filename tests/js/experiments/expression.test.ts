import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { matchesExpression } from '../../../js/src/experiments/expression.ts';

/** Patterns of few letters, so that they often match. */
const pattern: fc.Arbitrary<string> = fc
  .letrec<{ part: string; atom: string; all: string }>((tie) => ({
    all: fc
      .array(
        fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
        {
          minLength: 1,
          maxLength: 3,
        },
      )
      .map((alternatives) => alternatives.join('|')),
    part: fc.oneof(
      { withCrossShrink: true },
      tie('atom'),
      fc.constantFrom('^', '$', '\\b', '\\B'),
      fc
        .tuple(
          tie('atom'),
          fc.constantFrom('*', '+', '?', '*?', '{2}', '{1,}', '{0,2}', '{0}', '+?'),
        )
        .map(([atom, quantifier]) => atom + quantifier),
    ),
    atom: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(
        'a',
        'b',
        'B',
        '.',
        '\\d',
        '\\w',
        '\\S',
        '[ab]',
        '[^a]',
        '[a-b1\\]]',
        ' ',
        '1',
      ),
      fc.constantFrom(
        '\\x61',
        '\\u0062',
        '\\.',
        '\\/',
        ']',
        '}',
        '-',
        'é',
        '\\t',
        '[\\s\\S]',
        '[]',
        '[^]',
      ),
      tie('all').map((inner) => `(${inner})`),
      tie('all').map((inner) => `(?:${inner})`),
    ),
  }))
  .all.filter((text) => text.length <= 50);
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', '1', ' ', ']', 'é', '\n'),
  maxLength: 8,
});

describe('a regular expression of a condition', () => {
  it('matches as RegExp does', () => {
    fc.assert(
      fc.property(pattern, text, fc.constantFrom<'' | 'i'>('', 'i'), (pattern, text, flags) => {
        expect(matchesExpression(text, pattern, flags)).toBe(new RegExp(pattern, flags).test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('answers hostile pairs in a number of steps that is linear', () => {
    const hostile = [
      '^(a+)+$',
      '(a*)*b',
      '^(a|a)*$',
      '^(a|aa)+$',
      '(.*a){12}$',
      '^(([a-z])+.)+[A-Z]([a-z])+$',
      'a*a*a*a*a*a*a*b',
      '^(?:a?){40}a{40}$',
      '(x+x+)+y',
      '^(\\w+\\s?)*$',
    ];
    const subjects = Array.from(
      { length: 100 },
      (_, i) => 'axaa a'[i % 6]?.repeat(10 * (i + 1)) ?? '',
    );
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    let pairs = 0;
    for (const pattern of hostile) {
      for (const subject of subjects) {
        matchesExpression(`${subject}!`, pattern, '');
        pairs++;
      }
    }
    expect(pairs).toBe(1000);
  });

  it('that needs backtracking, is too large or is none, matches nothing', () => {
    const patterns = [
      '(a)\\1',
      '(?=a)',
      '(?!b)',
      '(?<=a)b',
      '(?<n>a)\\k<n>',
      'a{600}',
      '(',
      '[',
      '*',
    ];
    for (const one of patterns) expect(matchesExpression('aaaa', one, ''), one).toBe(false);
    expect(matchesExpression('aaaa', '(?<n>a)', '')).toBe(true);
  });

  it('sees the first 1,000 letters', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    expect(matchesExpression(`${'a'.repeat(999)}b`, 'b$', '')).toBe(true);
    expect(matchesExpression(`${'a'.repeat(1000)}b`, 'b', '')).toBe(false);
  });
});
