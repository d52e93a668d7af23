// Properties that must hold for every shop, every history and every option.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TestBundle, TestItem } from '../bundle_writer.ts';
import { ids, open } from '../shop.ts';

const shops: fc.Arbitrary<TestBundle> = fc
  .uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), {
    minLength: 1,
    maxLength: 40,
  })
  .chain((names) => {
    const weight = fc.integer({ min: 1, max: 1000 }).map((n) => n / 1000);
    const item = (id: string): fc.Arbitrary<TestItem> =>
      fc.record({
        id: fc.constant(id),
        popularity: fc.integer({ min: 0, max: 5 }).map((n) => n / 5),
        available: fc.boolean(),
        price: fc.integer({ min: 0, max: 9 }),
        category: fc.constantFrom('a', 'a/b', 'a b', 'c'),
        vector: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 }),
        next: fc.dictionary(fc.constantFrom(...names), weight, { maxKeys: 5 }),
      });
    return fc.record({
      items: fc.tuple(...names.map(item)),
      recommend: fc.record({ rows: weight, embeddings: weight, popularity: weight }),
      similar: fc.record({ rows: weight, embeddings: weight, popularity: weight }),
    });
  })
  .filter(({ items }) => items.every(({ id }) => !/\p{Surrogate}/u.test(id)));

interface Case {
  shop: TestBundle;
  history: string[];
  exclude: string[];
  limit: number;
  category: string | undefined;
  excludeSeen: boolean;
}
const cases: fc.Arbitrary<Case> = shops.chain((shop) => {
  const id = fc.constantFrom(...ids(shop.items));
  return fc.record({
    shop: fc.constant(shop),
    history: fc.array(id, { maxLength: 12 }),
    exclude: fc.array(fc.oneof(id, fc.constant('unknown')), { maxLength: 5 }),
    limit: fc.integer({ min: 0, max: 50 }),
    category: fc.constantFrom(undefined, 'a', 'a/b', 'c'),
    excludeSeen: fc.boolean(),
  });
});

async function check(test: (given: Case, vitrine: Awaited<ReturnType<typeof open>>) => void) {
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      const opened = await open(given.shop);
      for (const item of given.history) opened.personalizer.record({ item });
      test(given, opened);
      opened.personalizer.dispose();
    }),
    { numRuns: 150 },
  );
}

const filterOf = ({ category }: Case) => (category === undefined ? {} : { filter: { category } });

describe('every list', () => {
  it('has as many items as asked for whenever so many are eligible, and only eligible ones', () =>
    check((given, { personalizer }) => {
      const { shop, history, exclude, limit, category, excludeSeen } = given;
      const eligible = shop.items
        .filter((item) => item.available !== false)
        .filter(
          (item) =>
            category === undefined ||
            item.category === category ||
            item.category?.startsWith(`${category}/`),
        )
        .map(({ id }) => id)
        .filter((id) => !exclude.includes(id) && !(excludeSeen && history.includes(id)));
      const options = { limit, exclude, excludeSeen, ...filterOf(given) };
      for (const list of [personalizer.recommend(options), personalizer.popular(options)]) {
        const got = ids(list);
        expect(new Set(got).size).toBe(got.length);
        expect(got).toHaveLength(Math.min(limit, eligible.length));
        expect(eligible).toEqual(expect.arrayContaining(got));
      }
    }));

  it('is in falling order of score, ties by popularity', () =>
    check((given, { personalizer }) => {
      const order = ids(personalizer.popular({ limit: 100, filter: { includeUnavailable: true } }));
      const { limit } = given;
      const [seed = ''] = given.history;
      const lists = [
        personalizer.recommend({ limit }),
        personalizer.similar(seed, { limit }),
        personalizer.popular({ limit }),
      ];
      for (const list of lists) {
        list.slice(1).forEach((entry, i) => {
          const before = list[i];
          expect(before?.score).toBeGreaterThanOrEqual(entry.score);
          if (before?.score === entry.score) {
            expect(order.indexOf(before.id)).toBeLessThan(order.indexOf(entry.id));
          }
        });
      }
    }));

  it('explains each score by reasons that add up to it', () =>
    check((given, { personalizer }) => {
      const [seed = ''] = given.history;
      const lists = [
        personalizer.recommend({ limit: 50, excludeSeen: given.excludeSeen }),
        personalizer.similar(seed, { limit: 50 }),
        personalizer.rerank(ids(given.shop.items)),
      ];
      for (const { score, reasons } of lists.flat()) {
        const sum = reasons.reduce((total, reason) => total + reason.score, 0);
        expect(Math.abs(sum - score)).toBeLessThanOrEqual(1e-4 * Math.max(1, score));
        expect(reasons.length).toBeLessThanOrEqual(4);
      }
    }));

  it('is the beginning of the longer list', () =>
    check(({ limit, exclude }, { personalizer }) => {
      const long = personalizer.recommend({ limit: 100, exclude });
      expect(personalizer.recommend({ limit, exclude })).toEqual(long.slice(0, limit));
    }));
});

