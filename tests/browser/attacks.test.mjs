// Whoever controls the server of a signed release cannot make a page take another one.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { launch, serve, strictPolicy, until } from './harness.mjs';
import {
  keys,
  queueScript,
  release,
  scriptPage,
  shopBundle,
  shopOrder,
  shopOverlay,
} from './shop_files.mjs';

const pair = keys();
const next = keys();
const signed = (data = '') =>
  scriptPage(`data-public-key="${pair.publicKey}" data-shop="shop" ${data}`);
const day = 24 * 3600_000;
let browser;
let server;
let pages;
let context;

before(async () => {
  browser = await launch();
});
after(() => browser?.close());
beforeEach(async () => {
  context = await browser.newContext();
  pages = {
    '/': signed(),
    '/empty': scriptPage('data-public-key="" data-shop="shop"'),
    '/wrong': scriptPage('data-public-key="{{ key }}" data-shop="shop"'),
    '/origin': scriptPage(`data-public-key="${pair.publicKey}"`),
    '/both': scriptPage(`data-public-key="${next.publicKey} ${pair.publicKey}" data-shop="shop"`),
    '/next': scriptPage(`data-public-key="${next.publicKey}" data-shop="shop"`),
    '/unsigned': scriptPage(),
    '/queue.js': queueScript,
  };
  server = await serve({
    mounts: { '/package/': 'js/dist' },
    pages,
    policy: `${strictPolicy}; img-src data:`,
  });
});
afterEach(async () => {
  await context?.close();
  await server?.close();
});

/** Publishes a release whose most popular item is `popular`. */
function publish(popular, number, { facts, ...more } = {}) {
  for (const path of Object.keys(pages)) if (path.startsWith('/r/')) delete pages[path];
  const bundle = shopBundle(popular);
  const all = { release: number, expires: new Date(Date.now() + 30 * day).toISOString(), ...facts };
  Object.assign(
    pages,
    release({ bundle, privateKey: pair.privateKey, ...more, facts: { shop: 'shop', ...all } }),
  );
}

/** Opens the shop: the best-known item of its model (the shop's own first without one), and the errors. */
async function visit(path = '/', prepare = async () => {}) {
  const page = await context.newPage();
  await prepare(page);
  await page.goto(server.url + path);
  const shown = await page.evaluate(async (fallback) => {
    const live = await new Promise((resolve) => window.vitrine.push(resolve));
    await live.fullyReady;
    return [live.popular({ limit: 1, fallback })[0].id, [...window.errors]];
  }, shopOrder);
  await page.close();
  return shown;
}
const [own] = shopOrder;
const ahead = (days) => (page) =>
  page.addInitScript((shift) => {
    const { now } = Date;
    Date.now = () => now() + shift;
  }, days * day);

describe('a page that checks signatures', () => {
  test('does not go back to an older release, and takes a new one that names the old files', async () => {
    publish('teapot', 2);
    assert.deepEqual(await visit(), ['teapot', []]);
    publish('lamp', 1);
    assert.deepEqual(await visit(), ['teapot', ['stale']]);
    publish('lamp', 3);
    assert.deepEqual(await visit(), ['lamp', []]);
  });

  test('does not go back behind a release that it saw but could not open', async () => {
    publish('teapot', 2);
    await visit();
    publish('lamp', 3);
    for (const path of Object.keys(pages)) if (/r\/shop/.test(path)) delete pages[path];
    assert.deepEqual(await visit(), ['teapot', ['network']]);
    publish('jug', 2);
    assert.deepEqual(await visit(), ['teapot', ['stale']]);
  });

  test('takes no manifest whose time is over, but ranks on with the release that it has', async () => {
    publish('teapot', 1);
    assert.deepEqual(await visit('/', ahead(400)), [own, ['stale']]);
    await visit();
    assert.deepEqual(await visit('/', ahead(400)), ['teapot', ['stale']]);
    publish('lamp', 2, { facts: { expires: 'never' } });
    assert.deepEqual(await visit(), ['teapot', ['stale']]);
  });

  test('takes no release of another shop of the same key', async () => {
    publish('teapot', 1, { facts: { shop: 'other' } });
    assert.deepEqual(await visit(), [own, ['integrity']]);
    publish('teapot', 1, { facts: { shop: undefined } });
    assert.deepEqual(await visit(), [own, ['integrity']]);
    publish('teapot', 1);
    assert.deepEqual(await visit('/origin'), [own, ['integrity']]);
    publish('teapot', 1, { facts: { shop: server.url } });
    assert.deepEqual(await visit('/origin'), ['teapot', []]);
  });

  test('does not rank with old prices when the overlay is held back', async () => {
    const withOverlay = () => ({ overlay: shopOverlay('lamp') });
    const holdBack = () => {
      for (const path of Object.keys(pages)) if (path.endsWith('.overlay')) delete pages[path];
    };
    publish('teapot', 1, withOverlay());
    holdBack();
    assert.deepEqual(await visit(), [own, ['network']]);
    publish('teapot', 1, withOverlay());
    assert.deepEqual(await visit(), ['lamp', []]);
    publish('teapot', 2, { overlay: shopOverlay('jug') });
    holdBack();
    assert.deepEqual(await visit(), ['lamp', ['network']]);
  });

  test('loads nothing when its key is empty or none', async () => {
    publish('teapot', 1, { privateKey: undefined });
    for (const path of ['/empty', '/wrong']) {
      assert.deepEqual(await visit(path), [own, ['usage']]);
    }
    assert.ok(!server.requests.some((line) => line.includes('/r/')));
    await visit('/unsigned');
    assert.deepEqual(await visit('/empty'), [own, ['usage']]);
  });

  test('takes a release of either key while keys change', async () => {
    publish('teapot', 1);
    assert.deepEqual(await visit('/both'), ['teapot', []]);
    publish('lamp', 2, { privateKeys: [pair.privateKey, next.privateKey] });
    for (const path of ['/', '/both', '/next']) assert.deepEqual(await visit(path), ['lamp', []]);
    publish('jug', 3, { privateKeys: [next.privateKey] });
    assert.deepEqual(await visit('/next'), ['jug', []]);
    // The page of the old key can no longer check the stored release either.
    assert.deepEqual(await visit(), [own, ['integrity', 'integrity']]);
  });
});

