// In the page or in Node: searches for the nearest of N vectors, and the first one after opening.
import { openEngine, sdkStart } from '../engine.mjs';
import { bytesOf, inTurns } from '../measure.mjs';
import { contenders, left_out } from '../vectors.mjs';

const k = 20;

/** The exact nearest of every query, by the loop. */
function truths(vectors, n, d, queries) {
  const loop = contenders[0].load({ vectors, n, d });
  return queries.map((q) => new Set(loop.query(q, k)));
}

/** Reads memory as fast as wasm can: what a scan of all bytes cannot beat. */
async function readFloor(size) {
  const source = await bytesOf('/wasm/vitrine_read_floor.wasm');
  const { instance } = await WebAssembly.instantiate(source, {});
  const { memory, read } = instance.exports;
  const start = 2 ** 20; // behind the stack
  new Uint8Array(memory.buffer, start, size).fill(1);
  return () => read(start, size);
}

/** Loads the contenders one after the other, checks their answers, then asks them in turns. */
export async function searches({ n, d, kind, only, ef, rounds }) {
  const base = `/data/${kind}-${n}-${d}`;
  const vectors = new Float32Array((await bytesOf(`${base}.f32`)).buffer);
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
      const loaded = await contender.load({ base, vectors, n, d, k, ef });
      let found = 0;
      for (const [i, q] of queries.entries()) {
        for (const item of await loaded.answer(q, k)) found += truth[i].has(item) ? 1 : 0;
      }
      const query = (i) => loaded.query(queries[i % queries.length], k);
      const recall = found / (k * queries.length);
      rows.push({ ...loaded, name: contender.name, answer: undefined, query, recall });
    } catch (error) {
      skipped[contender.name] = String(error?.message ?? error).split('\n')[0];
    }
  }
  rows.push({ name: 'reading the int8 codes', query: await readFloor(n * d) });
  await inTurns(rows, { rounds });
  return { skipped, rows: rows.map(({ query, ...row }) => row) };
}

/** From bytes in hand to the first list, in a page that has compiled nothing before. */
export async function coldStart({ n, d, kind, verified }) {
  const bundle = await bytesOf(`/data/${kind}-${n}-${d}.indexed.vitrine`);
  const code = await bytesOf('/wasm/vitrine.wasm');
  await sdkStart(); // the page has the SDK
  const start = performance.now();
  const engine = await openEngine(code, bundle, verified);
  engine.similar(0, 20);
  return { firstMs: performance.now() - start, openMs: engine.openMs };
}
