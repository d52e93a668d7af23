// A shop of 20,000 products with embeddings of 64 numbers, as files of each page that starts cold.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFresh, program, vitrine } from './bench.mjs';
import { openEngine } from './engine.mjs';
import { int8Model } from './onnx_model.mjs';
import { out, root } from './serve.mjs';
import { int8 } from './vectors.mjs';

const folder = join(out, 'cold');
const dims = 64;
const wasm = join(root, 'js/dist/vitrine.wasm');

/** Embeddings and session rows in about as many bytes as the loop fetches. */
const settings = { embeddings: { dims }, budget: { max_bytes: 1_450_000 } };

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

/** Makes what is not there yet. Returns ids, the best-known first. */
export async function coldData() {
  mkdirSync(folder, { recursive: true });
  const at = (name) => join(folder, name);
  if (!existsSync(at('simulation.json'))) {
    const sizes = ['--shoppers', 20_000, '--products', 20_000, '--seed', 1];
    program(vitrine, ['simulate', ...sizes, '--out', folder]);
  }
  if (!isFresh(at('whole.vitrine'))) {
    writeFileSync(at('whole.json'), JSON.stringify(settings));
    const log = ['--events', at('events.csv'), '--items', at('items.csv')];
    const how = ['--config', at('whole.json'), '--no-tune', '--out', at('whole.vitrine')];
    program(vitrine, ['train', ...log, ...how, '--min-shoppers', '0']);
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
  rmSync(at('release'), { recursive: true, force: true });
  const release = ['--bundle', at('whole.vitrine'), '--wasm', wasm, '--out', at('release')];
  program(vitrine, ['manifest', ...release]);
  const best = engine.ranked(engine.list('popular', 400));
  return Array.from(best, (item) => ids[item]);
}
