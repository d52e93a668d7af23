import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DataLayer, followDataLayer } from '../../../js/src/events/data_layer.ts';
import { parseShopEvent } from '../../../js/src/events/shop_event.ts';

const event = (name: unknown, parameters: unknown) => {
  const parsed = parseShopEvent(name, parameters);
  return parsed && 'event' in parsed ? parsed.event : undefined;
};
const problems = (name: unknown, parameters: unknown) => parseShopEvent(name, parameters)?.problems;

describe('an event of a shop', () => {
  it("has GA4's names and items", () => {
    const items = [
      { item_id: 'mug', quantity: 2, price: '12.5', index: 3, item_name: 'Mug' },
      { item_id: 7 },
    ];
    expect(event('add_to_cart', { items, currency: 'EUR', value: 25 })).toEqual({
      name: 'add_to_cart',
      type: 'cart',
      items: [{ item_id: 'mug', quantity: 2, price: 12.5, index: 3 }, { item_id: '7' }],
      list: undefined,
      order: { currency: 'EUR', value: 25 },
    });
  });

  it.each([
    ['view_item', 'view'],
    ['add_to_cart', 'cart'],
    ['remove_from_cart', 'remove'],
    ['add_to_wishlist', 'favorite'],
    ['purchase', 'purchase'],
    ['view_item_list', null],
    ['select_item', null],
    ['begin_checkout', null],
    ['view_promotion', null],
  ])('%s adds %s to the history', (name, type) => {
    expect(event(name, { items: [{ item_id: 'mug' }] })?.type).toBe(type);
  });

  it.each([
    ['Product Viewed', 'view_item'],
    ['product viewed', 'view_item'],
    ['Product Added', 'add_to_cart'],
    ['product_added_to_cart', 'add_to_cart'],
    ['Product Removed', 'remove_from_cart'],
    ['Product Added to Wishlist', 'add_to_wishlist'],
    ['Product Clicked', 'select_item'],
  ])("%s of Segment or PostHog is GA4's %s", (name, ours) => {
    expect(event(name, { product_id: 'mug', price: 3 })).toMatchObject({
      name: ours,
      items: [{ item_id: 'mug', price: 3 }],
    });
  });

  it("takes the products of Segment's lists and orders", () => {
    const products = [
      { product_id: 'mug', position: 1 },
      { product_id: 'jug', quantity: 2 },
    ];
    expect(event('Product List Viewed', { list_id: 'home', products })).toMatchObject({
      items: [
        { item_id: 'mug', index: 1 },
        { item_id: 'jug', quantity: 2 },
      ],
      list: 'home',
    });
    expect(event('Order Completed', { order_id: 'o1', revenue: 9, products })).toMatchObject({
      type: 'purchase',
      order: { transaction_id: 'o1', value: 9 },
    });
  });

  it('says what a developer should change', () => {
    expect(problems('view_item', {})).toEqual([
      '"view_item" has no items: give { items: [{ item_id }] }',
    ]);
    expect(problems('view_item', { items: [] })).toEqual([
      '"view_item" has an empty list of items',
    ]);
    expect(problems('view_item', { items: [{ item_name: 'Mug' }] })).toEqual([
      '"view_item": item 0 needs an item_id of 1 to 1024 characters',
    ]);
    const many = Array.from({ length: 300 }, (_, i) => ({ item_id: `i${i}` }));
    expect(problems('view_item_list', { items: many })).toEqual([
      '"view_item_list" has 300 items; the first 200 count',
    ]);
    expect(event('view_item_list', { items: many })?.items).toHaveLength(200);
  });

  it('is none of a shop with any other name, and nothing is said about it', () => {
    for (const name of ['page_view', '__proto__', 'constructor', '', 5, null, 'x'.repeat(1e6)]) {
      expect(parseShopEvent(name, { items: [{ item_id: 'mug' }] })).toBeUndefined();
    }
  });

  it('may have anything in it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('view_item', 'purchase', 'Product List Viewed'),
        fc.anything(),
        (name, parameters) => {
          const parsed = parseShopEvent(name, parameters);
          expect(parsed).toBeDefined();
        },
      ),
    );
  });
});

describe('a dataLayer', () => {
  const follow = (dataLayer: unknown[]) => {
    const heard: unknown[] = [];
    const end = followDataLayer(dataLayer as DataLayer, (name, parameters) =>
      heard.push([name, parameters]),
    );
    return { heard, end };
  };

  it('is read from its beginning, by Tag Manager and by gtag', () => {
    const ecommerce = { items: [{ item_id: 'mug' }] };
    const dataLayer: unknown[] = [{ event: 'view_item', ecommerce }, { ecommerce: null }, null];
    const { heard } = follow(dataLayer);
    dataLayer.push({ 0: 'event', 1: 'add_to_cart', 2: ecommerce, length: 3 });
    dataLayer.push({ 0: 'config', 1: 'G-1', length: 2 }, { event: 'gtm.js' });
    expect(heard).toEqual([
      ['view_item', ecommerce],
      ['add_to_cart', ecommerce],
      ['gtm.js', { event: 'gtm.js' }],
    ]);
  });

  it('goes on to work for others, also after the end', () => {
    const dataLayer: unknown[] = [];
    const { heard, end } = follow(dataLayer);
    expect(dataLayer.push({ event: 'a' })).toBe(1);
    end();
    expect(dataLayer.push({ event: 'b' })).toBe(2);
    expect(heard).toHaveLength(1);
    expect(dataLayer).toHaveLength(2);
  });
});
