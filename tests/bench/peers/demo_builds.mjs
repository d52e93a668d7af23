// The demo shop twice: with the SDK in a file of its own, so that a trace tells its time, and without the SDK.
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
    id === 'vitrine' || id.endsWith('shop.vitrine?url') ? `\0absent:${id}` : undefined,
  load: (id) =>
    !id.startsWith('\0absent:')
      ? undefined
      : id === '\0absent:vitrine'
        ? 'export class VitrineError extends Error {} export const createPersonalizer = () => {};'
        : "export default '/none.vitrine';",
};

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
    const groups = [{ name: 'sdk', test: (id) => id.includes('node_modules/vitrine/') }];
    await build({
      root: demo,
      configFile: join(demo, 'vite.config.ts'),
      logLevel: 'error',
      plugins,
      build: {
        outDir: folders[name],
        emptyOutDir: true,
        rolldownOptions: { output: { codeSplitting: { groups } } },
      },
    });
  }
  return folders;
}
