// The demo shop twice: with the SDK in files named after it, so that a trace tells its time, and without the SDK.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { out, root } from './serve.mjs';

const demo = join(root, 'demo');

/** Modules that the demo finds in the place of the SDK and its bundle: the shop keeps its own order then. */
const absent = {
  name: 'no-sdk',
  enforce: 'pre',
  resolveId: (id) =>
    id === 'vitrine/worker' || id.endsWith('shop.vitrine?url') ? `\0absent:${id}` : undefined,
  load: (id) =>
    !id.startsWith('\0absent:')
      ? undefined
      : id === '\0absent:vitrine/worker'
        ? 'export const createWorkerPersonalizer = () => {};'
        : "export default '/none.vitrine';",
};

/** The build is that of the shop, but files with the SDK in them are called so. */
function fileNames({ name, isEntry, moduleIds }) {
  const sdk = moduleIds.some((id) => id.includes('node_modules/vitrine/'));
  if (sdk && isEntry) throw new Error(`${name} holds the SDK: the shop must load it on its own`);
  return `assets/${sdk ? 'sdk-' : ''}[name]-[hash].js`;
}

/** Folders of the two builds. */
export async function demoBuilds() {
  const vite = createRequire(join(demo, 'package.json')).resolve('vite');
  const { build } = await import(pathToFileURL(vite).href);
  const folders = {};
  for (const [name, plugins] of [
    ['with', []],
    ['without', [absent]],
  ]) {
    folders[name] = join(out, `demo-${name}`);
    await build({
      root: demo,
      configFile: join(demo, 'vite.config.ts'),
      logLevel: 'error',
      plugins,
      build: {
        outDir: folders[name],
        emptyOutDir: true,
        rolldownOptions: { output: { chunkFileNames: fileNames, entryFileNames: fileNames } },
      },
    });
  }
  return folders;
}
