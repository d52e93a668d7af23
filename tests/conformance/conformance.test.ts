import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPersonalizer } from '../../js/dist/index.js';
import type { Personalizer } from '../../js/src/ranking/types.ts';
import cases from './cases.json';
import { type Expected, folder, prepare } from './prepare.mjs';
import { differences } from './replay.mjs';

describe.each(cases.shops)('the $name shop, in Node', ({ name, overlay }) => {
  let vitrine: Personalizer;
  let expected: Expected[];

  beforeAll(async () => {
    expected = prepare().filter(({ shop }) => shop === name);
    vitrine = await createPersonalizer({ bundle: pathToFileURL(join(folder, `${name}.vitrine`)) });
    if (overlay) expect(vitrine.apply(readFileSync(join(folder, `${name}.overlay`)))).toBe(true);
  }, 120_000);
  afterAll(() => vitrine?.dispose());

  it.each(cases.cases)('$name: the same items, scores and reasons as the native command', (one) => {
    const lists = expected.filter((list) => list.name === one.name);
    expect(lists.length).toBeGreaterThan(0);
    expect(differences(vitrine, lists)).toEqual([]);
  });

  it('re-ranks all items into the order it recommends them in', () => {
    vitrine.clear();
    for (const item of expected.find(({ history }) => history.length > 2)?.history ?? [])
      vitrine.record({ item });
    const options = { limit: 10_000, filter: { includeUnavailable: true } };
    const list = vitrine.recommend({ ...options, excludeSeen: false });
    expect(list).toHaveLength(vitrine.info.itemCount);
    const sorted = list.map(({ id }) => id).sort();
    expect(vitrine.rerank(sorted)).toEqual(list);
  });
});

describe('a difference', () => {
  it('is found, down to the last bit of a score', async () => {
    const [list] = prepare().filter(({ shop, items }) => shop === 'tuned' && items.length > 5);
    if (!list) throw new Error('no list to change');
    const vitrine = await createPersonalizer({
      bundle: pathToFileURL(join(folder, 'tuned.vitrine')),
    });
    const changed = structuredClone(list);
    const third = changed.items[2];
    if (third) third.score += Number.EPSILON * third.score;
    expect(differences(vitrine, [list])).toEqual([]);
    expect(differences(vitrine, [changed])).toHaveLength(1);
    vitrine.dispose();
  });
});
