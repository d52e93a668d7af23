// What runs in the page: loads the contenders one after the other, asks them in turns, and hands back numbers.
import { best, bytesOf, contenders, left_out, openEngine } from './vectors.mjs';

const k = 20;
const sorted = (values) => Float64Array.from(values).sort();
const at = (values, share) =>
  values[Math.min(values.length - 1, Math.floor(share * values.length))];

/** The exact nearest of every query, by the loop. */
function truths(vectors, n, d, queries) {
  const loop = contenders[0].load({ vectors, n, d });
  return queries.map((q) => new Set(loop.query(q, k)));
}

/** Reads memory as fast as wasm can: what a scan of all bytes cannot beat. */
async function readFloor(modules, size) {
  const source = await bytesOf(modules('wasm/vitrine_read_floor.wasm'));
  const { instance } = await WebAssembly.instantiate(source, {});
  const { memory, read } = instance.exports;
  const start = 2 ** 20; // behind the stack
  new Uint8Array(memory.buffer, start, size).fill(1);
  return () => read(start, size);
}

/** Milliseconds of one call: the mean of as many as take a millisecond, so that the clock's step does not show. */
async function timed(call, repeats) {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    const result = call(i);
    if (result instanceof Promise) await result;
  }
  return (performance.now() - start) / repeats;
}

export async function searches({ data, modules: base, n, d, kind, only, ef }) {
  const modules = (name) => new URL(`${base}/${name}`, location.href).href;
  const folder = `${data}/${kind}-${n}-${d}`;
  const vectors = new Float32Array((await bytesOf(`${folder}.f32`)).buffer);
  const queries = Array.from({ length: 200 }, (_, i) => (i * 7919 + 13) % n);
  const truth = truths(vectors, n, d, queries);
  const rows = [];
  const skipped = { ...left_out };
  for (const contender of contenders) {
    if (only && !only.some((name) => contender.name.includes(name))) continue;
    if (contender.largest < n) {
      skipped[contender.name] = `loads too slowly for ${n} items; see ${contender.largest}`;
      continue;
    }
    try {
      const loaded = await contender.load({ base: folder, vectors, modules, n, d, k, ef });
      let found = 0;
      for (const [i, q] of queries.entries()) {
        for (const item of await loaded.answer(q, k)) found += truth[i].has(item) ? 1 : 0;
      }
      rows.push({
        name: contender.name,
        ours: contender.ours,
        ...loaded,
        recall: found / (k * queries.length),
        means: [],
        singles: [],
      });
    } catch (error) {
      skipped[contender.name] = String(error?.message ?? error).split('\n')[0];
    }
  }
  const read = await readFloor(modules, n * d);
  rows.push({ name: 'reading the int8 codes', query: read, recall: 0, means: [], singles: [] });
  for (const row of rows)
    row.repeats = Math.max(
      1,
      Math.min(100, Math.round(2 / (await timed((i) => row.query(queries[i], k), 5)))),
    );
  for (let round = 0; round < 15; round++) {
    for (const row of rows) {
      row.means.push(
        await timed((i) => row.query(queries[(round * 31 + i) % queries.length], k), row.repeats),
      );
      for (let i = 0; i < 7; i++) {
        row.singles.push(
          await timed(() => row.query(queries[(round * 7 + i) % queries.length], k), 1),
        );
      }
    }
  }
  return {
    skipped,
    rows: rows.map(({ query, answer, means, singles, repeats, ...row }) => ({
      ...row,
      median: at(sorted(means), 0.5),
      p95: at(sorted(singles), 0.95),
      p99: at(sorted(singles), 0.99),
    })),
  };
}

/** From bytes in hand to the first list, in a page that has compiled nothing before. */
export async function coldStart({ data, modules: base, n, d, kind }) {
  const bundle = await bytesOf(`${data}/${kind}-${n}-${d}.indexed.vitrine`);
  const code = await bytesOf(new URL(`${base}/wasm/vitrine.wasm`, location.href).href);
  const start = performance.now();
  const engine = await openEngine(code, bundle);
  engine.similar(0, 20);
  return { firstMs: performance.now() - start, openMs: engine.openMs };
}

/** Re-ranking of given ids by the SDK, and by the loop with a map from id to number. */
export async function rerank({ data, modules: base, n, d, kind }) {
  const modules = (name) => new URL(`${base}/${name}`, location.href).href;
  const folder = `${data}/${kind}-${n}-${d}`;
  const vectors = new Float32Array((await bytesOf(`${folder}.f32`)).buffer);
  const { createPersonalizer } = await import(modules('sdk/index.js'));
  const vitrine = await createPersonalizer({ bundle: await bytesOf(`${folder}.vitrine`) });
  const numbers = new Map(Array.from({ length: n }, (_, i) => [`item-${i}`, i]));
  const history = [5, 77, 1234];
  for (const item of history) vitrine.record({ item: `item-${item}` });
  const results = [];
  for (const size of [100, 500]) {
    const given = Array.from({ length: 50 }, (_, r) =>
      Array.from({ length: size }, (_, i) => `item-${(r * 977 + i * 131) % n}`),
    );
    const scores = new Float32Array(size);
    const loop = (ids) => {
      for (let i = 0; i < size; i++) {
        const from = numbers.get(ids[i]) * d;
        let sum = 0;
        for (const item of history)
          for (let j = 0; j < d; j++) sum += vectors[from + j] * vectors[item * d + j];
        scores[i] = sum;
      }
      return best(scores, size, -1).map((i) => ids[i]);
    };
    const calls = {
      'vitrine.rerank(ids)': (ids) => vitrine.rerank(ids, { explain: false }),
      'plain loop and map': loop,
    };
    const times = { 'vitrine.rerank(ids)': [], 'plain loop and map': [] };
    // One call at a time: the mean of several would hide the slowest.
    for (let round = 0; round < 2000; round++) {
      for (const [name, call] of Object.entries(calls)) {
        const taken = await timed(() => call(given[round % 50]), 1);
        if (round >= 200) times[name].push(taken);
      }
    }
    for (const [name, taken] of Object.entries(times)) {
      results.push({ size, name, median: at(sorted(taken), 0.5), p99: at(sorted(taken), 0.99) });
    }
  }
  return results;
}