describe('rerank', () => {
  it('is a permutation of what it is given', () =>
    check(({ shop }, { personalizer }) => {
      const given = ['unknown-1', ...ids(shop.items), 'unknown-2'];
      const got = ids(personalizer.rerank(given));
      expect(got.toSorted()).toEqual(given.toSorted());
      expect(got.slice(-2)).toEqual(['unknown-1', 'unknown-2']);
    }));

  it('is a permutation of ids of any form, each once', () =>
    check(({ shop }, { personalizer }) => {
      const odd = [1, '1', 2.5, 'x', 'x', ' ', '\u0000', 'ÿ'.repeat(2000), -0, 1e21, '__proto__'];
      const given = [...odd, ...ids(shop.items), ...ids(shop.items)];
      const wanted = [...new Set(given.map(String))].toSorted();
      expect(ids(personalizer.rerank(given)).toSorted()).toEqual(wanted);
    }));

  it('agrees with recommend about the order', () =>
    check(({ shop }, { personalizer }) => {
      const options = { excludeSeen: false, filter: { includeUnavailable: true }, limit: 100 };
      const list = personalizer.recommend(options);
      const shuffled = ids(shop.items).reverse();
      expect(personalizer.rerank(shuffled)).toEqual(list);
    }));
});

describe('rules', () => {
  /** Everything that may be shown, so that nothing is cut away. */
  const whole = { limit: 100, excludeSeen: false };
  /** A case with some items that may be shown, each once, in any order. */
  const chosen = (given: Case, seed: number) =>
    given.shop.items
      .filter(({ available }) => available !== false)
      .map(({ id }, i) => ({ id, key: ((i + 1) * (seed * 2 + 1)) % 7919 }))
      .sort((a, b) => a.key - b.key)
      .slice(0, 1 + (seed % 5))
      .map(({ id }) => id);

  it('that pin put their items side by side at their place, and lose none', () =>
    check((given, { personalizer }) => {
      const items = chosen(given, given.limit);
      const plain = ids(personalizer.recommend(whole));
      const place = given.limit % (plain.length - items.length + 1 || 1);
      const list = ids(
        personalizer.recommend({ ...whole, rules: [{ name: 'pin', items, pin: place }] }),
      );
      expect(list.toSorted()).toEqual(plain.toSorted());
      expect(list.slice(place, place + items.length)).toEqual(items);
      const others = plain.filter((id) => !items.includes(id));
      expect(list.filter((id) => !items.includes(id))).toEqual(others);
    }));

  it('that boost or demote multiply scores, say so, and move nothing else', () =>
    check((given, { personalizer }) => {
      const items = chosen(given, given.limit + 3);
      const factor = [0.125, 0.5, 2, 8][given.limit % 4] ?? 2;
      const rule = factor > 1 ? { boost: factor } : { demote: 1 / factor };
      const plain = personalizer.recommend(whole);
      const list = personalizer.recommend({ ...whole, rules: [{ ...rule, items, name: 'sale' }] });
      const before = new Map(plain.map(({ id, score }) => [id, score]));
      expect(ids(list).toSorted()).toEqual(ids(plain).toSorted());
      for (const { id, score, reasons } of list) {
        const was = before.get(id) ?? Number.NaN;
        const moved = items.includes(id);
        expect(score).toBe(moved ? Math.fround(was * factor) : was);
        const sum = reasons.reduce((total, reason) => total + reason.score, 0);
        expect(Math.abs(sum - score)).toBeLessThanOrEqual(1e-4 * Math.max(1, score));
        const names = reasons.map(({ kind, rule }) => rule ?? kind);
        // Reasons that are too small to be listed are part of `other`.
        if (moved && score !== was)
          expect(names).toContain(names.includes('sale') ? 'sale' : 'other');
        else expect(names).not.toContain('sale');
      }
      for (const part of [true, false]) {
        const order = (of: readonly { id: string }[]) =>
          ids(of).filter((id) => items.includes(id) === part);
        expect(order(list)).toEqual(order(plain));
      }
    }));

  it('of diversity hold a category back only while there are others', () =>
    check((given, { personalizer }) => {
      const most = 1 + (given.limit % 3);
      const plain = ids(personalizer.recommend(whole));
      const list = ids(personalizer.recommend({ ...whole, diversity: { perCategory: most } }));
      expect(list.toSorted()).toEqual(plain.toSorted());
      const categoryOf = new Map(given.shop.items.map(({ id, category }) => [id, category]));
      const counts = new Map<string | undefined, number>();
      const full = (id: string) => (counts.get(categoryOf.get(id)) ?? 0) >= most;
      list.forEach((id, place) => {
        if (full(id)) expect(list.slice(place).every(full)).toBe(true);
        counts.set(categoryOf.get(id), (counts.get(categoryOf.get(id)) ?? 0) + 1);
      });
    }));

  it('of chance lose nothing, tell each propensity, and repeat themselves by their seed', () =>
    check((given, { personalizer }) => {
      const explore = given.excludeSeen
        ? { epsilon: 0.5, seed: given.limit }
        : { power: 2, seed: given.limit };
      const list = personalizer.recommend({ ...whole, explore });
      expect(ids(list).toSorted()).toEqual(ids(personalizer.recommend(whole)).toSorted());
      expect(personalizer.recommend({ ...whole, explore })).toEqual(list);
      for (const { propensity } of list) {
        expect(propensity).toBeGreaterThanOrEqual(0);
        expect(propensity).toBeLessThanOrEqual(1);
      }
    }));
});
