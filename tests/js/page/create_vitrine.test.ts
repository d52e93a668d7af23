// The live object where there is no browser around it: no storage, no tabs. In a browser: tests/browser.
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DeliveredEvent } from '../../../js/src/delivery/record.ts';
import { createVitrine } from '../../../js/src/page/create_vitrine.ts';
import type { VitrineOptions } from '../../../js/src/page/vitrine_types.ts';
import type { EventType } from '../../../js/src/ranking/types.ts';
import { writeBundle } from '../bundle_writer.ts';
import { ids, open, shop, wasm } from '../shop.ts';

const bundle = writeBundle(shop);

function start(options: Partial<VitrineOptions> = {}) {
  const errors: string[] = [];
  const delivered: DeliveredEvent[] = [];
  const vitrine = createVitrine({
    bundle,
    wasm,
    onError: ({ code }) => errors.push(code),
    transport: (events) => {
      delivered.push(...events);
      return 'sent';
    },
    ...options,
  });
  return { vitrine, errors, delivered };
}

afterEach(() => vi.restoreAllMocks());

describe('the live object', () => {
  it("shows the shop's own order until the model is there, and counts what was done before", async () => {
    const { vitrine, errors } = start();
    vitrine.record({ item: 'mug-red' });
    const fallback = ['oak-table', 'teapot', 'oak-table', 'ébène'];
    expect(ids(vitrine.recommend({ fallback, limit: 2 }))).toEqual(['oak-table', 'teapot']);
    expect(ids(vitrine.similar('teapot', { fallback, exclude: ['teapot'] }))).toEqual([
      'oak-table',
      'ébène',
    ]);
    expect(ids(vitrine.rerank(fallback))).toEqual(['oak-table', 'teapot', 'ébène']);
    expect(vitrine.recommend()).toEqual([]);
    expect(vitrine.experiment('hero').inExperiment).toBe(false);
    expect(vitrine.personalizer).toBeUndefined();
    expect(await vitrine.ready).toBe(true);
    expect(ids(vitrine.recommend({ fallback, limit: 1 }))).toEqual(['teapot']);
    expect(errors).toEqual([]);
    vitrine.dispose();
  });

  it("opens a manifest's bundle by its SHA-256 alone, and bytes in hand by the hash in them", async () => {
    const other = Uint8Array.from(bundle);
    other[8] = (other[8] as number) ^ 1; // of the hash in the header
    const digest = await crypto.subtle.digest('SHA-256', other);
    const sha256 = Buffer.from(digest).toString('hex');
    const size = other.length;
    const parts = [{ kind: 'bundle', url: 'shop.vitrine', size, sha256 }];
    const manifest = JSON.stringify({ format: 2, parts });
    const { vitrine, errors } = start({
      bundle: undefined as unknown as Uint8Array,
      manifest: 'https://shop.example/manifest.json',
      fetch: async (url) => new Response(`${url}`.endsWith('.json') ? manifest : other),
    });
    expect(await vitrine.ready).toBe(true);
    expect(ids(vitrine.recommend({ limit: 1 }))).toEqual(['mug-blue']);
    vitrine.dispose();

    const direct = start({ bundle: other });
    expect(await direct.vitrine.ready).toBe(false);
    expect([errors, direct.errors]).toEqual([[], ['bundle']]);
  });

  it('keeps the order of what was done in one millisecond', () => {
    vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    const { vitrine } = start();
    const items = Array.from({ length: 300 }, (_, index) => `item ${index}`);
    for (const item of items) vitrine.record({ item });
    expect(vitrine.history.map(({ item }) => item)).toEqual(items.slice(-vitrine.history.length));
    expect(vitrine.history.length).toBe(100);
    vitrine.dispose();
  });

  it('never throws and never rejects, whatever it is made of', async () => {
    for (const options of [undefined, null, 5, {}, { manifest: 5 }, { bundle: 'x', slots: null }]) {
      vi.spyOn(console, 'warn').mockImplementation(() => {});
      const vitrine = createVitrine(options as unknown as VitrineOptions);
      expect(await vitrine.ready).toBe(false);
      expect(vitrine.slot('home', { fallback: ['a'] }).personalized).toBe(false);
      await Promise.all([vitrine.flush(), vitrine.export(), vitrine.erase()]);
      vitrine.push(() => {
        throw new Error('of the shop');
      });
      vitrine.dispose();
    }
  });

  it('tells what may have changed', async () => {
    const { vitrine } = start();
    await vitrine.ready;
    const { version } = vitrine;
    let calls = 0;
    const end = vitrine.subscribe(() => calls++);
    vitrine.record({ item: 'teapot' });
    await vitrine.erase();
    expect(vitrine.history).toEqual([]);
    expect(vitrine.version).toBe(version + 2);
    end();
    vitrine.record({ item: 'teapot' });
    expect(calls).toBe(2);
    vitrine.dispose();
  });
});

