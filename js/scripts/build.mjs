// Builds the package into dist/: one module with the wasm glue inside, one with the experiments alone, the wasm, and
// the types.
// usage: npm run build      (environment VITRINE_WASM: where the wasm build is; default ../build/wasm)
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const wasm = resolve(process.env.VITRINE_WASM ?? join(here, '../build/wasm'));
const dist = join(here, 'dist');
const generated = join(here, 'src/generated');

for (const file of ['vitrine.mjs', 'vitrine.wasm', 'vitrine.d.ts']) {
  if (!(await stat(join(wasm, file)).catch(() => undefined))) {
    console.error(
      `no ${join(wasm, file)}: build the wasm first, with\n` +
        '  cmake --preset wasm && cmake --build --preset wasm --target vitrine_wasm',
    );
    process.exit(1);
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await mkdir(generated, { recursive: true });
await copyFile(join(wasm, 'vitrine.mjs'), join(generated, 'vitrine.mjs'));
await copyFile(join(wasm, 'vitrine.d.ts'), join(generated, 'vitrine.d.mts'));
await copyFile(join(wasm, 'vitrine.wasm'), join(generated, 'vitrine.wasm'));
await copyFile(join(wasm, 'vitrine.wasm'), join(dist, 'vitrine.wasm'));
await chmod(join(dist, 'vitrine.wasm'), 0o644); // the linker marks it as a program
await copyFile(join(here, '../LICENSE'), join(here, 'LICENSE'));

await build({
  absWorkingDir: here,
  entryPoints: { index: 'src/index.ts', experiments: 'src/experiments/index.ts' },
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
});
try {
  const tsc = join(here, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: here, stdio: 'inherit' });
} catch {
  console.error('the types do not build; the errors stand above');
  process.exit(1);
}
