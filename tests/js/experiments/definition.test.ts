import { describe, expect, it } from 'vitest';
import { checkExperiments, parseExperiments } from '../../../js/src/experiments/definition.ts';

const hero = { key: 'hero', variations: ['control', 'b'] };
const refusal = (...list: unknown[]) => {
  try {
    checkExperiments(list);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

describe('checkExperiments', () => {
  it('names what is wrong, where, and what it must be', () => {
    expect(refusal(hero, { ...hero, key: 'k', weights: [0.5, 0.4] })).toBe(
      'experiments[1].weights must be a share for each variation, 1 together, not [0.5,0.4]',
    );
    expect(refusal(hero, hero)).toBe(
      'experiments[1].key must be a key that no other experiment has, not "hero"',
    );
    expect(refusal({ ...hero, hashVersion: 3 })).toBe(
      'experiments[0].hashVersion must be 1 or 2, not 3',
    );
    expect(refusal({ ...hero, holdout: 'nowhere' })).toMatch('experiments[0].holdout must be');
    expect(refusal({ ...hero, holdout: 'hero' })).toMatch('experiments[0].holdout must be');
  });

  it('refuses every field of the wrong kind', () => {
    const wrong: Record<string, unknown[]> = {
      key: [undefined, '', 1],
      variations: [undefined, [], ['a'], 'ab'],
      meta: [[{}], [{ name: 1 }, {}]],
      seed: [1],
      hashVersion: [0, '1'],
      hashAttribute: ['', 1],
      fallbackAttribute: [''],
      coverage: [-0.1, 1.1, '1'],
      ramp: [
        [],
        [{ from: 'tomorrow', coverage: 1 }],
        [{ from: '2026-02-31x', coverage: 1 }],
        [{ from: '2026-03-01', coverage: 2 }],
        [
          { from: '2026-03-02', coverage: 0.1 },
          { from: '2026-03-01', coverage: 1 },
        ],
      ],
      weights: [[1], [0.5, 0.6], ['a', 'b'], [2, -1]],
      ranges: [[[0, 1]], [[0, 1], [0]]],
      namespace: [
        ['a', 0],
        ['', 0, 1],
        ['a', 0, 2],
      ],
      filters: [{}, [{ ranges: [[0, 1]] }], [{ seed: 's', ranges: [[0, 1]], hashVersion: 9 }]],
      holdout: [''],
      condition: [[], 'a'],
      parentConditions: [[{ id: 'a' }]],
      force: [2, -1, 0.5],
      active: ['no'],
      status: ['over'],
      bucketVersion: [-1, 0.5],
      minBucketVersion: ['1'],
      disableStickyBucketing: [1],
    };
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        const where = value === undefined ? `${field}: absent` : JSON.stringify({ [field]: value });
        expect(refusal({ ...hero, [field]: value }), where).toMatch(
          `experiments[0].${field} must be`,
        );
      }
    }
    expect(refusal('hero')).toBe('experiments[0] must be an object, not "hero"');
    expect(() => checkExperiments({})).toThrow('must be a list');
  });
});

describe('parseExperiments', () => {
  it('reads null as not given', () => {
    const found = parseExperiments(
      '{"experiments":[{"key":"k","seed":null,"coverage":null,"variations":["a","b"]}]}',
    );
    expect(found.get('k')).toEqual({ key: 'k', variations: ['a', 'b'] });
  });

  it('finds none in an empty text and refuses what is no list', () => {
    expect(parseExperiments('').size).toBe(0);
    expect(() => parseExperiments('[]')).toThrow('"experiments" must be a list');
  });
});
