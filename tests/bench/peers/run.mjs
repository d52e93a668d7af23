// Searches and re-ranking beside what else a page could use, each pair in turns in one headless Chromium.
// usage: node tests/bench/peers/run.mjs [--full] [--items=20000,100000] [--dims=64] [--kinds=clustered,uniform]
//                                       [--only=NAME,...]
// --full: 5,000 to 200,000 items, 64 and 128 dimensions, both kinds (an hour, most of it builds of hnswlib-wasm).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { chromium } from 'playwright-core';
import { measure } from '../../../js/scripts/size.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../../..');
const out = join(root, 'build/bench/peers');
const { build } = createRequire(join(root, 'js/package.json'))('esbuild');

const flags = Object.fromEntries(
  process.argv.slice(2).map((argument) => {
    const [name, value = ''] = argument.replace(/^--/, '').split('=');
    return [name, value];
  }),
);
const list = (name, usual, full) =>
  (flags[name]?.split(',') ?? ('full' in flags ? full : usual)).map((value) =>
    Number.isNaN(Number(value)) ? value : Number(value),
  );
const known = ['full', 'items', 'dims', 'kinds', 'only'];
const unknown = Object.keys(flags).filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(
    `no option --${unknown[0]}; there are: ${known.map((name) => `--${name}`).join(' ')}`,
  );
  process.exit(2);
}
const sizes = list('items', [5000, 20_000, 100_000], [5000, 20_000, 100_000, 200_000]);
const dims = list('dims', [64], [64, 128]);
const kinds = list('kinds', ['clustered', 'uniform'], ['clustered', 'uniform']);
const only = flags.only?.split(',');

