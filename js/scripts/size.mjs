// Prints what a page loads of this package, as it is and after brotli -11, and what its parts take; fails above a limit.
// usage: npm run size
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { minify } from 'terser';

/** What the first list of a page needs: the wasm and the JavaScript together. */
const firstList = 42_000;

/**
 * Files that pages load together, and the most that they may take after brotli. A row without a limit is a part of
 * another. A new entry of the package is a line more.
 */
const entries = [
  { name: 'first list', files: ['index.browser.js', 'vitrine.wasm'], limit: firstList },
  { name: 'first list, script tag', files: ['vitrine.js', 'vitrine.wasm'], limit: firstList },
  {
    name: 'first list, in a worker',
    files: ['worker_thread.js', 'vitrine.wasm'],
    limit: firstList,
  },
  { name: 'vitrine.wasm', files: ['vitrine.wasm'] },
  { name: 'JavaScript, modules', files: ['index.browser.js'] },
  { name: 'JavaScript, script tag', files: ['vitrine.js'] },
  { name: 'stub', files: ['queue.js'], limit: 1_000 },
  { name: 'vitrine/experiments', files: ['experiments.js'], limit: 7_500 },
  { name: 'vitrine/react', files: ['react.js'], limit: 2_000 },
  { name: 'vitrine/vue', files: ['vue.js'], limit: 1_000 },
  { name: 'vitrine/element', files: ['element.js'], limit: 3_000 },
  { name: 'vitrine/openfeature', files: ['openfeature.js'], limit: 1_000 },
  { name: 'vitrine/worker', files: ['worker.js'], limit: 2_500 },
  { name: 'storage, with consent', files: ['storage.js'], limit: 1_500 },
  { name: 'inspector', files: ['inspector.js'], limit: 3_000 },
  { name: 'debug', files: ['debug.js'], limit: 3_000 },
  { name: 'vitrine/insights', files: ['insights.js', 'insights.wasm'], limit: 60_000 },
];

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  }).length;

/** @returns {{name: string, raw: number, brotli: number}} a file of dist/ */
export function measureFile(name) {
  const bytes = readFileSync(new URL(`../dist/${name}`, import.meta.url));
  return { name, raw: bytes.length, brotli: brotli(bytes) };
}

/** @returns {{name: string, raw: number, brotli: number, limit?: number}[]} each file is compressed by itself */
export function measure() {
  return entries.map(({ name, files, limit }) => {
    const all = files.map(measureFile);
    const sum = (key) => all.reduce((total, file) => total + file[key], 0);
    return { name, raw: sum('raw'), brotli: sum('brotli'), limit };
  });
}

/** Bytes of every function of a wasm, by index. */
function functionSizes(bytes) {
  const number = (at) => {
    let value = 0;
    for (let shift = 0, i = at; ; shift += 7, i++) {
      value += (bytes[i] & 127) * 2 ** shift;
      if (bytes[i] < 128) return [value, i + 1];
    }
  };
  const sizes = [];
  for (let at = 8, end = 0; at < bytes.length; at = end) {
    const [size, start] = number(at + 1);
    end = start + size;
    if (bytes[at] !== 10) continue; // the code section
    let [count, from] = number(start);
    for (; count > 0; count--) {
      const [length, body] = number(from);
      sizes.push(length);
      from = body + length;
    }
  }
  return sizes;
}

const groups = [
  [
    'memory',
    /malloc|free|sbrk|memory|memcpy|memset|memmove|operator (new|delete)|allocate|_stack_/,
  ],
  ['engine.cpp', /Engine|^[a-z][A-Za-z]*$/],
  ['ranking', /Ranker|Arrang|Rule|factor|SplitMix|passes\(|weigh_history|ScoreBoard/],
  ['embeddings and partitions', /Embedding|Partition|DotHit|::dot\(|DotKernels/],
  ['sessions', /Neighbour|SessionRows|log2_units|add_session_rows/],
  [
    'opening',
    /Bundle|Catalog|StringTable|ItemIds|BlockReader|Popularity|content_hash|utf8|view_as/,
  ],
  ['the rest', /./],
];

/** Bytes of code by part of the program. The symbol map of the build names functions, imported ones first. */
function wasmParts() {
  const wasm = readFileSync(new URL('../dist/vitrine.wasm', import.meta.url));
  const map = new URL('../../build/wasm/vitrine.wasm.symbols', import.meta.url);
  const names = readFileSync(map, 'utf8').trimEnd().split('\n');
  const sizes = functionSizes(wasm);
  const imported = names.length - sizes.length;
  const totals = new Map(groups.map(([name]) => [name, 0]));
  sizes.forEach((size, i) => {
    const line = names[imported + i] ?? '';
    const symbol = line.slice(line.indexOf(':') + 1);
    const [group] = groups.find(([, pattern]) => pattern.test(symbol)) ?? groups.at(-1);
    totals.set(group, totals.get(group) + size);
  });
  const code = sizes.reduce((total, size) => total + size, 0);
  return [...totals, ['data and tables', wasm.length - code]];
}

/** What the ranking module takes more when embind binds it; undefined where `vitrine_embind_row` is not built. */
async function embindRow() {
  const folder = new URL('../../build/wasm/', import.meta.url);
  const [wasm, glue] = ['embind_row.wasm', 'embind_row.js'].map((name) => new URL(name, folder));
  if (!existsSync(wasm) || !existsSync(glue)) return undefined;
  const { code } = await minify(readFileSync(glue, 'utf8'), { ecma: 2022, module: true });
  const plain = measureFile('vitrine.wasm');
  const parts = [readFileSync(wasm), Buffer.from(code ?? '')];
  const sum = (of) => parts.reduce((total, part) => total + of(part), 0);
  return { raw: sum(({ length }) => length) - plain.raw, brotli: sum(brotli) - plain.brotli };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const line = (name, ...columns) =>
    console.log(
      name.padEnd(32) + columns.map((value) => String(value ?? '').padStart(11)).join(''),
    );
  const rows = measure();
  line('loaded', 'bytes', 'brotli -11', 'limit', 'reserve');
  for (const { name, raw, brotli: packed, limit } of rows) {
    line(name, raw, packed, limit, limit && limit - packed);
  }
  console.log();
  line('of vitrine.wasm', 'bytes');
  for (const part of wasmParts()) line(...part);
  const embind = await embindRow();
  if (embind) {
    console.log();
    const plain = rows.find(({ name }) => name === 'first list');
    line('the ranking module, wasm and JS', 'bytes', 'brotli -11');
    line('plain exports', plain.raw, plain.brotli);
    line('embind, one class', plain.raw + embind.raw, plain.brotli + embind.brotli);
  }
  console.log();
  line('integrity of script tags');
  for (const name of ['queue.js', 'vitrine.js']) {
    const bytes = readFileSync(new URL(`../dist/${name}`, import.meta.url));
    const hash = createHash('sha384').update(bytes).digest('base64');
    console.log(`${name.padEnd(32)}sha384-${hash}`);
  }
  const over = rows.filter((row) => row.limit && row.brotli > row.limit);
  for (const row of over)
    console.error(`${row.name} takes more than ${row.limit} bytes after brotli`);
  if (over.length > 0) process.exit(1);
}
