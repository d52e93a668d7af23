// In the page: what a list costs by items, dimensions, history and filter. Microseconds, medians.
import { loadEngine } from '../engine.mjs';
import { bytesOf, inTurns, jsonOf, median, place } from '../measure.mjs';
import { numbers } from '../vectors.mjs';

const k = 20;

/** Similar items of made-up vectors: all looked at, and by partitions. */
export async function searchGrowth({ data }) {
  const rows = [];
  for (const { name, n, d } of data) {
    const flat = await loadEngine(`/data/${name}.vitrine`);
    const parted = await loadEngine(`/data/${name}.indexed.vitrine`);
    const [a, b] = [flat, parted].map((engine) => numbers(engine, n).inside);
    const item = (i) => (i * 7919 + 13) % n;
    const asked = [
      { query: (i) => flat.similar(a[item(i)], k) },
      { query: (i) => parted.similar(b[item(i)], k) },
    ];
    const given = Array.from({ length: 100 }, (_, i) => a[item(i)]);
    for (const seen of [5, 77, 123]) flat.record(seen);
    asked.push({ query: () => flat.list('rerank', 100, given) });
    // Until the compiler is done with what it saw.
    for (let i = 0; i < 500; i++) for (const { query } of asked) query(i);
    const [all, partitions, some] = await inTurns(asked, { rounds: 15, singles: 0 });
    const us = (row) => 1000 * row.median;
    rows.push({
      n,
      d,
      all: us(all),
      partitions: us(partitions),
      rerank: us(some),
      openMs: flat.openMs,
    });
  }
  return rows;
}

/** Recommendations from histories of so many events, with and without reasons. */
export async function historyGrowth({ bundle, histories, lengths }) {
  const engine = await loadEngine(bundle);
  const items = (await jsonOf(histories)).flat();
  const known = engine.find('items', [...new Set(items)]).filter((item) => item !== 0xffffffff);
  const rows = [];
  for (const length of lengths) {
    const query = (explain) => (i) => {
      engine.clear();
      for (let e = 0; e < length; e++) engine.record(known[(i * 131 + e * 17) % known.length]);
      const list = engine.prepare('recommend', k, { excludeSeen: true, explain });
      const start = performance.now();
      list();
      return performance.now() - start;
    };
    const taken = [false, true].map((explain) => {
      return 1000 * median(Array.from({ length: 500 }, (_, i) => query(explain)(i)).slice(200));
    });
    rows.push({ length, plain: taken[0], explained: taken[1] });
  }
  return rows;
}

/** Lists where so large a share of the items passes. Throws where a list is short although enough pass. */
export async function filterGrowth({ bundle, histories, shares, limits }) {
  const engine = await loadEngine(bundle);
  const { createPersonalizer } = await import(place('/sdk/index.js'));
  const wasm = await bytesOf('/wasm/vitrine.wasm');
  const vitrine = await createPersonalizer({ bundle: await bytesOf(bundle), wasm });
  const given = (await jsonOf(histories)).slice(0, 200);
  const inside = given.map((ids) =>
    engine.find('items', ids).filter((item) => item !== 0xffffffff),
  );
  const rows = [];
  for (const { maxPrice, share, eligible } of shares) {
    const row = { share, eligible };
    for (const limit of limits) {
      const times = [];
      for (const [i, history] of inside.entries()) {
        engine.clear();
        for (const item of history) engine.record(item);
        const list = engine.prepare('recommend', limit, { maxPrice });
        const start = performance.now();
        const count = list();
        times.push(1000 * (performance.now() - start));
        expectLength(count, limit, eligible, maxPrice);
        if (i >= 20) continue;
        vitrine.clear();
        for (const id of given[i]) vitrine.record({ item: id });
        const filter = { maxPrice, includeUnavailable: true };
        const { length } = vitrine.recommend({ limit, filter, excludeSeen: false });
        expectLength(length, limit, eligible, maxPrice);
      }
      row[limit] = median(times);
    }
    rows.push(row);
  }
  vitrine.dispose();
  return rows;
}

function expectLength(length, limit, eligible, maxPrice) {
  const expected = Math.min(limit, eligible);
  if (length === expected) return;
  throw new Error(
    `asked for ${limit} of ${eligible} items up to a price of ${maxPrice}: got ${length}`,
  );
}
