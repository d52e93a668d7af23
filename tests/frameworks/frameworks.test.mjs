// The packed package in the smallest application of each framework, built by the framework's own tool. These are the
// applications of docs/guides/.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, root, serve, strictPolicy, watch } from '../browser/harness.mjs';
import { release } from '../browser/shop_files.mjs';
import { writeBundle } from '../js/load_bundle_writer.mjs';

const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
const folderOf = (name) => join(root, 'tests/frameworks', name);
/** The list of the pages without a model, and the popular items of the model. */
const own = ['jug', 'lamp', 'mug-red'];
const popular = ['teapot', 'mug-red', 'jug'];
const bundle = writeBundle({
  items: [
    { id: 'jug', popularity: 0.2 },
    { id: 'lamp', popularity: 0.1 },
    { id: 'mug-red', popularity: 0.5, next: { 'mug-blue': 0.9 } },
    { id: 'teapot', popularity: 1 },
    { id: 'mug-blue', popularity: 0.1 },
  ],
  experiments: JSON.stringify({
    experiments: [{ key: 'hero', variations: ['control', 'bold'] }],
  }),
});

/** Puts a release into an application. Its manifest names no wasm: the page must find that of its own build. */
function publish(name, place) {
  const folder = join(folderOf(name), place, 'vitrine');
  mkdirSync(folder, { recursive: true });
  for (const [path, { body }] of Object.entries(release({ bundle, code: null }))) {
    writeFileSync(join(folder, basename(path)), body);
  }
  writeFileSync(join(folder, 'shop.vitrine'), bundle);
}
const build = (name) =>
  execFileSync('npm', ['run', 'build'], { cwd: folderOf(name), env, encoding: 'utf8' });

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the server of an application's own tool, and waits until it answers. */
async function start(name, command, ...args) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const where = ['--port', new URL(url).port];
  const program = join(folderOf(name), 'node_modules/.bin', command);
  const child = spawn(program, [...args, ...where], { cwd: folderOf(name), env, stdio: 'pipe' });
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (text) => {
      said += text;
    });
  }
  const gone = new Promise((resolve) => child.once('exit', resolve));
  for (let tries = 0; ; tries++) {
    if (await fetch(url).catch(() => undefined)) break;
    assert.ok(child.exitCode === null && tries < 300, said);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const close = async () => {
    child.kill();
    await gone;
  };
  return { url, close };
}

async function serveBuilt(name, policy) {
  build(name);
  publish(name, 'dist');
  return serve({ mounts: { '/': join(folderOf(name), 'dist') }, policy });
}

const apps = {
  'a plain page': {
    start: () => serveBuilt('script-page', `${strictPolicy}; img-src data:`),
    wasm: /^\/vitrine\/vitrine\.wasm$/,
  },
  'webpack 5': {
    start: () => serveBuilt('webpack', `${strictPolicy}; img-src data:`),
    wasm: /^\/[0-9a-f]+\.wasm$/,
    worker: true,
  },
  'Vite with React': {
    start: () => serveBuilt('vite-react', `${strictPolicy}; img-src data:`),
    wasm: /^\/assets\/vitrine-[\w-]+\.wasm$/,
    worker: true,
  },
  "Vite's development server": {
    start: () => {
      publish('vite-react', 'public');
      return start('vite-react', 'vite', '--host', '127.0.0.1');
    },
    wasm: /^\/node_modules\/vitrine\/dist\/vitrine\.wasm$/,
    worker: true,
  },
  'Next.js': {
    start: () => {
      publish('nextjs', 'public');
      build('nextjs');
      return start('nextjs', 'next', 'start');
    },
    wasm: /^\/_next\/static\/.*\/vitrine\.[\w-]+\.wasm$/,
    worker: true,
    server: true,
  },
  // Complains where the markup of the server and of the first render differ in anything.
  "Next.js's development server": {
    start: () => start('nextjs', 'next', 'dev', '--hostname', '127.0.0.1'),
    wasm: /^\/_next\/static\/.*\/vitrine\.[\w-]+\.wasm$/,
    worker: true,
    server: true,
  },
};

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

for (const [name, app] of Object.entries(apps)) {
  describe(name, () => {
    let site;
    let page;
    let problems;
    let asked;
    before(async () => {
      site = await app.start();
    });
    after(async () => {
      await page?.close();
      await site?.close();
    });

    async function visit(path = '/') {
      await page?.close();
      page = await browser.newPage();
      problems = watch(page);
      asked = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await page.goto(site.url + path);
      await page.locator('[data-variation]').waitFor({ timeout: 20_000 });
    }
    /** The problems of the page, except requests for the next page that Next.js cancels itself. */
    const complaints = () => problems.filter((text) => !/\?_rsc=\S+ net::ERR_ABORTED/.test(text));
    const shown = () => page.locator('ul[aria-label="For you"] li').allInnerTexts();

    test('ranks with the wasm of its own build, and complains of nothing', async () => {
      await visit();
      assert.deepEqual(await shown(), popular);
      const wasm = asked.filter((path) => path.endsWith('.wasm'));
      assert.equal(wasm.length, 1, `${wasm}`);
      assert.match(wasm[0], app.wasm);
      const variation = await page.locator('[data-variation]').getAttribute('data-variation');
      assert.match(variation, /^(control|bold)$/);
      assert.deepEqual(complaints(), []);
    });

    test('follows what the shopper looks at', async () => {
      await visit();
      await page.getByText('mug-red', { exact: true }).click();
      await page.locator('h1', { hasText: 'mug-red' }).waitFor();
      await page.locator('li', { hasText: 'mug-blue' }).waitFor();
      assert.equal((await shown())[0], 'mug-blue');
      assert.deepEqual(complaints(), []);
    });

    test('opens the inspector', async () => {
      await visit('/?vitrine_debug');
      await page.getByRole('region', { name: 'Vitrine inspector' }).waitFor();
      assert.deepEqual(complaints(), []);
    });

    if (app.worker) {
      test('ranks in a worker', async () => {
        await visit();
        await page.getByRole('button', { name: 'Search' }).click();
        await page.locator('output', { hasText: 'teapot jug lamp' }).waitFor();
        assert.deepEqual(complaints(), []);
      });
    }

    if (app.server) {
      test("renders the shop's own order on the server", async () => {
        const markup = await (await fetch(site.url)).text();
        const places = own.map((id) => markup.indexOf(`>${id}</a>`));
        assert.ok(places[0] > 0);
        assert.deepEqual(
          places.toSorted((a, b) => a - b),
          places,
        );
      });
    }
  });
}