describe('an answer without an end', () => {
  /** Answers with zeros until the reader has enough; counts them. */
  function endless() {
    const state = { sent: 0, closed: false };
    const chunk = Buffer.alloc(1 << 18);
    const page = (response, headers) => {
      response.writeHead(200, headers);
      response.on('close', () => {
        state.closed = true;
      });
      const more = () => {
        while (!response.destroyed) {
          state.sent += chunk.length;
          if (!response.write(chunk)) break;
        }
      };
      response.on('drain', more);
      more();
    };
    return { state, page };
  }
  /** The bytes that sockets and the browser's pipes hold beside those that the page has read. */
  const buffers = 24 << 20;

  test('for the manifest is left after 64 KiB', async () => {
    publish('teapot', 1);
    const { state, page } = endless();
    pages['/r/manifest.json'] = page;
    assert.deepEqual(await visit(), [own, ['integrity']]);
    await until(() => state.closed);
    assert.ok(state.sent < buffers, `${state.sent}`);
  });

  test('for a file is left after the size in the manifest', async () => {
    publish('teapot', 1);
    const { state, page } = endless();
    for (const path of Object.keys(pages)) if (path.endsWith('.vitrine')) pages[path] = page;
    assert.deepEqual(await visit(), [own, ['integrity']]);
    await until(() => state.closed);
    assert.ok(state.sent < buffers, `${state.sent}`);
  });

  test('for a file of a manifest that nobody signed is left after 64 MiB', async () => {
    publish('teapot', 1, { privateKey: undefined });
    const manifest = JSON.parse(pages['/r/manifest.json'].body);
    manifest.parts[0].size = 2 ** 50;
    pages['/r/manifest.json'].body = JSON.stringify(manifest);
    const { state, page } = endless();
    for (const path of Object.keys(pages)) if (path.endsWith('.vitrine')) pages[path] = page;
    assert.deepEqual(await visit('/unsigned'), [own, ['integrity']]);
    await until(() => state.closed);
    assert.ok(state.sent < (64 << 20) + buffers, `${state.sent}`);
  });

  /** A file of which nothing comes after its head. */
  function stuck() {
    const state = { asked: false, closed: false };
    const page = (response, headers) => {
      state.asked = true;
      response.writeHead(200, headers);
      response.write('V');
      response.on('close', () => {
        state.closed = true;
      });
    };
    return { state, page };
  }
  for (const [name, options, end] of [
    ['after `loadTimeout`', 'loadTimeout: 300', ''],
    ['when the page disposes it', 'timeout: 1e6', 'vitrine.dispose()'],
  ]) {
    test(`that does not go on is left ${name}`, async () => {
      publish('teapot', 1);
      const { state, page: answer } = stuck();
      for (const path of Object.keys(pages)) if (path.endsWith('.vitrine')) pages[path] = answer;
      pages['/queue.js'] = {
        ...queueScript,
        body: queueScript.body.replace('onError:', `${options}, onError:`),
      };
      const page = await context.newPage();
      await page.goto(server.url);
      await until(() => state.asked);
      await page.evaluate(end);
      await until(() => state.closed);
      await page.close();
    });
  }
});
