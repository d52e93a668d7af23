import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VitrineError } from '../../../js/src/error.ts';
import { Bandits } from '../../../js/src/experiments/bandits.ts';
import type { Exposure } from '../../../js/src/experiments/exposure.ts';
import type { ListOptions, Personalizer } from '../../../js/src/ranking/types.ts';
import { available, ids, open, shop } from '../shop.ts';

let vitrine: Personalizer;
let errors: VitrineError[];

beforeEach(async () => {
  ({ personalizer: vitrine, errors } = await open());
});
afterEach(() => vitrine.dispose());

describe('info', () => {
  it('says what the bundle is', () => {
    expect(vitrine.info.itemCount).toBe(8);
    expect(vitrine.info.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(vitrine.info.metadata).toEqual({ trained_on: 'a test', items: 8 });
  });

  it('has another hash for another bundle', async () => {
    const other = await open({ ...shop, metadata: '{}' });
    expect(other.personalizer.info.hash).not.toBe(vitrine.info.hash);
    other.personalizer.dispose();
  });
});

describe('record', () => {
  it('refuses an item that the bundle does not know, and says so by its result', () => {
    expect(vitrine.record({ item: 'mug-blue' })).toBe(true);
    expect(vitrine.record({ item: 'mug-green' })).toBe(false);
    expect(vitrine.history).toEqual([
      { item: 'mug-blue', type: 'view', time: expect.closeTo(Date.now(), -4) },
    ]);
    expect(errors).toEqual([]);
  });

  it('counts a type from plain JavaScript that it does not know as other', () => {
    vitrine.record({ item: 'teapot', type: 'zoomed' as 'view' });
    expect(vitrine.history[0]?.type).toBe('other');
  });

  it('keeps the last 100 events', () => {
    for (let i = 0; i < 150; i++) vitrine.record({ item: i < 100 ? 'mug-blue' : 'teapot' });
    expect(vitrine.history).toHaveLength(100);
    expect(vitrine.history.filter(({ item }) => item === 'teapot')).toHaveLength(50);
  });

  it('finds ids with commas, quotes, emoji and accents', () => {
    expect(vitrine.record({ item: 'gift, "card" 🎁' })).toBe(true);
    expect(vitrine.record({ item: 'ébène' })).toBe(true);
  });

  it('does not take half a surrogate pair for the replacement character', async () => {
    const odd = await open({ items: [{ id: '\ufffd' }] });
    expect(odd.personalizer.record({ item: '\ud83c' })).toBe(false);
    expect(odd.personalizer.record({ item: '\ufffd' })).toBe(true);
    odd.personalizer.dispose();
  });

  it('counts events before a long silence as an earlier session, which may be shown again', async () => {
    const items = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
    const rows = { b: { next: { c: 1 } }, a: { next: { d: 1 } } } as const;
    const shop = {
      items: items.map(({ id }) => ({ id, ...rows[id as 'a' | 'b'] })),
      sessionDecay: 0.5,
      sessionGap: 60,
    };
    const { personalizer } = await open(shop);
    const now = Date.now();
    personalizer.record({ item: 'a', time: now - 61_000 });
    personalizer.record({ item: 'b', time: now });
    const list = personalizer.recommend();
    expect(ids(list).slice(0, 2)).toEqual(['c', 'd']);
    expect((list[1]?.score ?? 0) / (list[0]?.score ?? 1)).toBeCloseTo(0.5, 1);
    expect(ids(list)).toContain('a');
    expect(ids(list)).not.toContain('b');
    expect(ids(personalizer.popular({ excludeSeen: true }))).toEqual(['a', 'c', 'd']);
    expect(personalizer.history.map(({ time }) => time)).toEqual([now - 61_000, now]);
    personalizer.clear();
    personalizer.record({ item: 'a', time: now });
    personalizer.record({ item: 'b', time: now - 59_000 }); // a clock that was set back
    expect(ids(personalizer.recommend())).not.toContain('a');
    personalizer.dispose();
  });

  it('lets the last session count by the opening decay until a new one has an event', async () => {
    const shop = {
      items: [{ id: 'a', next: { d: 1 } }, { id: 'b', popularity: 100 }, { id: 'c' }, { id: 'd' }],
      openingDecay: 0.5,
      sessionGap: 60,
    };
    const { personalizer } = await open(shop);
    personalizer.record({ item: 'a' });
    const during = personalizer.recommend();
    expect(ids(during)).not.toContain('a');
    personalizer.clear();
    personalizer.record({ item: 'a', time: Date.now() - 3_600_000 });
    const opening = personalizer.recommend();
    expect(ids(opening)).toContain('a');
    expect(ids(opening)[0]).toBe('d');
    expect((opening[0]?.score ?? 0) / (during[0]?.score ?? 1)).toBeCloseTo(0.5, 1);
    expect(ids(personalizer.popular({ excludeSeen: true }))).toContain('a');
    personalizer.dispose();
  });

  it('gives history as a new array each time', () => {
    const before = vitrine.history;
    vitrine.record({ item: 'teapot' });
    expect(before).toEqual([]);
    expect(vitrine.history).not.toBe(before);
  });
});

describe('recommend', () => {
  it('shows what is popular and available to a first visitor', () => {
    expect(ids(vitrine.recommend())).toEqual(available);
  });

  it('follows the session', () => {
    vitrine.record({ item: 'mug-red' });
    expect(ids(vitrine.recommend({ limit: 2 }))).toEqual(['teapot', 'mug-blue']);
    vitrine.record({ item: 'mug-blue' });
    expect(ids(vitrine.recommend({ limit: 1 }))).toEqual(['teapot']);
  });

  it('leaves out what was seen unless told otherwise', () => {
    vitrine.record({ item: 'mug-red' });
    expect(ids(vitrine.recommend())).not.toContain('mug-red');
    expect(ids(vitrine.recommend({ excludeSeen: false }))).toContain('mug-red');
  });

  it('gives 12 items by default', async () => {
    const items = Array.from({ length: 20 }, (_, i) => ({ id: `i${i}`, popularity: 1 - i / 20 }));
    const large = await open({ items });
    expect(large.personalizer.recommend()).toHaveLength(12);
    expect(large.personalizer.recommend({ limit: 3 })).toHaveLength(3);
    large.personalizer.dispose();
  });

  it('explains each score by what it follows from', () => {
    vitrine.record({ item: 'mug-red' });
    const [teapot] = vitrine.recommend({ limit: 1 });
    expect(teapot?.reasons[0]).toMatchObject({ kind: 'session', item: 'mug-red' });
    expect(teapot?.reasons[1]?.kind).toBe('popularity');
    expect(teapot?.score).toBeCloseTo(0.9 + 0.01 * 0.6, 2);
  });

  it('gives no reasons when told not to', () => {
    expect(vitrine.recommend({ explain: false }).every(({ reasons }) => reasons.length === 0)).toBe(
      true,
    );
  });

  it('forgets the session on clear', () => {
    const before = vitrine.recommend();
    vitrine.record({ item: 'mug-red' });
    vitrine.clear();
    expect(vitrine.history).toEqual([]);
    expect(vitrine.recommend()).toEqual(before);
  });

  it('weighs events by their type', async () => {
    const weights = [1, 2, 3, 2, 0, 0.5];
    const plain = await open({ ...shop, kindWeights: weights });
    plain.personalizer.record({ item: 'mug-red', type: 'remove' });
    expect(ids(plain.personalizer.recommend({ excludeSeen: false }))).toEqual(available);
    plain.personalizer.dispose();
  });
});

describe('filters', () => {
  const list = (filter: object) => ids(vitrine.recommend({ filter }));

  it('take a category with everything below it', () => {
    expect(list({ category: 'Kitchen' })).toEqual(['mug-blue', 'mug-red', 'teapot']);
    expect(list({ category: 'Kitchen/Mugs' })).toEqual(['mug-blue', 'mug-red']);
    expect(list({ category: ['Furniture/Été', 'Kitchen/Mugs'] })).toEqual([
      'mug-blue',
      'mug-red',
      'ébène',
    ]);
  });

  it('take brands and prices, bounds included', () => {
    expect(list({ brand: 'Birch' })).toEqual(['mug-red', 'oak-stool']);
    expect(list({ minPrice: 14, maxPrice: 40 })).toEqual(['mug-red', 'teapot']);
    expect(list({ brand: ['Aster', 'Birch'], maxPrice: 20 })).toEqual(['mug-blue', 'mug-red']);
  });

  it('let nothing pass below a negative price', () => {
    expect(list({ maxPrice: -5 })).toEqual([]);
  });

  it('show what is not in stock only when asked', () => {
    expect(list({ category: 'Kitchen' })).not.toContain('sold-out-vase');
    expect(list({ category: 'Kitchen', includeUnavailable: true })).toContain('sold-out-vase');
  });

  it('let nothing pass for an unknown category or brand, and report each once', () => {
    expect(list({ category: 'Garden' })).toEqual([]);
    expect(list({ category: 'Garden' })).toEqual([]);
    expect(list({ brand: ['Nobody', 'Birch'] })).toEqual(['mug-red', 'oak-stool']);
    expect(errors.map(({ code }) => code)).toEqual(['filter', 'filter']);
    expect(errors[0]?.message).toContain('Garden');
  });

  it('are open when their lists are empty', () => {
    expect(list({ category: [], brand: [] })).toEqual(available);
  });
});

describe('rerank', () => {
  it('puts known items first in the best order, then unknown ones in the order given', () => {
    vitrine.record({ item: 'mug-red' });
    const given = ['new-b', 'oak-table', 'teapot', 'new-a', 'mug-blue'];
    expect(ids(vitrine.rerank(given))).toEqual([
      'teapot',
      'mug-blue',
      'oak-table',
      'new-b',
      'new-a',
    ]);
  });

  it('keeps items that are not in stock, unless asked', () => {
    const given = ['teapot', 'sold-out-vase'];
    expect(ids(vitrine.rerank(given))).toEqual(given);
    expect(ids(vitrine.rerank(given, { filter: { includeUnavailable: false } }))).toEqual([
      'teapot',
    ]);
  });

  it('keeps what was seen, unless asked', () => {
    vitrine.record({ item: 'teapot' });
    expect(ids(vitrine.rerank(['teapot']))).toEqual(['teapot']);
    expect(ids(vitrine.rerank(['teapot'], { excludeSeen: true }))).toEqual([]);
  });

  it('leaves out what a filter or exclude leave out, unknown items included', () => {
    const given = ['new', 'oak-table', 'teapot'];
    expect(ids(vitrine.rerank(given, { filter: { category: 'Kitchen' } }))).toEqual(['teapot']);
    expect(ids(vitrine.rerank(given, { exclude: ['new', 'teapot'] }))).toEqual(['oak-table']);
  });

  it('names nothing twice and keeps to a limit', () => {
    expect(ids(vitrine.rerank(['teapot', 'new', 'teapot', 'new']))).toEqual(['teapot', 'new']);
    expect(ids(vitrine.rerank(['teapot', 'new', 'mug-red'], { limit: 2 }))).toEqual([
      'mug-red',
      'teapot',
    ]);
  });

  it('fills a limit up with unknown items, and leaves the given list as it is', () => {
    const given = ['new-b', 'teapot', 'new-a', 'mug-red', 'new-c'];
    const kept = Object.freeze([...given]);
    for (const [limit, known, others] of [
      [1, ['mug-red'], []],
      [3, ['mug-red', 'teapot'], ['new-b']],
      [9, ['mug-red', 'teapot'], ['new-b', 'new-a', 'new-c']],
    ] as const) {
      const list = vitrine.rerank(kept, { limit });
      expect(ids(list)).toEqual([...known, ...others]);
      expect(list.slice(known.length).every(({ score }) => score === 0)).toBe(true);
    }
  });

  it('reads ids of any letters beside one another, and names each once', async () => {
    const { personalizer } = await open();
    const given = ['oak-stool', 'ébène', '\ud83c', 'gift, "card" 🎁', 'oak-stool', 'zz', '', 'zz'];
    for (let again = 0; again < 2; again++) {
      expect(ids(personalizer.rerank(given))).toEqual([
        ...['oak-stool', 'gift, "card" 🎁', 'ébène'],
        ...['\ud83c', 'zz', ''],
      ]);
    }
  });

  it('knows more ids than it keeps at hand', async () => {
    const all = Array.from({ length: 45_000 }, (_, i) => `item-${i}`);
    const { personalizer } = await open({
      items: all.map((id, i) => ({ id, popularity: 1 - i / 45_000 })),
    });
    for (let again = 0; again < 2; again++) {
      expect(ids(personalizer.rerank(all)).sort()).toEqual([...all].sort());
      expect(ids(personalizer.popular({ limit: 3 }))).toEqual(all.slice(0, 3));
    }
  });

  it('reranks nothing to nothing', () => {
    expect(vitrine.rerank([])).toEqual([]);
  });
});

describe('similar and popular', () => {
  it('starts from the item alone, without it', () => {
    vitrine.record({ item: 'oak-table' });
    expect(ids(vitrine.similar('mug-red', { limit: 2 }))).toEqual(['teapot', 'mug-blue']);
    expect(ids(vitrine.similar('mug-red'))).not.toContain('mug-red');
    expect(ids(vitrine.similar('mug-red'))).toContain('oak-table');
    expect(ids(vitrine.similar('mug-red', { excludeSeen: true }))).not.toContain('oak-table');
  });

  it('falls back to popular items for an unknown id', () => {
    expect(vitrine.similar('nothing')).toEqual(vitrine.popular());
  });

  it('popular does not depend on the session', () => {
    const before = vitrine.popular();
    vitrine.record({ item: 'mug-red' });
    expect(vitrine.popular()).toEqual(before);
    expect(ids(vitrine.popular({ excludeSeen: true }))).not.toContain('mug-red');
    expect(before[0]).toEqual({
      id: 'mug-blue',
      score: 1,
      reasons: [{ kind: 'popularity', score: 1 }],
    });
  });

  it('counts the votes of sessions that share an item, and says which', async () => {
    const neighbours = await open({
      ...shop,
      sessions: [
        ['teapot', 'ébène'],
        ['oak-stool', 'oak-table', 'teapot'],
        ['mug-red', 'oak-stool'],
      ],
      recommend: { rows: 0, popularity: 0, neighbours: 1 },
      neighbours: { idf: 0 },
    });
    neighbours.personalizer.record({ item: 'oak-stool' });
    neighbours.personalizer.record({ item: 'teapot' });
    const list = neighbours.personalizer.recommend({ limit: 3 });
    expect(ids(list)).toEqual(['oak-table', 'ébène', 'mug-red']);
    // Weights 1 and 2, so similarities 2, 3 and 1; matches .9, .9 and .8.
    const parts = [(0.9 * 3) / 6, (0.9 * 2) / 6, (0.8 * 1) / 6];
    list.forEach(({ score }, i) => {
      expect(score).toBeCloseTo(parts[i] ?? 0, 6);
    });
    expect(list[0]?.reasons).toMatchObject([
      { kind: 'neighbours', item: 'teapot' },
      { kind: 'neighbours', item: 'oak-stool' },
    ]);
    expect(list[0]?.reasons[0]?.score).toBeCloseTo(0.3, 6);
  });

  it('finds neighbours by embeddings', async () => {
    const vectors = await open({
      items: [
        { id: 'n', popularity: 1, vector: [1, 0, 0] },
        { id: 'far', popularity: 0.9, vector: [0, 0, 1] },
        { id: 'near', popularity: 0.1, vector: [0.9, 0.1, 0] },
      ],
      similar: { rows: 0, embeddings: 1, popularity: 0.001 },
      recommend: { rows: 0, embeddings: 1, popularity: 0.001 },
    });
    const [first] = vectors.personalizer.similar('n');
    expect(first?.id).toBe('near');
    expect(first?.reasons[0]).toMatchObject({ kind: 'embedding', item: 'n' });
    vectors.personalizer.record({ item: 'n' });
    expect(vectors.personalizer.recommend()[0]?.id).toBe('near');
    vectors.personalizer.dispose();
  });

  it('finds the same through partitions, and fills a list that they leave short', async () => {
    const items = Array.from({ length: 40 }, (_, i) => {
      const angle = (i < 20 ? 0 : 2) + (i % 20) * 0.02;
      return { id: `i${i}`, popularity: 40 - i, vector: [Math.cos(angle), Math.sin(angle)] };
    });
    const whole = { items, similar: { rows: 0, embeddings: 1, popularity: 0 } };
    const partitions = [
      { centroid: [Math.cos(0.2), Math.sin(0.2)], end: 20 },
      { centroid: [Math.cos(2.2), Math.sin(2.2)], end: 40 },
    ];
    const plain = await open(whole);
    const divided = await open({ ...whole, partitions, margin: 0 });
    for (const limit of [3, 10, 30]) {
      const expected = ids(plain.personalizer.similar('i5', { limit }));
      expect(ids(divided.personalizer.similar('i5', { limit }))).toEqual(expected);
    }
    plain.personalizer.dispose();
    divided.personalizer.dispose();
  });
});

describe('experiments', () => {
  it('have nobody in them without a unit', () => {
    expect(vitrine.experiment('hero')).toEqual({
      key: 'hero',
      variation: -1,
      name: undefined,
      value: 'control',
      inExperiment: false,
      reason: 'no-unit',
      attribute: 'id',
      unit: '',
    });
  });

  it('give a unit the same variation every time, by name', async () => {
    const { personalizer } = await open(shop, { visitorId: 'visitor-1' });
    const assignment = personalizer.experiment('hero');
    expect(assignment.inExperiment).toBe(true);
    expect(assignment.name).toBe(['control', 'bold'][assignment.variation]);
    expect(personalizer.experiment('hero')).toEqual(assignment);
    expect(personalizer.experiment('nobody').inExperiment).toBe(false);
    expect(personalizer.experiment('no-such').reason).toBe('unknown-experiment');
    personalizer.dispose();
  });

  it('of the page run beside those of the bundle, and exposures carry its hash', async () => {
    const sent: Exposure[] = [];
    const definitions = [{ key: 'blend', variations: [{ limit: 1 }, { limit: 2 }] }];
    const experiments = { definitions, onExposure: (exposure: Exposure) => sent.push(exposure) };
    const { personalizer } = await open(shop, { visitorId: 'visitor-1', experiments });
    const { value, variation } = personalizer.experiment('blend');
    const list = personalizer.recommend(value as ListOptions);
    expect(list).toHaveLength(variation + 1);
    expect(personalizer.expose('blend', { items: ids(list) })).toBe(true);
    expect(personalizer.expose('blend', { items: ids(list) })).toBe(false);
    expect(personalizer.expose('hero')).toBe(true);
    expect(sent.map(({ experiment, bundle }) => [experiment, bundle])).toEqual([
      ['blend', personalizer.info.hash],
      ['hero', personalizer.info.hash],
    ]);
    personalizer.dispose();
  });

  it('let a variation switch how a list is put together', async () => {
    const [, second] = ids(vitrine.recommend());
    const variations = [{}, { rules: [{ items: [second], pin: 0 }] }];
    for (const forced of [0, 1]) {
      const definitions = [{ key: 'list', variations }];
      const experiments = { definitions, forcedVariations: { list: forced } };
      const { personalizer } = await open(shop, { visitorId: 'visitor-1', experiments });
      const { value } = personalizer.experiment('list');
      expect(ids(personalizer.recommend(value as ListOptions)).indexOf(second as string)).toBe(
        1 - forced,
      );
      personalizer.dispose();
    }
  });

  it('that are bandits say with which probability they chose, and learn from rewards', async () => {
    const sent: Exposure[] = [];
    const bandits = new Bandits();
    const bandit = {
      method: 'epsilon-greedy' as const,
      priors: [
        [1, 1],
        [3, 1],
      ] as const,
    };
    const definitions = [{ key: 'offer', variations: ['none', 'gift'], bandit }];
    const onExposure = (exposure: Exposure) => sent.push(exposure);
    const { personalizer } = await open(shop, {
      visitorId: 'visitor-1',
      experiments: { definitions, bandits, onExposure },
    });
    const { name, propensity } = personalizer.experiment('offer');
    expect(propensity).toBeCloseTo(name === 'gift' ? 0.95 : 0.05, 12);
    expect(bandits.reward('offer')).toBe(false);
    expect(personalizer.expose('offer')).toBe(true);
    expect(sent).toMatchObject([{ experiment: 'offer', variation: name, propensity, round: 0 }]);
    expect(bandits.reward('offer')).toBe(true);
    personalizer.dispose();
  });
});

describe('after dispose', () => {
  it('answers with nothing, or the order given, and says so through onError', () => {
    vitrine.record({ item: 'teapot' });
    vitrine.dispose();
    vitrine.dispose();
    expect(vitrine.recommend()).toEqual([]);
    expect(vitrine.similar('teapot')).toEqual([]);
    expect(vitrine.popular()).toEqual([]);
    expect(vitrine.record({ item: 'teapot' })).toBe(false);
    expect(vitrine.experiment('hero').inExperiment).toBe(false);
    expect(vitrine.expose('hero')).toBe(false);
    expect(ids(vitrine.rerank(['b', 'a']))).toEqual(['b', 'a']);
    expect(vitrine.history).toEqual([]);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['disposed']));
    expect(errors).toHaveLength(7);
  });

  it('works through Symbol.dispose', async () => {
    const opened = await open();
    opened.personalizer[Symbol.dispose]();
    expect(opened.personalizer.recommend()).toEqual([]);
  });
});
