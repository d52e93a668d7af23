// The hints in the console for a developer of a page, with the option `debug`.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookAlikes, nearest } from '../../../js/src/debug/nearest.ts';
import { createVitrine } from '../../../js/src/page/create_vitrine.ts';
import type { VitrineOptions } from '../../../js/src/page/vitrine_types.ts';
import type { ListOptions } from '../../../js/src/ranking/types.ts';
import { writeBundle } from '../bundle_writer.ts';
import { open, shop, wasm } from '../shop.ts';

let hints: string[];

beforeEach(() => {
  hints = [];
  vi.spyOn(console, 'warn').mockImplementation((text) => hints.push(text));
});
afterEach(() => vi.restoreAllMocks());

/** A live object of the test's shop, whose options may be anything. */
async function page(options: object) {
  const vitrine = createVitrine({ bundle: writeBundle(shop), wasm, debug: true, ...options });
  await vitrine.ready;
  return vitrine;
}

describe('options', () => {
  const told: [object, string][] = [
    [{ lmit: 3 }, 'recommend has no option "lmit"; did you mean "limit"?'],
    [{ limit: -1 }, 'recommend: "limit" is -1; it takes a number of at least 0'],
    [{ limit: '3' }, 'recommend: "limit" is \'3\'; it takes a number of at least 0'],
    [{ exclude: 'mug-red' }, 'recommend: "exclude" is \'mug-red\'; it takes a list of ids'],
    [
      { filter: { maxprice: 5 } },
      'recommend, in "filter" has no option "maxprice"; did you mean "maxPrice"?',
    ],
    [{ rules: [{ bost: 2 }] }, 'recommend, in "rules" has no option "bost"; did you mean "boost"?'],
    [{ colour: 'red' }, 'recommend has no option "colour"'],
    [
      { diversity: { lambda: 4 } },
      'recommend, in "diversity": "lambda" is 4; it takes a number from 0 to 1',
    ],
  ];
  for (const [options, hint] of told) {
    it(`${JSON.stringify(options)} of a list is told once`, async () => {
      const { personalizer } = await open(shop, { debug: true });
      personalizer.recommend(options as ListOptions);
      personalizer.recommend(options as ListOptions);
      expect(hints).toEqual([`vitrine: ${hint}`]);
      personalizer.dispose();
    });
  }

  it('that are right are not told of, and without debug none is', async () => {
    const right: ListOptions = {
      ...{ limit: 3, exclude: [1, 'a'], excludeSeen: true, explain: false },
      filter: { category: ['Kitchen'], brand: 'Aster', minPrice: 1, maxPrice: 9 },
      rules: [
        { name: 'r', boost: 2, items: ['teapot'] },
        { pin: 0, items: [5] },
      ],
      ...{ diversity: { lambda: 0.5, perBrand: 2 }, explore: { epsilon: 0.1, seed: 1 } },
      context: { landingProduct: 'teapot', category: 'Kitchen', country: 'DE' },
    };
    const watched = await open(shop, { debug: true });
    watched.personalizer.recommend(right);
    watched.personalizer.rerank(['teapot'], { where: () => true });
    const quiet = await open();
    quiet.personalizer.recommend({ lmit: 3 } as ListOptions);
    expect(hints).toEqual([]);
    for (const { personalizer } of [watched, quiet]) personalizer.dispose();
  });

  it('of the page and of its slots are told of, and an unknown consent is pending', async () => {
    const vitrine = await page({
      ...{ consent: 'yes', timeOut: 5, historyDays: '3' },
      slots: { home: { limits: 3 } },
    });
    expect(vitrine.consent.state).toBe('pending');
    expect(hints.toSorted()).toEqual([
      `vitrine: createVitrine has no option "timeOut"; did you mean "timeout"?`,
      `vitrine: createVitrine: "consent" is 'yes'; it takes 'pending' or 'granted' or 'denied'`,
      `vitrine: createVitrine: "historyDays" is '3'; it takes a number of at least 0`,
      `vitrine: the slot "home" has no option "limits"; did you mean "limit"?`,
    ]);
    vitrine.dispose();
  });

  it('of any kind throw nothing', async () => {
    const { personalizer } = await open(shop, { debug: true });
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (options) => {
        personalizer.recommend(options as ListOptions);
        personalizer.popular({ filter: options, rules: options } as ListOptions);
      }),
    );
    personalizer.dispose();
  });
});

describe('an unknown item', () => {
  it('is told of once, with the ids that look like it, and counted', async () => {
    const vitrine = await page({});
    for (const item of ['SHOP_MUG_RED', 'SHOP_MUG_RED', 'nothing like it'])
      vitrine.record({ item });
    expect(hints).toHaveLength(1);
    expect(hints[0]).toMatch(/^vitrine: the bundle has no item "SHOP_MUG_RED"; it has "mug-red", /);
    expect(hints[0]).toMatch(/`itemId`/);
    expect((await vitrine.export()).unknownItems).toEqual(['SHOP_MUG_RED', 'nothing like it']);
    vitrine.dispose();
  });

  it('is known where itemId maps it', async () => {
    const vitrine = await page({
      itemId: ({ item_id }: { item_id: string }) => item_id?.replace(/^shopify_DE_/, ''),
    } as Partial<VitrineOptions>);
    vitrine.track('view_item', { items: [{ item_id: 'shopify_DE_mug-red' }] });
    expect(vitrine.history.map(({ item }) => item)).toEqual(['mug-red']);
    expect(vitrine.personalizer?.unknownItems).toEqual([]);
    expect(hints).toEqual([]);
    vitrine.dispose();
  });
});

describe('an event', () => {
  it('in the form of Universal Analytics is told of, with the event of GA4', async () => {
    const vitrine = await page({});
    const dataLayer = [
      { event: 'productDetail', ecommerce: { detail: { products: [{ id: 'mug-red' }] } } },
      { event: 'addToCart', ecommerce: { add: { products: [{ id: 'mug-red' }] } } },
      { event: 'gtm.js' },
    ];
    vitrine.connect(dataLayer);
    await vi.waitFor(() => expect(hints).toHaveLength(2));
    expect(hints[0]).toMatch(/"productDetail" has the form of Universal Analytics.*"view_item"/);
    expect(hints[1]).toMatch(/"add_to_cart"/);
    vitrine.dispose();
  });

  it('with a misspelt name is told of, and another is not', async () => {
    const vitrine = await page({});
    for (const name of ['view_itm', 'Product Viewd', 'page_view', 'scroll', 'user_engagement']) {
      vitrine.track(name, { items: [{ item_id: 'mug-red' }] });
    }
    await vi.waitFor(() => expect(hints).toHaveLength(2));
    expect(hints).toEqual([
      'vitrine: "view_itm" is no known event; did you mean "view_item"?',
      'vitrine: "Product Viewd" is no known event; did you mean "view_item"?',
    ]);
    vitrine.dispose();
  });
});

describe('the nearest name', () => {
  it('is itself for a name, and none for one that is far from all', () => {
    expect(nearest('limit', ['exclude', 'limit'])).toBe('limit');
    expect(nearest('zzz', ['exclude', 'limit'])).toBeUndefined();
  });

  it('of ids are those that share most with it', () => {
    const ids = ['1001', '1002', 'mug-red', 'mug-blue', 'red mug'];
    expect(lookAlikes('MUG_RED', ids)).toEqual(['mug-red', 'red mug', 'mug-blue']);
    expect(lookAlikes('sku-1002', ids, 1)).toEqual(['1002']);
    expect(lookAlikes('ÿ', ids)).toEqual([]);
  });
});
