// Builds the package into dist/: the modules, the file for script tags, the wasm, the sample shop, and the types.
// usage: npm run build      (environment VITRINE_WASM: where the wasm build is; default ../build/wasm)
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minify } from 'terser';
import { readSampleItems, writeSampleShop } from './sample.mjs';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const wasm = resolve(process.env.VITRINE_WASM ?? join(here, '../build/wasm'));
const dist = join(here, 'dist');

for (const name of ['vitrine.wasm', 'insights.wasm']) {
  if (await stat(join(wasm, name)).catch(() => undefined)) continue;
  console.error(
    `no ${join(wasm, name)}: build the wasm first, with\n` +
      '  cmake --preset wasm && cmake --build --preset wasm --target vitrine_wasm vitrine_insights',
  );
  process.exit(1);
}

const sampleItems = readSampleItems();
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
for (const name of ['vitrine.wasm', 'insights.wasm']) {
  await copyFile(join(wasm, name), join(dist, name));
  await chmod(join(dist, name), 0o644); // the linker marks it as a program
}
await copyFile(join(here, '../LICENSE'), join(here, 'LICENSE'));

/** Pages read no files: the builds for them have `read_no_file.ts` in the place of `read_file.ts`. */
const noFiles = {
  name: 'no-files',
  setup({ onResolve }) {
    onResolve({ filter: /\/read_file\.js$/ }, () => ({
      path: join(here, 'src/loading/read_no_file.ts'),
    }));
  },
};
/** A file that a page loads on demand is not joined: it lies in dist/ beside the one that asks for it. */
const onDemandFiles = new Map([
  ['page/inspector.js', './inspector.js'],
  ['session/database.js', './storage.js'],
  ['experiments/index.js', './experiments.js'],
  ['debug/index.js', './debug.js'],
]);
const onDemand = {
  name: 'on-demand',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      const file = onDemandFiles.get(relative(join(here, 'src'), join(resolveDir, path)));
      return kind === 'dynamic-import' && file ? { path: file, external: true } : undefined;
    });
  },
};
/** The module that Emscripten writes beside `insights.wasm` is joined with the class over it. */
const glue = {
  name: 'insights-module',
  setup({ onResolve }) {
    onResolve({ filter: /\/insights_module\.js$/ }, () => ({ path: join(wasm, 'insights.js') }));
  },
};
const module = {
  absWorkingDir: here,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  external: ['react', 'vue'],
  plugins: [onDemand],
  logLevel: 'warning',
};
await build({ ...module, entryPoints: ['src/entries/index.ts'], outfile: 'dist/index.js' });
await build({
  ...module,
  entryPoints: ['src/entries/index.ts'],
  outfile: 'dist/index.browser.js',
  plugins: [onDemand, noFiles],
});
await build({
  ...module,
  entryPoints: {
    experiments: 'src/experiments/index.ts',
    react: 'src/entries/react.ts',
    vue: 'src/entries/vue.ts',
    element: 'src/entries/element.ts',
    openfeature: 'src/entries/openfeature.ts',
    worker: 'src/worker/worker.ts',
    inspector: 'src/page/inspector.ts',
    storage: 'src/session/database.ts',
    debug: 'src/debug/index.ts',
    queue: 'src/entries/queue.ts',
    sample: 'src/entries/sample.ts',
  },
  outdir: 'dist',
  define: { SAMPLE_ITEMS: JSON.stringify(sampleItems) },
});
await writeSampleShop(join(dist, 'sample'));
await build({
  ...module,
  entryPoints: ['src/insights/index.ts'],
  outfile: 'dist/insights.js',
  plugins: [glue],
});
await build({
  ...module,
  entryPoints: ['src/worker/worker_thread.ts'],
  outfile: 'dist/worker_thread.js',
  plugins: [onDemand, noFiles],
});
await build({
  ...module,
  entryPoints: ['src/entries/script.ts'],
  outfile: 'dist/vitrine.js',
  format: 'iife',
  plugins: [onDemand, noFiles],
  // The script names its wasm itself.
  define: { 'import.meta.url': 'document.baseURI' },
});
// terser makes of what esbuild joined 4 % less, after brotli.
for (const file of await readdir(dist)) {
  if (!file.endsWith('.js')) continue;
  const path = join(dist, file);
  const { code } = await minify(await readFile(path, 'utf8'), {
    ecma: 2022,
    module: file !== 'vitrine.js',
    compress: { passes: 3 },
  });
  await writeFile(path, code);
}
try {
  const tsc = join(here, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: here, stdio: 'inherit' });
} catch {
  console.error('the types do not build; the errors stand above');
  process.exit(1);
}
// tsc leaves out declarations that are written already.
await copyFile(
  join(here, 'src/insights/insights_module.d.ts'),
  join(dist, 'insights/insights_module.d.ts'),
);
