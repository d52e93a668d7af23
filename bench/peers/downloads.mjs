// What a page downloads for each library: its code in one minified file, and its wasm, after brotli.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotli, out, root } from './serve.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { build } = createRequire(join(root, 'js/package.json'))('esbuild');
const external = 'fs path os crypto worker_threads perf_hooks module util node:*'.split(' ');

/** Bundles for a browser. `entry`: a file beside this one, or source text. Returns the code. */
export async function bundle(entry, { text = false, minify = false } = {}) {
  const { outputFiles } = await build({
    ...(text
      ? { stdin: { contents: entry, resolveDir: here } }
      : { entryPoints: [join(here, entry)] }),
    bundle: true,
    minify,
    write: false,
    outdir: out,
    format: 'esm',
    platform: 'browser',
    logLevel: text ? 'silent' : 'error',
    external: ['*.wasm', ...external],
  });
  return outputFiles[0].contents;
}

/** Bytes after brotli of the files of each contender that names some. */
export async function downloads(contenders) {
  const sizes = {};
  for (const { name, files } of contenders) {
    if (!files) continue;
    sizes[name] = 0;
    for (const file of files) {
      const bytes = file.endsWith('.wasm')
        ? readFileSync(join(here, 'node_modules', file))
        : await bundle(`export * from '${file}'`, { text: true, minify: true });
      sizes[name] += brotli(bytes).length;
    }
  }
  return sizes;
}
