// A shop of 20,000 products with embeddings of 64 numbers, as files of each page that starts cold.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFresh, program, vitrine } from './bench.mjs';
import { openEngine } from './engine.mjs';
import { int8Model } from './onnx_model.mjs';
import { out, root } from './serve.mjs';
import { int8 } from './vectors.mjs';

const folder = join(out, 'cold');
const dims = 64;
const wasm = join(root, 'js/dist/vitrine.wasm');

/**
 * `whole`: embeddings and session rows in as many bytes as the loop fetches, about. `small`: what could come first, the
 * best-known items with rows alone.
 */
const bundles = {
  whole: { embeddings: { dims }, budget: { max_bytes: 1_450_000 } },
  small: { embeddings: { dims: 0 }, budget: { max_bytes: 45_000 } },
};
const smallItems = 2000;

/** The header of a file of comma-separated values, then the lines of the best-known items. Returns their ids. */
function writeSmall(at) {
  const lines = (name) => readFileSync(at(name), 'utf8').trim().split('\n');
  const [header, ...events] = lines('events.csv');
  const column = header.split(',').indexOf('item_id');
  const counts = new Map();
  for (const line of events) {
    const item = line.split(',')[column];
    counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  const best = [...counts].sort(([, a], [, b]) => b - a).slice(0, smallItems);
  const known = new Set(best.map(([item]) => item));
  const kept = events.filter((line) => known.has(line.split(',')[column]));
  writeFileSync(at('small-events.csv'), `${[header, ...kept].join('\n')}\n`);
  const [names, ...items] = lines('items.csv');
  const described = items.filter((line) => known.has(line.split(',')[0]));
  writeFileSync(at('small-items.csv'), `${[names, ...described].join('\n')}\n`);
}

/** Unit vectors of a bundle, item by item; docs/bundle-format.md. */
function vectorsOf(bytes, n) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const section = {};
  for (let i = 0, entry = 48; i < view.getUint32(20, true); i++, entry += 24) {
    section[view.getUint32(entry, true)] = Number(view.getBigUint64(entry + 8, true));
  }
  const vectors = new Float32Array(n * dims);
  for (let i = 0; i < n; i++) {
    const codes = new Int8Array(bytes.buffer, bytes.byteOffset + section[21] + i * dims, dims);
    const length = Math.hypot(...codes) || 1; // the scale of an item falls out
    for (let j = 0; j < dims; j++) vectors[i * dims + j] = codes[j] / length;
  }
  return vectors;
}

/** Makes what is not there yet. `starter`: name of the bundle that the manifest names as its starter, or undefined. */
export async function coldData(starter) {
  mkdirSync(folder, { recursive: true });
  const at = (name) => join(folder, name);
  if (!existsSync(at('simulation.json'))) {
    const sizes = ['--shoppers', 20_000, '--products', 20_000, '--seed', 1];
    program(vitrine, ['simulate', ...sizes, '--out', folder]);
  }
  for (const [name, settings] of Object.entries(bundles)) {
    if (isFresh(at(`${name}.vitrine`))) continue;
    writeFileSync(at(`${name}.json`), JSON.stringify(settings));
    if (name === 'small') writeSmall(at);
    const [events, items] = ['events.csv', 'items.csv'].map((file) =>
      at(name === 'small' ? `small-${file}` : file),
    );
    const log = ['--events', events, '--items', items];
    const how = ['--config', at(`${name}.json`), '--no-tune'];
    program(vitrine, ['train', ...log, ...how, '--out', at(`${name}.vitrine`)]);
  }
  const whole = readFileSync(at('whole.vitrine'));
  const engine = await openEngine(readFileSync(wasm), whole);
  const n = engine.itemCount;
  const ids = Array.from({ length: n }, (_, item) => engine.id(item));
  const codes = int8(vectorsOf(whole, n));
  writeFileSync(at('codes.bin'), codes);
  writeFileSync(at('query.bin'), codes.subarray(0, dims));
  writeFileSync(at('ids.json'), JSON.stringify(ids));
  writeFileSync(at('model.onnx'), int8Model(codes, n, dims, 21));
  const release = ['--bundle', at('whole.vitrine'), '--wasm', wasm, '--out', at('release')];
  program(vitrine, ['manifest', ...release]);
  if (starter) {
    const bytes = readFileSync(at(`${starter}.vitrine`));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const manifest = JSON.parse(readFileSync(at('release/manifest.json'), 'utf8'));
    manifest.starter = { url: `/data/cold/${starter}.vitrine`, sha256 };
    writeFileSync(at('release/manifest.json'), JSON.stringify(manifest));
  }
  const best = readFileSync(at('small-items.csv'), 'utf8').split('\n')[1].split(',')[0];
  return { first: best };
}
