// Plain JavaScript hands in anything. After creation nothing throws because of it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Personalizer } from '../../../js/src/ranking/types.ts';
import { available, ids, open } from '../shop.ts';

/** The calls as plain JavaScript sees them. */
type Loose = Record<
  'record' | 'recommend' | 'rerank' | 'similar' | 'popular' | 'experiment' | 'expose',
  (...args: unknown[]) => unknown
>;
const loosen = (personalizer: Personalizer) => personalizer as unknown as Loose;

describe('odd input', () => {
  it('never makes a call throw', async () => {
    const { personalizer } = await open();
    const loose = loosen(personalizer);
    const option = fc.record(
      {
        limit: fc.anything(),
        exclude: fc.anything(),
        excludeSeen: fc.anything(),
        explain: fc.anything(),
        filter: fc.oneof(
          fc.anything(),
          fc.record(
            {
              category: fc.anything(),
              brand: fc.anything(),
              minPrice: fc.anything(),
              maxPrice: fc.anything(),
              includeUnavailable: fc.anything(),
            },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    );
    const anything = fc.anything({
      withBigInt: true,
      withMap: true,
      withDate: true,
      withNullPrototype: true,
    });
    fc.assert(
      fc.property(anything, option, (value, options) => {
        loose.record(value);
        loose.record({ item: value, type: value });
        for (const call of ['recommend', 'popular'] as const) {
          expect(Array.isArray(loose[call](options))).toBe(true);
          expect(Array.isArray(loose[call](value))).toBe(true);
        }
        for (const call of ['rerank', 'similar'] as const) {
          expect(Array.isArray(loose[call](value, options))).toBe(true);
        }
        expect(Array.isArray(loose.rerank([value, 'teapot'], options))).toBe(true);
        loose.experiment(value);
        loose.expose(value, options);
      }),
      { numRuns: 500 },
    );
    expect(ids(personalizer.popular())).toEqual(available);
    personalizer.dispose();
  });

  it('treats a huge id as unknown', async () => {
    const { personalizer, errors } = await open();
    const huge = 'x'.repeat(10_000_000);
    expect(personalizer.record({ item: huge })).toBe(false);
    expect(personalizer.similar(huge)).toEqual(personalizer.popular());
    expect(personalizer.recommend({ exclude: [huge], filter: { category: huge } })).toEqual([]);
    expect(errors.map(({ code }) => code)).toEqual(['filter']);
    expect(errors[0]?.message.length).toBeLessThan(400);
    personalizer.dispose();
  });

  it('knows ids of up to 1024 bytes', async () => {
    const longest = 'é'.repeat(512);
    const { personalizer } = await open({ items: [{ id: longest }, { id: 'b' }] });
    expect(personalizer.record({ item: longest })).toBe(true);
    expect(personalizer.record({ item: `${longest}x` })).toBe(false);
    personalizer.dispose();
  });

  it('survives 200,000 ids at once, when the memory grows under the views', async () => {
    const { personalizer, errors } = await open();
    const many = Array.from({ length: 200_000 }, (_, i) => `unknown-${i}`);
    const list = personalizer.rerank([...many, 'teapot', 'mug-blue']);
    expect(ids(list.slice(0, 3))).toEqual(['mug-blue', 'teapot', 'unknown-0']);
    expect(list).toHaveLength(200_002);
    expect(ids(personalizer.recommend({ exclude: many }))).toEqual(available);
    expect(errors).toEqual([]);
    personalizer.dispose();
  });

  it('ranks the ids of a list, whatever lies between them', async () => {
    const { personalizer, errors } = await open();
    const odd = [Symbol('teapot'), 'teapot', 7, null, { id: 'mug-red' }, 'mug-blue', 'new'];
    odd[9] = 'oak-stool'; // behind two places that are empty
    for (let again = 0; again < 2; again++) {
      expect(ids(personalizer.rerank(odd as string[]))).toEqual([
        ...['mug-blue', 'teapot', 'oak-stool'],
        ...['7', 'new'],
      ]);
      expect(ids(personalizer.popular({ exclude: odd as string[], limit: 1 }))).toEqual([
        'mug-red',
      ]);
    }
    // biome-ignore lint/suspicious/noSparseArray: that is what is asked
    expect(personalizer.recommend({ filter: { category: [, 'Garden'] as string[] } })).toEqual([]);
    expect(errors.map(({ code }) => code)).toEqual(['filter', 'filter']);
    personalizer.dispose();
  });

  it('ranks what a list holds when a getter in it ranks meanwhile, or answers anew each time', async () => {
    const { personalizer, errors } = await open();
    let asked = 0;
    const given = ['oak-table', 'teapot', 'mug-blue'];
    Object.defineProperty(given, 1, {
      get: () => {
        personalizer.rerank(['ébène', 'oak-stool', 'nobody']);
        return asked++ % 2 === 0 ? 'teapot' : 7;
      },
    });
    for (let again = 0; again < 4; again++) {
      const list = ids(personalizer.rerank(given)).filter((id) => id !== 'teapot');
      expect(list).toEqual(['mug-blue', 'oak-table']);
    }
    expect(errors).toEqual([]);
    personalizer.dispose();
  });

  it('takes a rule that names 200,000 items', async () => {
    const { personalizer, errors } = await open();
    const items = Array.from({ length: 200_000 }, (_, i) => (i % 2 === 0 ? 'teapot' : 'oak-stool'));
    const rules = [{ items, boost: 100, pin: 2 }];
    expect(ids(personalizer.popular({ rules })).slice(2, 4)).toEqual(['teapot', 'oak-stool']);
    expect(errors).toEqual([]);
    personalizer.dispose();
  });

  it('answers limits that are no sensible number', async () => {
    const { personalizer } = await open();
    const loose = loosen(personalizer);
    const count = (limit: unknown) => (loose.recommend({ limit }) as unknown[]).length;
    expect(count(-1)).toBe(0);
    expect(count(0)).toBe(0);
    expect(count(2.9)).toBe(2);
    expect(count(1e12)).toBe(7);
    expect(count(Number.POSITIVE_INFINITY)).toBe(7);
    expect(count(Number.NaN)).toBe(7);
    expect(count('3')).toBe(7);
    personalizer.dispose();
  });

  it('does not let a throwing onError through', async () => {
    const { personalizer } = await open(undefined, {
      onError: () => {
        throw new Error('from the page');
      },
    });
    personalizer.dispose();
    const print = console.error;
    const printed: unknown[] = [];
    console.error = (error: unknown) => printed.push(error);
    try {
      expect(personalizer.recommend()).toEqual([]);
    } finally {
      console.error = print;
    }
    expect(printed).toHaveLength(1);
  });
});
