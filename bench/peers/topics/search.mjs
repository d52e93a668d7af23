// Searches for the nearest 20 of N vectors, opening, the first list, and memory.
import { ms, ratio, vectorsOf } from '../bench.mjs';
import { downloads } from '../downloads.mjs';
import { median } from '../measure.mjs';
import { contenders } from '../vectors.mjs';

export async function run(bench) {
  const dims = bench.list('dims') ?? (bench.full ? [64, 128] : [64]);
  const kinds = bench.list('kinds') ?? ['clustered', 'uniform'];
  const usual = bench.full ? [5000, 20_000, 100_000, 200_000] : [5000, 20_000, 100_000];
  const loads = await downloads(contenders);
  for (const d of dims) {
    for (const kind of kinds) {
      for (const n of bench.list('items') ?? usual) await one(bench, { n, d, kind }, loads);
    }
  }
}

async function one(bench, data, loads) {
  const { n, d, kind } = data;
  vectorsOf(kind, n, d);
  const clustered = kind === 'clustered';
  const where = `${kind}, ${n} x ${d}`;
  // Vectors of no structure make hnswlib-wasm look at more for the same recall; its build takes minutes then.
  const ef = clustered ? 64 : 256;
  const few = !clustered && n > 20_000 && !bench.full;
  const only =
    bench.list('only') ?? (few ? ['plain', 'vitrine', 'onnxruntime-web, int8'] : undefined);
  console.log(
    `== ${where}: the nearest 20 of an item, Chromium${few ? '; --full has all contenders' : ''} ==`,
  );
  const found = await bench.inPage('searches', { ...data, ef, only });
  print(bench, found, loads);
  const starts = [];
  for (let i = 0; i < 7; i++) {
    for (const verified of [true, false]) {
      starts.push({ verified, ...(await bench.inPage('coldStart', { ...data, verified })) });
    }
  }
  judge(bench, where, found, { n, starts, clustered });

  if (!bench.full && (n !== 20_000 || !clustered)) return;
  console.log(`\n== ${where}: the same in Node ==`);
  print(bench, await bench.inNode('searches', { ...data, ef, only }), loads);
}

function print(bench, { rows, skipped }, loads) {
  const plain = rows.find((row) => row.name.startsWith('plain')).median;
  bench.table(rows, [
    ['ms', (row) => row.median, 4],
    ['p50', (row) => row.p50, 4],
    ['p95', (row) => row.p95, 4],
    ['p99', (row) => row.p99, 4],
    ['x plain', (row) => plain / row.median, 1],
    ['recall@20', (row) => row.recall, 3],
    ['load ms', (row) => row.loadMs, 1],
    ['build ms', (row) => row.buildMs],
    ['MB', (row) => row.memory / 1e6, 1],
    ['B/item', (row) => row.bytesPerItem],
    ['KB down', (row) => loads[row.name] / 1000],
  ]);
  bench.leftOut(skipped);
}

function judge(bench, where, { rows }, { n, starts, clustered }) {
  const row = (name) => rows.find((candidate) => candidate.name.startsWith(name));
  const [all, parts, plain, read, hnsw, int8] = [
    'vitrine, all',
    'vitrine, part',
    'plain',
    'reading',
    'hnswlib',
    'onnxruntime-web, int8',
  ].map(row);
  const goal = (what, ...rest) => bench.judge(`${where}: ${what}`, ...rest);
  if (all && n >= 100_000) {
    const over = all.median / read.median;
    goal(
      'all items over reading them',
      '1.2x',
      ratio(over),
      `read ${ms(read.median)}`,
      over <= 1.2,
    );
    const faster = plain.median / all.median;
    goal('all items against the plain loop', '15x', ratio(faster), ms(plain.median), faster >= 15);
  }
  if (all && int8) {
    const share = all.median / int8.median;
    goal(
      'all items against onnxruntime int8',
      '1/5',
      ratio(share),
      ms(int8.median),
      share <= 1 / 5,
    );
  }
  if (!parts || n < 20_000) return;
  const least = clustered ? 0.98 : 0.95;
  const theirs = hnsw ? `hnswlib-wasm ${hnsw.recall.toFixed(3)}` : '';
  goal(
    'recall@20 of partitions',
    `${least}`,
    parts.recall.toFixed(3),
    theirs,
    parts.recall >= least,
  );
  if (hnsw) {
    const parted = clustered ? 6 : 3;
    const share = parts.median / hnsw.median;
    const [wanted, met] = [`1/${parted}`, share <= 1 / parted];
    goal('partitions against hnswlib-wasm', wanted, ratio(share), ms(hnsw.median), met);
  }
  const { bytesPerItem, bundleBytes } = parts;
  const withIds = `${(bundleBytes / n).toFixed(0)} with ids and popularity, which peers lack`;
  const bytes = hnsw ? `hnswlib-wasm about 401; ${withIds}` : withIds;
  goal('bytes an item of partitions', '136', bytesPerItem.toFixed(0), bytes, bytesPerItem <= 136);
  const cold = (name, verified) =>
    median(starts.filter((start) => start.verified === verified).map((start) => start[name]));
  const each = (taken) => (5e6 * taken) / bundleBytes;
  const opening = each(cold('openMs', true));
  const again = `by the hash in it ${each(cold('openMs', false)).toFixed(2)}, again in one page ${each(parts.openMs).toFixed(2)}`;
  const built = hnsw ? `; hnswlib-wasm builds ${(hnsw.buildMs / 1000).toFixed(0)} s` : '';
  goal(
    'opening what a manifest vouches for, the first in a page, ms per 5 MB',
    '1',
    opening.toFixed(2),
    again + built,
    opening <= 1,
  );
  if (n === 100_000) {
    const opened = cold('openMs', true);
    const hashed = `by the hash in it ${cold('openMs', false).toFixed(2)} ms`;
    const what = 'opening what a manifest vouches for, the first in a page';
    goal(what, '2 ms', `${opened.toFixed(2)} ms`, hashed, opened <= 2);
    const first = cold('firstMs', false);
    goal('bytes in hand to first list', '50 ms', `${first.toFixed(1)} ms`, '', first <= 50);
  }
  const { grown } = parts;
  const theirMemory = hnsw?.memory
    ? `hnswlib-wasm ${(hnsw.memory / 1e6).toFixed(0)} MB in all`
    : '';
  goal(
    'wasm memory over the bundle',
    '2 MB',
    `${(grown / 1e6).toFixed(1)} MB`,
    theirMemory,
    grown <= 2e6,
  );
}
