// Rules, diversity and exploration, as a page asks for them. The lists themselves: tests/core/ranking/arranger_test.cpp and the
// conformance cases.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListOptions } from '../../../js/src/ranking/types.ts';
import { available, ids, open } from '../shop.ts';

describe('a rule', () => {
  it('boosts and demotes, and stands among the reasons with its name', async () => {
    const { personalizer } = await open();
    const list = personalizer.popular({
      limit: 2,
      rules: [
        { name: 'furniture', category: 'Furniture', boost: 4 },
        { brand: 'Aster', demote: 10 },
      ],
    });
    expect(ids(list)).toEqual(['oak-stool', 'oak-table']);
    expect(list[0]?.reasons).toEqual([
      { kind: 'rule', rule: 'furniture', score: expect.closeTo(1.5) },
      { kind: 'popularity', score: expect.closeTo(0.5) },
    ]);
    expect(ids(personalizer.popular({ limit: 1 }))).toEqual(['mug-blue']);
    personalizer.dispose();
  });

  it('pins items from a place on, in every kind of list', async () => {
    const { personalizer } = await open();
    const rules = [{ items: ['teapot', 'no such item', 'oak-table'], pin: 1 }];
    for (const list of [
      personalizer.recommend({ rules }),
      personalizer.popular({ rules }),
      personalizer.similar('ébène', { rules }),
      personalizer.rerank(available, { rules }),
    ]) {
      expect(ids(list).slice(1, 3)).toEqual(['teapot', 'oak-table']);
      expect(new Set(ids(list)).size).toBe(list.length);
    }
    personalizer.dispose();
  });

  it('for items that the bundle does not have fits nothing', async () => {
    const { personalizer } = await open();
    const rules = [{ items: ['no such item'], boost: 100 }];
    expect(personalizer.popular({ rules })).toEqual(personalizer.popular());
    personalizer.dispose();
  });
});

describe('exploration', () => {
  it('tells the propensity of each place, and repeats itself with its seed', async () => {
    const { personalizer } = await open();
    const explore = { power: 2, seed: 7 };
    const list = personalizer.popular({ explore });
    expect(personalizer.popular({ explore })).toEqual(list);
    for (const { propensity } of list) {
      expect(propensity).toBeGreaterThan(0);
      expect(propensity).toBeLessThanOrEqual(1);
    }
    expect(personalizer.popular().every((item) => item.propensity === undefined)).toBe(true);
    const firsts = new Set<string | undefined>();
    for (let i = 0; i < 200; i++)
      firsts.add(personalizer.popular({ explore: { power: 1 } })[0]?.id);
    expect(firsts.size, 'without a seed by chance').toBeGreaterThan(1);
    personalizer.dispose();
  });
});

describe('whatever is asked for', () => {
  it('no call throws, and a list is as long as asked for', async () => {
    const { personalizer } = await open();
    personalizer.record({ item: 'mug-red' });
    const odd = fc.oneof(fc.anything(), fc.double(), fc.constantFrom(...available));
    const rule = fc.oneof(
      fc.anything(),
      fc.record(
        {
          boost: odd,
          demote: odd,
          pin: fc.oneof(odd, fc.nat(9)),
          items: fc.oneof(odd, fc.array(odd)),
          category: fc.oneof(odd, fc.constant('Kitchen')),
          minPrice: odd,
        },
        { requiredKeys: [] },
      ),
    );
    const options = fc.record({
      limit: fc.nat(8),
      rules: fc.oneof(odd, fc.array(rule, { maxLength: 30 })),
      diversity: fc.oneof(odd, fc.record({ lambda: odd, perCategory: odd, perBrand: odd })),
      explore: fc.oneof(odd, fc.record({ epsilon: odd, power: odd, seed: odd })),
    });
    fc.assert(
      fc.property(options, (given) => {
        const list = personalizer.popular(given as ListOptions);
        expect(list).toHaveLength(Math.min(given.limit, available.length));
        expect(new Set(ids(list)).size).toBe(list.length);
      }),
      { numRuns: 500 },
    );
    personalizer.dispose();
  });
});
