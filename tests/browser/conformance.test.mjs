// The same lists in a real browser, under a policy without inline script and without eval.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { folder, prepare } from '../conformance/prepare.mjs';
import { browserName, launch, serve, watch } from './harness.mjs';

const pageHtml =
  '<!doctype html><html lang="en"><title>Vitrine</title><link rel="icon" href="data:,">';

describe(`in ${browserName}`, () => {
  let expected;
  let server;
  let browser;
  let page;
  let problems;

  before(async () => {
    expected = prepare();
    server = await serve({
      mounts: {
        '/package/': 'js/dist',
        '/bundles/': folder,
        '/replay.mjs': 'tests/conformance/replay.mjs',
      },
      pages: { '/': { body: pageHtml, type: 'text/html; charset=utf-8' } },
      policy: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src data:",
    });
    browser = await launch();
    page = await browser.newPage();
    problems = watch(page);
    await page.goto(server.url);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const shop of ['tuned', 'blended', 'overlaid']) {
    test(`the ${shop} shop gives the same items, scores and reasons as the native command`, async () => {
      const lists = expected.filter((list) => list.shop === shop);
      assert.ok(lists.length > 100);
      const found = await page.evaluate(
        async ({ lists, bundle, overlay }) => {
          const { createPersonalizer } = await import('/package/index.js');
          const { differences } = await import('/replay.mjs');
          const vitrine = await createPersonalizer({ bundle });
          if (overlay) vitrine.apply(await (await fetch(overlay)).arrayBuffer());
          const found = differences(vitrine, lists);
          const [first] = lists.filter(({ items }) => items.length > 2);
          const changed = { ...first, items: first.items.toReversed() };
          const control = differences(vitrine, [changed]);
          vitrine.dispose();
          return { found, control };
        },
        {
          lists,
          bundle: `/bundles/${shop}.vitrine`,
          overlay: shop === 'overlaid' && `/bundles/${shop}.overlay`,
        },
      );
      assert.deepEqual(found.found, []);
      assert.equal(found.control.length, 1, 'a changed list must be noticed');
    });
  }

  test('a module worker ranks as the page does', async () => {
    const [list] = expected.filter(({ items, shop }) => shop === 'tuned' && items.length > 2);
    const workerServer = await serve({
      mounts: {
        '/package/': 'js/dist',
        '/bundles/': folder,
        '/replay.mjs': 'tests/conformance/replay.mjs',
      },
      pages: {
        '/': { body: pageHtml, type: 'text/html; charset=utf-8' },
        '/worker.mjs': {
          body: `import { createPersonalizer } from '/package/index.js';
                 import { differences } from '/replay.mjs';
                 addEventListener('message', async ({ data }) => {
                   const vitrine = await createPersonalizer({ bundle: '/bundles/tuned.vitrine' });
                   postMessage(differences(vitrine, [data]));
                 });`,
          type: 'text/javascript; charset=utf-8',
        },
      },
    });
    try {
      const other = await browser.newPage();
      await other.goto(workerServer.url);
      const found = await other.evaluate(
        (data) =>
          new Promise((resolve, reject) => {
            const worker = new Worker('/worker.mjs', { type: 'module' });
            worker.onmessage = (event) => resolve(event.data);
            worker.onerror = (event) => reject(new Error(event.message));
            worker.postMessage(data);
          }),
        list,
      );
      assert.deepEqual(found, []);
    } finally {
      await workerServer.close();
    }
  });

  test('a policy without wasm-unsafe-eval is a named error, not a crash', async () => {
    const strict = await serve({
      mounts: { '/package/': 'js/dist', '/bundles/': folder },
      pages: { '/': { body: pageHtml, type: 'text/html; charset=utf-8' } },
      policy: "default-src 'self'",
    });
    try {
      const other = await browser.newPage();
      await other.goto(strict.url);
      const code = await other.evaluate(async () => {
        const { createPersonalizer } = await import('/package/index.js');
        return createPersonalizer({ bundle: '/bundles/tuned.vitrine' }).then(
          () => 'it ran',
          (error) => error.code,
        );
      });
      assert.equal(code, 'wasm');
    } finally {
      await strict.close();
    }
  });

  test('a page that was moved away gives the creation up', async () => {
    const code = await page.evaluate(async () => {
      const { createPersonalizer } = await import('/package/index.js');
      const controller = new AbortController();
      const created = createPersonalizer({
        bundle: '/bundles/tuned.vitrine',
        signal: controller.signal,
      });
      controller.abort();
      return created.then(
        () => 'it ran',
        (error) => error.code,
      );
    });
    assert.equal(code, 'aborted');
  });

  test('nothing but the package and the bundle was asked for, and nothing complained', () => {
    const asked = [...new Set(server.requests)].sort();
    assert.deepEqual(asked, [
      'GET /',
      'GET /bundles/blended.vitrine',
      'GET /bundles/overlaid.overlay',
      'GET /bundles/overlaid.vitrine',
      'GET /bundles/tuned.vitrine',
      'GET /package/index.js',
      'GET /package/vitrine.wasm',
      'GET /replay.mjs',
    ]);
    // The aborted load fails by design; Chromium and Firefox each have a name for it.
    assert.deepEqual(
      problems.filter((line) => !/net::ERR_ABORTED|NS_BINDING_ABORTED/.test(line)),
      [],
    );
  });
});
