// The bench's files over HTTP on 127.0.0.1, as a content delivery network gives them out: compressed where that helps.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
export const root = join(here, '../..');
export const out = join(root, 'build/bench/peers');

/** Where the paths of the bench lead, in the page and in Node. */
export const folders = {
  '/data/': out,
  '/wasm/': join(root, 'build/wasm'),
  '/sdk/': join(root, 'js/dist'),
  '/ort/': join(here, 'node_modules/onnxruntime-web/dist'),
  '/tfjs/': join(here, 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out'),
  '/edgevec/': join(here, 'node_modules/edgevec'),
  '/voy/': join(here, 'node_modules/voy-search'),
};

/** Where what the server has under `path` lies, as an address. */
export function placeOnDisk(path) {
  const prefix = Object.keys(folders).find((name) => path.startsWith(name));
  const folder = pathToFileURL(`${folders[prefix].replace(/\/$/, '')}/`);
  return new URL(path.slice(prefix.length), folder).href;
}

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Brotli of quality 11. Megabytes take minutes, so what was made is kept, by content. */
export function brotli(bytes) {
  const folder = join(out, 'brotli');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, createHash('sha256').update(bytes).digest('hex'));
  if (!existsSync(file)) {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
    };
    writeFileSync(file, brotliCompressSync(bytes, { params }));
  }
  return readFileSync(file);
}

/** Pages are isolated, so that their clocks have steps of 5 microseconds. `compressed`: answers in brotli. */
export async function serve({ compressed = false } = {}) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const prefix = Object.keys(folders).find((name) => path.startsWith(name)) ?? '/';
    const file = join(folders[prefix] ?? out, path.slice(prefix.length));
    const found = path !== '/' && existsSync(file) && statSync(file).isFile();
    if (path !== '/' && !found) return response.writeHead(404).end();
    const bytes = found ? readFileSync(file) : Buffer.from('<!doctype html><title>bench</title>');
    const packed = compressed ? brotli(bytes) : bytes;
    const smaller = packed.length < 0.95 * bytes.length;
    response.writeHead(200, {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cache-Control': 'no-store',
      'Content-Type': types[extname(found ? file : 'page.html')] ?? 'application/octet-stream',
      'Content-Length': (smaller ? packed : bytes).length,
      ...(smaller && { 'Content-Encoding': 'br' }),
    });
    response.end(smaller ? packed : bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
