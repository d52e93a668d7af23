import { describe, expect, it } from 'vitest';
import { ids, open, shop } from '../shop.ts';

describe('context', () => {
  it('shows a first visitor what goes with the product of the page', async () => {
    const { personalizer, errors } = await open();
    const context = { landingProduct: 'mug-red', category: 'Furniture' };
    const [first, ...rest] = personalizer.recommend({ context });
    expect(first?.id).toBe('teapot');
    expect(first?.reasons[0]).toMatchObject({ kind: 'session', item: 'mug-red' });
    expect(ids(rest)).not.toContain('mug-red');
    expect(personalizer.history).toEqual([]);
    expect(errors).toEqual([]);
    personalizer.dispose();
  });

  it('shows a first visitor the category of the page first, and says so', async () => {
    const { personalizer } = await open();
    const context = { category: 'Furniture', landingProduct: 'unknown' };
    const list = personalizer.recommend({ context });
    expect(ids(list).slice(0, 4)).toEqual(['oak-stool', 'oak-table', 'ébène', 'mug-blue']);
    expect(list[0]?.reasons[0]).toMatchObject({ kind: 'rule', rule: 'context' });
    const rules = [{ category: 'Furniture/Été', boost: 9 }];
    expect(
      ids(personalizer.rerank(['mug-blue', 'oak-table', 'ébène'], { context, rules })),
    ).toEqual(['ébène', 'oak-table', 'mug-blue']);
    personalizer.dispose();
  });

  it('shows a first visitor what is best known in the country first, and says so', async () => {
    const { personalizer, errors } = await open({
      ...shop,
      markets: { Norway: ['ébène', 'oak-table'], Sweden: [] },
    });
    const list = personalizer.recommend({ context: { country: 'Norway' } });
    expect(ids(list).slice(0, 3)).toEqual(['oak-table', 'ébène', 'mug-blue']);
    expect(list[0]?.reasons[0]).toMatchObject({ kind: 'rule', rule: 'context' });
    const popular = personalizer.recommend();
    for (const country of ['Sweden', 'Atlantis', 7, {}])
      expect(personalizer.recommend({ context: { country } } as object)).toEqual(popular);
    expect(errors).toEqual([]);
    personalizer.dispose();
  });

  it('does not count once there is a history, and is looked at only where it is of the right type', async () => {
    const { personalizer, errors } = await open();
    personalizer.record({ item: 'mug-blue' });
    const plain = personalizer.recommend();
    expect(personalizer.recommend({ context: { category: 'Furniture' } })).toEqual(plain);
    personalizer.clear();
    const popular = personalizer.recommend();
    for (const context of [null, 7, { category: 7, landingProduct: {} }, { category: [] }])
      expect(personalizer.recommend({ context } as object)).toEqual(popular);
    expect(errors).toEqual([]);
    personalizer.recommend({ context: { category: 'Cellar' } });
    expect(errors.map(({ code }) => code)).toEqual(['filter']);
    personalizer.dispose();
  });
});

describe('where', () => {
  it('leaves given ids out, those that the bundle does not know too', async () => {
    const { personalizer, errors } = await open();
    const given = ['teapot', 'other-1', 'mug-red', 'other-2'];
    const where = (id: string) => !id.endsWith('2') && id !== 'teapot';
    expect(ids(personalizer.rerank(given, { where }))).toEqual(['mug-red', 'other-1']);
    expect(personalizer.rerank(given, { where: 'no' } as object)).toHaveLength(4);
    const wrong = () => {
      throw new Error('of the shop');
    };
    expect(ids(personalizer.rerank(given, { where: wrong }))).toEqual(given);
    expect(errors.map(({ code }) => code)).toEqual(['usage']);
    personalizer.dispose();
  });
});
