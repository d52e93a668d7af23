// Prints what a page loads of this package, as it is and after brotli -11, and fails above the limit.
// usage: npm run size
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const limit = 60_000;

/** @returns {{name: string, raw: number, brotli: number}} a file of dist/ */
export function measureFile(name) {
  const bytes = readFileSync(new URL(`../dist/${name}`, import.meta.url));
  const compressed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  return { name, raw: bytes.length, brotli: compressed.length };
}

/** @returns {{name: string, raw: number, brotli: number}[]} the files of dist/ that a page loads, then their sum */
export function measure() {
  const files = ['index.js', 'vitrine.wasm'].map(measureFile);
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  return [...files, { name: 'together', raw: sum('raw'), brotli: sum('brotli') }];
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const rows = measure();
  console.log(`${'file'.padEnd(14)}${'bytes'.padStart(10)}${'brotli -11'.padStart(12)}`);
  for (const { name, raw, brotli } of rows) {
    console.log(`${name.padEnd(14)}${String(raw).padStart(10)}${String(brotli).padStart(12)}`);
  }
  if (rows.at(-1).brotli > limit) {
    console.error(`more than ${limit} bytes after brotli`);
    process.exit(1);
  }
}
