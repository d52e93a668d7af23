// What every part of the bench that runs in a page, or in Node, shares: files, clocks, quantiles.

/** Where a path such as `/wasm/vitrine.wasm` lies: at the server of the page, or in Node on the disk. */
export function place(path) {
  return globalThis.placeOfBench?.(path) ?? new URL(path, location.href).href;
}

export async function bytesOf(path) {
  const url = path.startsWith('/') ? place(path) : path;
  if (url.startsWith('file:')) {
    const { readFile } = await import('node:fs/promises');
    return new Uint8Array(await readFile(new URL(url)));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

export const jsonOf = async (path) => JSON.parse(new TextDecoder().decode(await bytesOf(path)));

export const sorted = (values) => Float64Array.from(values).sort();
export const at = (values, share) =>
  values[Math.min(values.length - 1, Math.floor(share * values.length))];
export const median = (values) => at(sorted(values), 0.5);

/** Milliseconds of one call: the mean of `repeats`, so that the clock's step of 5 microseconds does not show. */
export async function timed(call, repeats) {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    const result = call(i);
    if (result instanceof Promise) await result;
  }
  return (performance.now() - start) / repeats;
}

/** Milliseconds of a window: many steps of the clock, and short enough to be seldom interrupted on a busy machine. */
const window = 0.2;

/**
 * Asks the contenders in turns: `rows` of `query(i)`. Adds to each `median`, of means over windows of `repeats` calls, or
 * where that is not given of as many as fit, and `p50`, `p95` and `p99` of single calls, all in milliseconds.
 */
export async function inTurns(rows, { rounds = 15, windows = 5, singles = 7, repeats } = {}) {
  const times = rows.map(() => ({ means: [], singles: [] }));
  const each = [];
  for (const row of rows) {
    await timed(row.query, 5);
    const taken = Math.min(await timed(row.query, 3), await timed(row.query, 3));
    each.push(repeats ?? Math.max(1, Math.min(100, Math.round(window / taken))));
  }
  for (let round = 0; round < rounds; round++) {
    for (const [r, row] of rows.entries()) {
      for (let w = 0; w < windows; w++) {
        const from = (round * windows + w) * (repeats ?? 31);
        times[r].means.push(await timed((i) => row.query(from + i), each[r]));
      }
      for (let i = 0; i < singles; i++) {
        times[r].singles.push(await timed(() => row.query(round * singles + i), 1));
      }
    }
  }
  for (const [r, row] of rows.entries()) {
    const single = sorted(times[r].singles);
    row.median = median(times[r].means);
    row.p50 = at(single, 0.5);
    row.p95 = at(single, 0.95);
    row.p99 = at(single, 0.99);
  }
  return rows;
}

/** Keeps the k largest scores; plain arrays kept in order, as one writes it without a library. */
export function best(scores, k, without = -1) {
  const items = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i];
    if (score <= least || i === without) continue;
    let at = items.length < k ? items.length : k - 1;
    for (; at > 0 && scores[items[at - 1]] < score; at--) items[at] = items[at - 1];
    items[at] = i;
    if (items.length === k) least = scores[items[k - 1]];
  }
  return items;
}
