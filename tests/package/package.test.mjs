// The package as a shop gets it: packed, and installed without a network into an empty folder.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { measure } from '../../js/scripts/size.mjs';
import { writeBundle } from '../js/load_bundle_writer.mjs';

const js = fileURLToPath(new URL('../../js/', import.meta.url));
let folder;

function run(command, args, options = {}) {
  return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe', ...options });
}

describe('the packed package', () => {
  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'vitrine-package-')));
    mkdirSync(join(folder, 'app'));
    const packed = run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: js });
    const [{ filename }] = JSON.parse(packed);
    folder = join(folder, 'app');
    writeFileSync(join(folder, 'package.json'), '{"name":"app","private":true,"type":"module"}');
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', `../${filename}`]);
    writeShop(join(folder, 'shop.vitrine'));
  });
  after(() => folder && rmSync(join(folder, '..'), { recursive: true }));

  test('recommends in Node, with the wasm that came with it', () => {
    writeFileSync(
      join(folder, 'app.js'),
      `import { createPersonalizer } from 'vitrine';
       const vitrine = await createPersonalizer({ bundle: new URL('./shop.vitrine', import.meta.url) });
       vitrine.record({ item: 'mug-red' });
       console.log(JSON.stringify(vitrine.recommend({ limit: 2 }).map(({ id }) => id)));
       vitrine.dispose();`,
    );
    assert.deepEqual(JSON.parse(run(process.execPath, ['app.js'])), ['mug-blue', 'jug']);
  });

  test('has the version that the file VERSION names', () => {
    const { version } = JSON.parse(
      readFileSync(join(folder, 'node_modules/vitrine/package.json'), 'utf8'),
    );
    assert.equal(version, readFileSync(join(js, '../VERSION'), 'utf8').trim());
  });

  test('does what its README says', () => {
    const readme = readFileSync(join(folder, 'node_modules/vitrine/README.md'), 'utf8');
    const example = readme.match(/```js\n([\s\S]*?)```/)[1];
    writeFileSync(join(folder, 'readme.js'), example);
    const promised = [...example.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line);
    assert.deepEqual(run(process.execPath, ['readme.js']).trimEnd().split('\n'), promised);
  });

  test('is imported on a server, where it goes on in the own order without a model', () => {
    writeFileSync(
      join(folder, 'server.js'),
      `import { createVitrine } from 'vitrine';
       import { defineListElement } from 'vitrine/element';
       import { VitrineOpenFeatureProvider } from 'vitrine/openfeature';
       const errors = [];
       const vitrine = createVitrine({ manifest: 'http://127.0.0.1:9/m.json', onError: ({ code }) => errors.push(code) });
       const personalized = await vitrine.ready;
       const list = vitrine.recommend({ limit: 1, fallback: ['a', 'b'] }).map(({ id }) => id);
       console.log(JSON.stringify([personalized, list, errors, typeof defineListElement, typeof VitrineOpenFeatureProvider]));
       vitrine.dispose();`,
    );
    assert.deepEqual(JSON.parse(run(process.execPath, ['server.js'])), [
      false,
      ['a'],
      ['network'],
      'function',
      'function',
    ]);
  });

  test('has nothing of Node in it where a bundler builds for browsers', async () => {
    const { build } = await import(join(js, 'node_modules/esbuild/lib/main.js'));
    const bundle = async (platform) => {
      const { outputFiles, warnings } = await build({
        stdin: { contents: "export * from 'vitrine'", resolveDir: folder },
        ...{ bundle: true, format: 'esm', write: false, logLevel: 'silent', platform },
      });
      assert.deepEqual(warnings, []);
      return outputFiles[0].text;
    };
    assert.doesNotMatch(await bundle('browser'), /node:/);
    assert.match(await bundle('node'), /node:fs/);
    assert.doesNotMatch(
      readFileSync(join(folder, 'node_modules/vitrine/dist/vitrine.js'), 'utf8'),
      /node:|import\.meta|^import /,
    );
  });

  test('leaves experiments in a file of their own where a bundler divides', async () => {
    const { build } = await import(join(js, 'node_modules/esbuild/lib/main.js'));
    const { outputFiles } = await build({
      stdin: {
        contents:
          "import { createPersonalizer } from 'vitrine'; globalThis.create = createPersonalizer",
        resolveDir: folder,
      },
      ...{ bundle: true, format: 'esm', splitting: true, outdir: 'out', platform: 'browser' },
      ...{ write: false, logLevel: 'silent' },
    });
    const [entry, ...chunks] = outputFiles.map(({ text }) => text);
    const operator = /\$elemMatch/;
    assert.doesNotMatch(entry, operator);
    assert.equal(chunks.filter((text) => operator.test(text)).length, 1);
  });

  test('assigns to experiments without the wasm', () => {
    const script = `import { assign } from 'vitrine/experiments';
      console.log(assign({ key: 'my-test', variations: ['a', 'b'] }, '1').name);`;
    const name = run(process.execPath, ['--input-type=module', '-e', script]).trim();
    assert.equal(name, 'b'); // as GrowthBook's SDKs
  });

  test('compares two arms and opens a bundle by the wasm of insights', () => {
    const script = `import { readFileSync } from 'node:fs';
      import { createInsights } from 'vitrine/insights';
      const insights = await createInsights();
      const arm = (conversions) => ({ units: 1000, conversions });
      const lift = insights.compare(arm(50), arm(60)).estimate.toFixed(3);
      console.log(lift, insights.openBundle(readFileSync('shop.vitrine')).mostPopular(1)[0]);`;
    const line = run(process.execPath, ['--input-type=module', '-e', script]).trim();
    assert.equal(line, '0.200 jug');
  });

  test('exports the wasm by name', () => {
    const script = "console.log(import.meta.resolve('vitrine/vitrine.wasm'))";
    const url = run(process.execPath, ['--input-type=module', '-e', script]).trim();
    assert.deepEqual([...readFileSync(fileURLToPath(url)).subarray(0, 4)], [0, 97, 115, 109]);
  });

  test('has types that a strict program compiles with, libraries checked', () => {
    writeFileSync(
      join(folder, 'program.ts'),
      `import { createPersonalizer, createVitrine, VitrineError, type Assignment, type Personalizer, type Recommendation, type SlotList } from 'vitrine';
       import { assign } from 'vitrine/experiments';
       import { defineListElement } from 'vitrine/element';
       import { VitrineOpenFeatureProvider } from 'vitrine/openfeature';
       import { createWorkerPersonalizer, type WorkerPersonalizer } from 'vitrine/worker';
       export const elsewhere = async (): Promise<Recommendation[]> => {
         const worker: WorkerPersonalizer = await createWorkerPersonalizer({ bundle: '/shop.vitrine', timeout: 100 });
         return worker.rerank(['a'], { limit: 1 });
       };
       const live = createVitrine({ manifest: '/m.json', transport: (events) => (events.length > 3 ? 'sent' : { later: 5 }) });
       const slot: SlotList = live.slot('home', { rules: [{ boost: 2, category: 'a' }], explore: { power: 2 } });
       defineListElement(live, { item: (id) => ({ title: id }) });
       export const provider = new VitrineOpenFeatureProvider(live), shown = slot.items[0]?.propensity;
       const vitrine: Personalizer = await createPersonalizer({ bundle: '/shop.vitrine', onError: (e: VitrineError) => e.code });
       const list: Recommendation[] = vitrine.recommend({ filter: { category: ['a'], maxPrice: 3 } });
       const assigned: Assignment = assign({ key: 'k', variations: ['a', 'b'] }, 'u');
       const name: string | undefined = assigned.name;
       // @ts-expect-error a record needs an item
       vitrine.record({ type: 'view' });
       export { list, name };`,
    );
    const compile = (options) => {
      const compilerOptions = {
        ...{ noEmit: true, strict: true, types: [], target: 'es2022', lib: ['es2022', 'dom'] },
        ...options,
      };
      const config = JSON.stringify({ compilerOptions, files: ['program.ts'] });
      writeFileSync(join(folder, 'tsconfig.json'), config);
      const tsc = join(js, 'node_modules/typescript/bin/tsc');
      const { stdout, status } = spawnSync(process.execPath, [tsc], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.equal(status, 0, stdout);
    };
    compile({ module: 'nodenext' });
    compile({ module: 'esnext', moduleResolution: 'bundler' });
  });

  test('has nothing that publint and arethetypeswrong find fault with', () => {
    const { status, stdout, stderr } = spawnSync('npm', ['run', 'check:package'], {
      cwd: js,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout + stderr);
  });

  test('depends on nothing and carries its licence', () => {
    const installed = join(folder, 'node_modules/vitrine');
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    assert.equal(manifest.dependencies, undefined);
    assert.equal(manifest.license, 'Apache-2.0');
    assert.match(readFileSync(join(installed, 'LICENSE'), 'utf8'), /Apache License/);
  });

  test('is within its limits after brotli: wasm, glue and JavaScript', (context) => {
    const rows = measure();
    for (const { name, raw, brotli } of rows) {
      context.diagnostic(`${name}: ${raw} bytes, ${brotli} after brotli -11`);
    }
    for (const { name, brotli, limit } of rows) {
      if (limit) assert.ok(brotli <= limit, `${name}: ${brotli} bytes`);
    }
  });
});

/** The shop of the README. */
function writeShop(path) {
  const items = [
    { id: 'jug', popularity: 1 },
    { id: 'mug-red', popularity: 0.5, next: { 'mug-blue': 0.8 } },
    { id: 'teapot', popularity: 0.3, next: { 'sugar-bowl': 0.2 } },
    { id: 'sugar-bowl', popularity: 0.2 },
    { id: 'mug-blue', popularity: 0.1 },
  ];
  writeFileSync(path, writeBundle({ items }));
}
