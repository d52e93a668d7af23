// overlay_writer.ts and bundle_writer.ts for tests that Node runs as they are.
import { fileURLToPath } from 'node:url';
import { build } from '../../js/node_modules/esbuild/lib/main.js';

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('./overlay_writer.ts', import.meta.url))],
  bundle: true,
  format: 'esm',
  write: false,
});
const source = Buffer.from(outputFiles[0].contents).toString('base64');
export const { writeBundle, writeOverlay } = await import(`data:text/javascript;base64,${source}`);