const folders = {
  '/data/': out,
  '/wasm/': join(root, 'build/wasm'),
  '/sdk/': join(root, 'js/dist'),
  '/ort/': join(here, 'node_modules/onnxruntime-web/dist'),
  '/tfjs/': join(here, 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out'),
  '/edgevec/': join(here, 'node_modules/edgevec'),
  '/voy/': join(here, 'node_modules/voy-search'),
};

/** Serves what the page needs, isolated, so that its clock has steps of 5 microseconds. */
async function serve() {
  const types = {
    '.mjs': 'text/javascript',
    '.js': 'text/javascript',
    '.wasm': 'application/wasm',
    '.html': 'text/html',
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const folder = Object.keys(folders).find((prefix) => path.startsWith(prefix));
    const file =
      path === '/' ? undefined : join(folders[folder] ?? out, path.slice((folder ?? '/').length));
    const headers = {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Content-Type': types[extname(file ?? 'page.html')] ?? 'application/octet-stream',
    };
    if (file && !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, file ? { ...headers, 'Content-Length': statSync(file).size } : headers);
    if (file) createReadStream(file).pipe(response);
    else response.end('<!doctype html><title>bench</title>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Megabytes take brotli minutes, so what was measured is kept, by content. */
const measured = join(out, 'brotli.json');
function brotli(bytes) {
  const known = existsSync(measured) ? JSON.parse(readFileSync(measured, 'utf8')) : {};
  const key = createHash('sha256').update(bytes).digest('hex');
  known[key] ??= brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
  }).length;
  writeFileSync(measured, JSON.stringify(known));
  return known[key];
}

/** What a page downloads for each peer: its code in one minified file, and its wasm. */
async function downloads(contenders) {
  const sizes = {};
  for (const { name, ours, files } of contenders) {
    if (ours) sizes[name] = parts.find((part) => part.name === 'vitrine').brotli;
    if (!files) continue;
    sizes[name] = 0;
    for (const file of files) {
      if (file.endsWith('.wasm')) {
        sizes[name] += brotli(readFileSync(join(here, 'node_modules', file)));
        continue;
      }
      const { outputFiles } = await build({
        stdin: { contents: `export * from '${file}'`, resolveDir: here },
        bundle: true,
        minify: true,
        write: false,
        format: 'esm',
        platform: 'browser',
        logLevel: 'silent',
        external: [
          '*.wasm',
          'fs',
          'path',
          'os',
          'crypto',
          'worker_threads',
          'perf_hooks',
          'module',
        ],
      });
      sizes[name] += brotli(outputFiles[0].contents);
    }
  }
  return sizes;
}

const cell = (value, digits) => (value === undefined ? '-' : value.toFixed(digits)).padStart(10);

function print({ rows, skipped }, loads) {
  const plain = rows.find((row) => row.name.startsWith('plain')).median;
  const head = [
    'ms',
    'p95',
    'p99',
    'x plain',
    'recall@20',
    'load ms',
    'build ms',
    'MB',
    'B/item',
    'KB down',
  ];
  console.log(`${''.padEnd(26)}${head.map((name) => name.padStart(10)).join('')}`);
  for (const row of rows) {
    console.log(
      row.name.padEnd(26) +
        [
          cell(row.median, 4),
          cell(row.p95, 4),
          cell(row.p99, 4),
          cell(plain / row.median, 1),
          cell(row.recall || undefined, 3),
          cell(row.loadMs, 1),
          cell(row.buildMs, 0),
          cell(row.memory && row.memory / 1e6, 1),
          cell(row.bytesPerItem, 0),
          cell(loads[row.name] && loads[row.name] / 1000, 0),
        ].join(''),
    );
  }
  for (const [name, why] of Object.entries(skipped)) console.log(`left out: ${name}: ${why}`);
  console.log();
}

const goals = [];
function judge(what, goal, ours, peer, met) {
  goals.push({ what, goal, ours, peer, met });
}
const ms = (value) => `${value.toFixed(4)} ms`;
const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const ratio = (value) => `${value.toFixed(2)}x`;

/** The goals that one table of searches decides. */
function judgeSearches(where, { rows }, starts, clustered) {
  const row = (name) => rows.find((candidate) => candidate.name.startsWith(name));
  const all = row('vitrine, all');
  const partitions = row('vitrine, part');
  const plain = row('plain');
  const read = row('reading');
  const hnsw = row('hnswlib');
  const int8 = row('onnxruntime-web, int8');
  if (all) {
    const over = all.median / read.median;
    judge(
      `${where}: all items over reading them`,
      '1.2x',
      ratio(over),
      `read ${ms(read.median)}`,
      over <= 1.2,
    );
    const faster = plain.median / all.median;
    judge(
      `${where}: all items against plain loop`,
      '15x',
      ratio(faster),
      ms(plain.median),
      faster >= 15,
    );
    if (int8)
      judge(
        `${where}: all items against onnxruntime int8`,
        '1/5',
        ratio(all.median / int8.median),
        ms(int8.median),
        all.median * 5 <= int8.median,
      );
  }
  if (partitions) {
    const recall = clustered ? 0.98 : 0.95;
    judge(
      `${where}: recall@20 of partitions`,
      `${recall}`,
      partitions.recall.toFixed(3),
      hnsw ? `hnswlib-wasm ${hnsw.recall.toFixed(3)}` : '',
      partitions.recall >= recall,
    );
    if (hnsw) {
      const share = clustered ? 6 : 3;
      judge(
        `${where}: partitions against hnswlib-wasm`,
        `1/${share}`,
        ratio(partitions.median / hnsw.median),
        ms(hnsw.median),
        partitions.median * share <= hnsw.median,
      );
    }
    const cold = (name) => middle(starts.map((start) => start[name]));
    const each = (ms) => (5e6 * ms) / (partitions.bytesPerItem * partitions.n);
    judge(
      `${where}: opening, ms per 5 MB`,
      '1',
      each(partitions.openMs).toFixed(2),
      `the first in a page ${each(cold('openMs')).toFixed(2)}${hnsw ? `; hnswlib-wasm built in ${(hnsw.buildMs / 1000).toFixed(0)} s` : ''}`,
      each(partitions.openMs) <= 1,
    );
    judge(
      `${where}: bytes in hand to first list, first in a page`,
      '50 ms',
      `${cold('firstMs').toFixed(1)} ms`,
      '',
      cold('firstMs') <= 50,
    );
    judge(
      `${where}: wasm memory over the bundle`,
      '2 MB',
      `${(partitions.grown / 1e6).toFixed(1)} MB`,
      hnsw?.memory ? `${(hnsw.memory / 1e6).toFixed(0)} MB in all` : '',
      partitions.grown <= 2e6,
    );
  }
}

mkdirSync(out, { recursive: true });
await build({
  entryPoints: [join(here, 'page.mjs')],
  outfile: join(out, 'page.mjs'),
  bundle: true,
  format: 'esm',
  platform: 'browser',
  logLevel: 'error',
  external: ['fs', 'path', 'os', 'crypto', 'worker_threads', 'perf_hooks', 'module', 'util'],
});
const { contenders } = await import('./vectors.mjs');
const parts = measure();
const loads = await downloads(contenders);
const server = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: false,
  args: [
    '--disable-gpu',
    '--disable-background-networking',
    '--js-flags=--max-old-space-size=8192',
  ],
});
/** Runs one function of page.mjs in a page of its own, with a visitor of its own. */
async function inPage(name, options) {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(server.url);
  const result = await page.evaluate(
    async ([call, given]) => (await import('/page.mjs'))[call](given),
    [name, { data: '/data', modules: '', ...options }],
  );
  await page.close();
  return result;
}
try {
  for (const d of dims) {
    for (const kind of kinds) {
      for (const n of sizes) {
        const file = join(out, `${kind}-${n}-${d}`);
        execFileSync(join(root, 'build/release/tests/vitrine_bench_bundle'), [n, d, kind, file]);
        const where = `${kind}, ${n} x ${d}`;
        // Vectors of no structure make hnswlib-wasm look at more for the same recall; its build takes minutes then.
        const ef = kind === 'clustered' ? 64 : 256;
        const skip = kind === 'uniform' && n > 20_000 && !('full' in flags);
        const names = skip ? ['plain', 'vitrine', 'onnxruntime-web, int8'] : undefined;
        console.log(
          `== ${where}: the nearest 20 of an item${skip ? '; --full has all contenders' : ''} ==`,
        );
        const result = await inPage('searches', { n, d, kind, ef, only: only ?? names });
        for (const row of result.rows) row.n = n;
        print(result, loads);
        const starts = [];
        for (let i = 0; i < 7; i++) starts.push(await inPage('coldStart', { n, d, kind }));
        judgeSearches(where, result, starts, kind === 'clustered');
      }
    }
  }
  const n = Math.min(20_000, Math.max(...sizes));
  if (sizes.includes(n) && kinds.includes('clustered')) {
    console.log(`== re-ranking given ids, ${n} items, session of 3 ==`);
    for (const row of await inPage('rerank', { n, d: dims[0], kind: 'clustered' })) {
      console.log(
        `${String(row.size).padStart(4)} ids  ${row.name.padEnd(22)}${cell(row.median, 4)} ms${cell(row.p99, 4)} p99`,
      );
      if (row.name.startsWith('vitrine') && row.size === 500) {
        judge(
          're-rank 500 given ids, strings to indices included',
          'p99 0.1 ms',
          `${row.p99.toFixed(3)} ms`,
          '',
          row.p99 <= 0.1,
        );
      }
    }
    console.log();
  }
} finally {
  await browser.close();
  server.close();
}
const [wasm, together] = ['vitrine.wasm', 'vitrine'].map((name) =>
  parts.find((part) => part.name === name),
);
judge(
  'wasm, brotli 11',
  '25 KB',
  `${(wasm.brotli / 1000).toFixed(1)} KB`,
  '',
  wasm.brotli <= 25_000,
);
judge(
  'wasm + glue + core JS, brotli 11',
  '40 KB',
  `${(together.brotli / 1000).toFixed(1)} KB`,
  `tfjs ${((loads['tfjs wasm'] ?? 0) / 1000).toFixed(0)} KB`,
  together.brotli <= 40_000,
);

console.log('== goals ==');
for (const { what, goal, ours, peer, met } of goals) {
  console.log(
    `${met ? 'met ' : 'MISS'}  ${what.padEnd(62)} goal ${goal.padEnd(12)} ours ${ours.padEnd(12)} ${peer}`,
  );
}
