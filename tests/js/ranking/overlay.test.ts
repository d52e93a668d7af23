import { describe, expect, it, vi } from 'vitest';
import { createVitrine } from '../../../js/src/page/create_vitrine.ts';
import { seal, writeBundle } from '../bundle_writer.ts';
import { type TestOverlay, writeOverlay } from '../overlay_writer.ts';
import { ids, open, shop, wasm } from '../shop.ts';

const bundle = writeBundle(shop);
const hour: TestOverlay = {
  prices: { teapot: 15 },
  available: ['mug-red', 'sold-out-vase'],
  popularity: { ébène: 0xffff },
  shift: 4096,
  added: [
    { id: 'mug-new', price: 13, alike: { 'mug-red': 200 } },
    { id: 'jar-new', available: false, popularity: 0xf000 },
  ],
  experiments: JSON.stringify({ experiments: [{ key: 'today', variations: ['a', 'b'] }] }),
};
const overlay = writeOverlay(shop, bundle, hour);

describe('an overlay', () => {
  it('changes what filters see, what is popular, and which items there are', async () => {
    const { personalizer, errors } = await open();
    expect(personalizer.info.itemCount).toBe(8);
    expect(personalizer.apply(overlay)).toBe(true);
    expect(personalizer.info.itemCount).toBe(10);
    expect(ids(personalizer.popular({ limit: 1 }))).toEqual(['ébène']);
    const cheap = ids(personalizer.popular({ filter: { maxPrice: 20 } }));
    expect(cheap).toEqual(['mug-blue', 'teapot', 'mug-new']);
    const all = ids(personalizer.popular({ limit: 20 }));
    expect(all).toContain('sold-out-vase');
    expect(all).not.toContain('mug-red');
    expect(all).not.toContain('jar-new');
    expect(errors).toEqual([]);
    personalizer.dispose();
  });

  it('makes new items follow what those like them follow, and keeps the history', async () => {
    const { personalizer } = await open();
    personalizer.record({ item: 'mug-blue', time: Date.now() - 1000 });
    const before = personalizer.recommend({ filter: { includeUnavailable: true } });
    expect(personalizer.apply(overlay)).toBe(true);
    expect(personalizer.history.map(({ item }) => item)).toEqual(['mug-blue']);
    const [first, second] = personalizer.recommend({
      filter: { maxPrice: 14, includeUnavailable: true },
    });
    expect(first?.id).toBe(before[0]?.id);
    expect(second?.id).toBe('mug-new');
    expect(second?.reasons[0]).toMatchObject({ kind: 'session', item: 'mug-blue' });
    expect(personalizer.record({ item: 'mug-new' })).toBe(true);
    expect(ids(personalizer.similar('mug-new', { limit: 20 }))).not.toContain('mug-new');
    personalizer.dispose();
  });

  it('gives way to the next one, which names items anew', async () => {
    const { personalizer } = await open();
    personalizer.apply(overlay);
    expect(ids(personalizer.rerank(['jar-new', 'mug-new']))).toHaveLength(2);
    const next = writeOverlay(shop, bundle, { added: [{ id: 'another', popularity: 0xffff }] });
    expect(personalizer.apply(next)).toBe(true);
    expect(ids(personalizer.popular({ limit: 2 }))).toEqual(['mug-blue', 'another']);
    expect(personalizer.record({ item: 'mug-new' })).toBe(false);
    expect(ids(personalizer.popular({ filter: { maxPrice: 20 } }))).toEqual([
      'mug-blue',
      'mug-red',
    ]);
    personalizer.dispose();
  });

  it('brings experiments, unless the page has asked for one already', async () => {
    const { personalizer } = await open(shop, { visitorId: 'u1' });
    personalizer.apply(overlay);
    await vi.dynamicImportSettled(); // the code of experiments is a file of its own
    expect(personalizer.experiment('today').inExperiment).toBe(true);
    expect(personalizer.experiment('hero').reason).toBe('unknown-experiment');
    personalizer.apply(writeOverlay(shop, bundle, {}));
    expect(personalizer.experiment('today').inExperiment).toBe(true);
    personalizer.dispose();
  });

  it('that creation is given brings its experiments before the page can ask', async () => {
    const { personalizer, errors } = await open(shop, { visitorId: 'u1', overlay });
    expect(personalizer.experiment('today').inExperiment).toBe(true);
    expect(personalizer.info.itemCount).toBe(10);
    expect(errors).toEqual([]);
    personalizer.dispose();
  });

  it('that creation is given and that cannot be used is told of, and the bundle goes on', async () => {
    const { personalizer, errors } = await open(shop, { overlay: overlay.slice(0, 100) });
    expect(errors).toMatchObject([{ code: 'overlay', status: 'truncated' }]);
    expect(personalizer.info.itemCount).toBe(8);
    personalizer.dispose();
  });

  it.each([
    ['cut short', () => overlay.slice(0, 100), 'truncated'],
    ['damaged', () => overlay.map((byte, i) => (i === 200 ? byte ^ 1 : byte)), 'hash-mismatch'],
    [
      'of another bundle',
      () => writeOverlay(shop, writeBundle({ items: shop.items }), hour),
      'wrong-base',
    ],
    ['a bundle', () => bundle, 'bad-magic'],
    [
      'of a price that is none',
      () => writeOverlay(shop, bundle, { prices: { teapot: Number.NaN } }),
      'bad-catalog',
    ],
    [
      'of an item that the bundle has',
      () => writeOverlay(shop, bundle, { added: [{ id: 'teapot' }] }),
      'bad-overlay',
    ],
    [
      'of another version',
      () => {
        const newer = overlay.slice();
        newer[16] = 2;
        seal(newer);
        return newer;
      },
      'unsupported-version',
    ],
    ['nothing', () => new Uint8Array(0), 'truncated'],
  ])('that is %s changes nothing, and says why', async (_, bytes, status) => {
    const { personalizer, errors } = await open();
    personalizer.apply(overlay);
    const before = personalizer.popular({ limit: 20 });
    expect(personalizer.apply(bytes())).toBe(false);
    expect(errors).toMatchObject([{ code: 'overlay', status }]);
    expect(personalizer.popular({ limit: 20 })).toEqual(before);
    personalizer.dispose();
  });

  it('does not throw for what are no bytes at all', async () => {
    const { personalizer, errors } = await open();
    for (const wrong of [undefined, null, 'text', {}, 7])
      expect(personalizer.apply(wrong as unknown as ArrayBuffer)).toBe(false);
    expect(errors.length).toBe(5);
    personalizer.dispose();
    expect(personalizer.apply(overlay)).toBe(false);
    expect(errors.at(-1)?.code).toBe('disposed');
  });
});

describe('refresh', () => {
  it('says that nothing was taken where there is no manifest', async () => {
    const onError = vi.fn();
    const vitrine = createVitrine({ bundle, wasm, onError });
    await vitrine.ready;
    expect(await vitrine.refresh()).toBe(false);
    vitrine.dispose();
    expect(await vitrine.refresh()).toBe(false);
    expect(onError).not.toHaveBeenCalled();
  });
});