describe('numbers', () => {
  it('are ids wherever texts are', async () => {
    const numbered = {
      items: [101, 102, 103, 104].map((id) => ({ id: `${id}`, popularity: 1 / id })),
    };
    const { vitrine } = start({ bundle: writeBundle(numbered) });
    expect(ids(vitrine.recommend({ fallback: [103, '101', 103] }))).toEqual(['103', '101']);
    await vitrine.ready;
    expect(vitrine.record({ item: 101 })).toBe(true);
    expect(vitrine.track('view_item', { item_id: 102 })).toBe(true);
    expect(vitrine.history.map(({ item }) => item)).toEqual(['101', '102']);
    expect(vitrine.personalizer?.history.map(({ item }) => item)).toEqual(['101', '102']);
    expect(ids(vitrine.rerank([104, '103', 999]))).toEqual(
      ids(vitrine.rerank(['104', 103, '999'])),
    );
    expect(ids(vitrine.rerank([104, '103', 999])).toSorted()).toEqual(['103', '104', '999']);
    expect(vitrine.similar(103)).toEqual(vitrine.similar('103'));
    expect(ids(vitrine.popular({ exclude: [101, '102'] }))).toEqual(['103', '104']);
    const pinned = vitrine.slot('s', { list: 'popular', rules: [{ items: [104], pin: 0 }] });
    expect(pinned.items[0]?.id).toBe('104');
    expect(vitrine.personalizer?.unknownItems).toEqual([]);
    vitrine.dispose();
  });
});

describe('an event', () => {
  it('counts at the time that is given, in its order, and never in the future', async () => {
    const { vitrine } = start();
    await vitrine.ready;
    const now = Date.now();
    vitrine.record({ item: 'teapot' });
    vitrine.record({ item: 'mug-red', time: now - 60_000 });
    vitrine.record({ item: 'oak-stool', time: now + 60_000 });
    expect(vitrine.history.map(({ item }) => item)).toEqual(['mug-red', 'teapot', 'oak-stool']);
    expect(vitrine.history[0]?.time).toBe(now - 60_000);
    expect(vitrine.history[2]?.time).toBeLessThan(now + 30_000);
    expect(vitrine.personalizer?.history.map(({ item }) => item)).toEqual([
      ...['mug-red', 'teapot', 'oak-stool'],
    ]);
    vitrine.dispose();
  });

  it('of an order counts once, however often the page of thanks is loaded', async () => {
    const { vitrine, delivered } = start({ consent: 'granted' });
    const order = { transaction_id: 'T1', items: [{ item_id: 'teapot' }, { item_id: 'mug-red' }] };
    for (let i = 0; i < 3; i++) expect(vitrine.track('purchase', order)).toBe(true);
    vitrine.track('purchase', { ...order, transaction_id: 'T2' });
    await vitrine.flush();
    expect(vitrine.history).toHaveLength(4);
    expect(delivered.map(({ transaction_id }) => transaction_id)).toEqual(['T1', 'T2']);
    vitrine.dispose();
  });

  it('after dispose is refused, and told of', () => {
    const { vitrine, errors } = start();
    vitrine.dispose();
    expect(vitrine.track('view_item', { item_id: 'teapot' })).toBe(false);
    expect(vitrine.record({ item: 'teapot' })).toBe(false);
    expect(errors).toEqual(['disposed', 'disposed']);
  });
});

describe('slots', () => {
  it('have defaults, and none repeats what another shows until the next page', async () => {
    const { vitrine } = start({
      slots: { top: { limit: 2, list: 'popular' }, below: { limit: 2 }, more: { dedupe: false } },
    });
    await vitrine.ready;
    expect(ids(vitrine.slot('top').items)).toEqual(['mug-blue', 'mug-red']);
    expect(ids(vitrine.slot('below').items)).toEqual(['teapot', 'oak-stool']);
    expect(ids(vitrine.slot('top').items), 'asked again').toEqual(['mug-blue', 'mug-red']);
    expect(ids(vitrine.slot('more', { limit: 1 }).items)).toEqual(['mug-blue']);
    vitrine.newPage();
    expect(ids(vitrine.slot('below').items)).toEqual(['mug-blue', 'mug-red']);
    expect(vitrine.slot('__proto__', { limit: 1, item: 'mug-red' }).items).toHaveLength(1);
    vitrine.dispose();
  });
});

describe('delivery', () => {
  it('happens with consent, of what beforeSend lets through', async () => {
    const { vitrine, delivered, errors } = start({
      beforeSend: (event) => (event.event === 'purchase' ? null : { ...event, store: 'north' }),
    });
    vitrine.track('purchase', { items: [{ item_id: 'teapot' }] });
    vitrine.track('view_item', { items: [{ item_id: 'teapot' }] });
    await vitrine.flush();
    expect(delivered).toEqual([]);
    vitrine.consent.grant();
    await vitrine.export();
    expect(delivered).toMatchObject([{ event: 'view_item', store: 'north' }]);
    expect(errors).toEqual(['storage']); // Node has none
    vitrine.dispose();
  });

  it('waits for a beforeSend that answers later, and tells of one that fails', async () => {
    const { vitrine, delivered, errors } = start({
      consent: 'granted',
      beforeSend: async (event) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (event.event === 'refuse') throw new Error('of the shop');
        return event.event === 'drop' ? null : { ...event, page: '/p' };
      },
    });
    for (const event of ['keep', 'drop', 'refuse']) vitrine.send(event);
    await vitrine.flush();
    expect(delivered.map(({ event, page }) => [event, page])).toEqual([['keep', '/p']]);
    expect(errors).toContain('usage');
    vitrine.dispose();
  });

  it('drops what has no JSON or is too long, and goes on', async () => {
    const { vitrine, delivered, errors } = start({ consent: 'granted' });
    await vitrine.export();
    const circle: Record<string, unknown> = {};
    circle.circle = circle;
    vitrine.send('circle', circle);
    vitrine.send('long', { text: 'x'.repeat(1e6) });
    vitrine.send('short', { text: 'x' });
    await vitrine.flush();
    expect(delivered.map(({ event }) => event)).toEqual(['short']);
    expect(errors).toEqual(['storage', 'usage', 'delivery']);
    vitrine.dispose();
  });
});

describe('messages for developers', () => {
  it('come once each with debug, and never without', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { vitrine } = start({ debug: true });
    for (let i = 0; i < 3; i++) expect(vitrine.track('view_item', {})).toBe(false);
    expect(warn.mock.calls).toEqual([
      ['vitrine: "view_item" has no items: give { items: [{ item_id }] }'],
    ]);
    const quiet = start().vitrine;
    expect(quiet.record({ item: '' })).toBe(false);
    expect(warn).toHaveBeenCalledTimes(1);
    vitrine.dispose();
    quiet.dispose();
  });
});

describe('the session of the live object', () => {
  type Step = { do: 'record' | 'track' | 'erase'; item: string };
  const step: fc.Arbitrary<Step> = fc.record({
    do: fc.constantFrom<Step['do']>('record', 'record', 'track', 'track', 'erase'),
    item: fc.constantFrom(
      'mug-blue',
      'mug-red',
      'teapot',
      'unknown',
      '__proto__',
      '',
      'x'.repeat(2000),
    ),
  });

  it('is what was done, in its order, and ranks as a model that was told of just that', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), fc.boolean(), async (steps, early) => {
        const clock = vi.spyOn(Date, 'now');
        let now = 1_700_000_000_000;
        clock.mockImplementation(() => now);
        const { vitrine, errors } = start();
        if (!early) await vitrine.ready;
        let expected: [string, EventType][] = [];
        for (const { do: what, item } of steps) {
          now += 1000;
          const usable = item !== '' && item.length <= 1024;
          if (what === 'erase') {
            await vitrine.erase();
            expected = [];
          } else if (what === 'record') {
            expect(vitrine.record({ item, type: 'favorite' })).toBe(usable);
            if (usable) expected.push([item, 'favorite']);
          } else {
            expect(vitrine.track('add_to_cart', { items: [{ item_id: item }] })).toBe(usable);
            if (usable) expected.push([item, 'cart']);
          }
        }
        await vitrine.ready;
        expected = expected.slice(-100);
        expect(vitrine.history.map(({ item, type }) => [item, type])).toEqual(expected);
        const { personalizer } = await open();
        for (const { item, type, time } of vitrine.history)
          personalizer.record({ item, type, time });
        expect(vitrine.recommend()).toEqual(personalizer.recommend());
        expect(errors).toEqual([]);
        personalizer.dispose();
        vitrine.dispose();
        clock.mockRestore();
      }),
      { numRuns: 60 },
    );
  });
});
