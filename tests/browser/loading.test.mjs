// A page loads its model by a script tag and a manifest, and handles the faults of both.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { launch, serve, strictPolicy } from './harness.mjs';
import {
  keys,
  queueScript,
  release,
  scriptPage,
  shopBundle,
  shopOrder,
  shopOverlay,
} from './shop_files.mjs';

const policy = `${strictPolicy}; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'`;
const pair = keys();
let browser;
let server;
let pages;
let context;

before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** Publishes a release: what the server answers from now on. */
function publish(options) {
  for (const path of Object.keys(pages)) if (path.startsWith('/r/')) delete pages[path];
  Object.assign(pages, release(options));
}

/** Opens the shop in a tab and returns what it shows: its model's first item, or the shop's own order. */
async function visit({ path = '/', prepare = async () => {} } = {}) {
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await prepare(page);
  await page.goto(server.url + path);
  const shown = await page.evaluate(async (fallback) => {
    const live = await new Promise((resolve) => window.vitrine.push(resolve));
    const start = performance.now();
    const personalized = await live.ready;
    const list = live.slot('home', { fallback, excludeSeen: false });
    return {
      personalized,
      waited: performance.now() - start,
      items: list.items.map(({ id }) => id),
      first: live.popular({ limit: 1, fallback })[0].id,
      errors: [...window.errors],
    };
  }, shopOrder);
  assert.deepEqual(complaints, []);
  return { ...shown, page };
}

beforeEach(async () => {
  await context?.close();
  await server?.close();
  context = await browser.newContext();
  pages = {
    '/': scriptPage(),
    '/signed': scriptPage(`data-public-key="${pair.publicKey}" data-shop="shop"`),
    '/hasty': scriptPage('data-timeout="400"'),
    '/queue.js': queueScript,
  };
  publish({ bundle: shopBundle('teapot') });
  server = await serve({ mounts: { '/package/': 'js/dist' }, pages, policy });
});
after(async () => {
  await context?.close();
  await server?.close();
});

const asked = () => server.requests.filter((line) => /vitrine$|wasm$/.test(line)).length;

describe('a script tag with a manifest', () => {
  test('ranks under a policy with Trusted Types, and takes what the queue held', async () => {
    const { personalized, items, errors } = await visit();
    assert.equal(personalized, true);
    assert.equal(items[0], 'mug-blue', 'follows the mug that the queue recorded');
    assert.deepEqual(errors, []);
  });

  test('asks for the manifest alone on the next page', async () => {
    await visit();
    const before = asked();
    assert.equal(before, 2);
    const { personalized } = await visit();
    assert.equal(personalized, true);
    assert.equal(asked(), before);
  });

  test('takes the release that the manifest names, also when that is an older one', async () => {
    assert.equal((await visit()).first, 'teapot');
    publish({ bundle: shopBundle('lamp') });
    assert.equal((await visit()).first, 'lamp');
    publish({ bundle: shopBundle('teapot') });
    assert.equal((await visit()).first, 'teapot');
  });

  test('takes a signed manifest, and no other, when it is given a public key', async () => {
    publish({ bundle: shopBundle('teapot'), privateKey: pair.privateKey });
    assert.deepEqual((await visit({ path: '/signed' })).errors, []);
    for (const privateKey of [undefined, keys().privateKey]) {
      publish({ bundle: shopBundle('lamp'), privateKey });
      const { first, errors } = await visit({ path: '/signed' });
      assert.equal(first, 'teapot', 'the kept release');
      assert.deepEqual(errors, ['integrity']);
    }
  });
});

describe('a preview', () => {
  const experiments = [{ key: 'x', variations: [0, 1], weights: [0, 1] }];
  const files = () => ({
    bundle: shopBundle('teapot', { experiments: JSON.stringify({ experiments }) }),
    preview: shopBundle('lamp'),
  });
  const previews = () => server.requests.filter((line) => /preview/.test(line)).length;

  /** Holds the bundle back until the function that it returns is called. */
  function hold() {
    let go;
    const held = new Promise((resolve) => {
      go = resolve;
    });
    const prepare = (page) =>
      page.route('**/r/shop.*', async (route) => {
        await held;
        await route.continue();
      });
    return { prepare, go };
  }

  const state = (page) =>
    page.evaluate(async () => {
      const live = await new Promise((resolve) => window.vitrine.push(resolve));
      return {
        first: live.popular({ limit: 1 })[0].id,
        experiment: live.experiment('x').reason,
        history: live.personalizer.history.map(({ item }) => item),
        errors: [...window.errors],
      };
    });

  test('ranks without experiments until the bundle is there, which takes the session over', async () => {
    publish(files());
    const { prepare, go } = hold();
    const { page, personalized } = await visit({ prepare });
    assert.equal(personalized, true);
    const early = await state(page);
    assert.deepEqual([early.first, early.experiment], ['lamp', 'unknown-experiment']);
    const changed = page.evaluate(async () => {
      const live = await new Promise((resolve) => window.vitrine.push(resolve));
      const told = new Promise((resolve) => live.subscribe(() => resolve('told')));
      return [await live.fullyReady, await told];
    });
    go();
    assert.deepEqual(await changed, [true, 'told']);
    const late = await state(page);
    assert.equal(late.first, 'teapot');
    assert.notEqual(late.experiment, 'unknown-experiment');
    assert.deepEqual([late.history, late.errors], [['mug-red'], []]);
  });

  test('is not asked for where the bundle is kept', async () => {
    publish(files());
    await visit();
    assert.equal(previews(), 1);
    assert.equal((await visit()).first, 'teapot');
    assert.equal(previews(), 1);
  });

  test('ranks on when the bundle does not come', async () => {
    publish(files());
    const prepare = (page) => page.route('**/r/shop.*', (route) => route.abort());
    const { page, first } = await visit({ prepare });
    assert.equal(first, 'lamp');
    const whole = await page.evaluate(async () => {
      const live = await new Promise((resolve) => window.vitrine.push(resolve));
      return live.fullyReady;
    });
    assert.deepEqual([whole, (await state(page)).errors], [false, ['network']]);
  });

  test('may be missing, damaged or no bundle', async () => {
    for (const [body, code] of [
      [undefined, 'network'],
      ['damaged', 'integrity'],
      ['no bundle', 'bundle'],
    ]) {
      const preview = body === 'no bundle' ? Buffer.from(body) : shopBundle('lamp');
      publish({ ...files(), preview });
      const path = Object.keys(pages).find((name) => /preview/.test(name));
      if (body === 'damaged') pages[path].body = Buffer.from(body);
      if (body === undefined) delete pages[path];
      await context.close();
      context = await browser.newContext();
      const { page } = await visit();
      assert.equal(await page.evaluate(() => vitrine.fullyReady), true);
      const { first, errors } = await state(page);
      assert.deepEqual([first, errors], ['teapot', [code]]);
    }
  });
});

describe('an overlay', () => {
  const withOverlay = (popular, of) => ({
    bundle: shopBundle('teapot'),
    overlay: shopOverlay(popular, of),
  });

  test('changes the bundle that the manifest names with it, and is kept with it', async () => {
    publish(withOverlay('lamp'));
    const { first, errors } = await visit();
    assert.deepEqual([first, errors], ['lamp', []]);
    const before = server.requests.length;
    const offline = await visit({
      prepare: (page) => page.route('**/r/*', (route) => route.abort()),
    });
    assert.equal(offline.first, 'lamp');
    assert.ok(!server.requests.slice(before).some((line) => line.includes('/r/')));
  });

  test('is taken by refresh() under an open page, which loads nothing else', async () => {
    const { page, first } = await visit();
    assert.equal(first, 'teapot');
    const refresh = () =>
      page.evaluate(async () => {
        const live = await new Promise((resolve) => window.vitrine.push(resolve));
        const before = live.version;
        const taken = await live.refresh();
        const [{ id }] = live.popular({ limit: 1 });
        return { taken, id, told: live.version > before, history: live.history.length };
      });
    assert.deepEqual(await refresh(), { taken: false, id: 'teapot', told: false, history: 1 });
    publish(withOverlay('jug'));
    const before = asked();
    assert.deepEqual(await refresh(), { taken: true, id: 'jug', told: true, history: 1 });
    assert.equal(asked(), before);
    publish({ bundle: shopBundle('lamp') });
    assert.deepEqual(await refresh(), { taken: false, id: 'jug', told: false, history: 1 });
    publish(withOverlay('jug'));
    assert.equal((await visit()).first, 'jug');
  });

  const faults = {
    'is missing': [
      () => {
        for (const path of Object.keys(pages)) if (path.endsWith('.overlay')) delete pages[path];
      },
      'network',
    ],
    'is damaged on the way': [
      () => {
        for (const [path, page] of Object.entries(pages)) {
          if (path.endsWith('.overlay')) page.body = page.body.subarray(1);
        }
      },
      'integrity',
    ],
    'was made for another bundle': [() => publish(withOverlay('jug', 'lamp')), 'overlay'],
    'is none': [
      () => publish({ bundle: shopBundle('teapot'), overlay: Buffer.from('<html>') }),
      'overlay',
    ],
  };
  for (const [name, [spoil, code]] of Object.entries(faults)) {
    test(`that ${name} leaves the bundle at work, and refresh() repairs it`, async () => {
      publish(withOverlay('lamp'));
      spoil();
      const { personalized, first, errors, page } = await visit();
      assert.deepEqual([personalized, first, errors], [true, 'teapot', [code]]);
      publish(withOverlay('lamp'));
      const taken = await page.evaluate(() =>
        new Promise((resolve) => window.vitrine.push(resolve)).then((live) => live.refresh()),
      );
      assert.equal(taken, true);
    });
  }
});

describe('two shops of one origin', () => {
  const cut = (page) =>
    page
      .route('**/manifest.json', (route) => route.abort())
      .then(() => page.route('**/*.vitrine', (route) => route.abort()));

  test('both rank without the network, and so many that the storage stays small', async () => {
    Object.assign(pages, release({ bundle: shopBundle('lamp'), folder: '/b/' }));
    pages['/b'] = scriptPage('', '/b/manifest.json');
    assert.equal((await visit()).first, 'teapot');
    assert.equal((await visit({ path: '/b' })).first, 'lamp');
    assert.equal((await visit({ prepare: cut })).first, 'teapot');
    assert.equal((await visit({ path: '/b', prepare: cut })).first, 'lamp');
    for (let version = 0; version < 12; version++) {
      pages['/'] = scriptPage('', `/r/manifest.json?v=${version}`);
      await visit();
    }
    const { page } = await visit();
    assert.equal((await page.evaluate(() => caches.keys())).length, 8);
  });

  test('have their own answers, histories and events with a scope each', async () => {
    pages['/de'] = scriptPage('data-scope="de" data-transport="/events"');
    pages['/fr'] = scriptPage('data-scope="fr" data-transport="/events"');
    const live = (page, work) => page.evaluate(`(${work})(window.vitrine)`);
    const state = async (page) => [
      await live(page, (vitrine) => vitrine.consent.state),
      await live(page, (vitrine) => vitrine.export().then(({ history }) => history.length)),
    ];
    const { page: de } = await visit({ path: '/de' });
    const { page: fr } = await visit({ path: '/fr' });
    await live(de, (vitrine) => vitrine.consent.grant());
    await live(de, (vitrine) => vitrine.record({ item: 'jug' }));
    assert.deepEqual(await state(de), ['granted', 2]);
    assert.deepEqual(await state(fr), ['pending', 1]);
    await live(fr, (vitrine) => vitrine.consent.deny());
    assert.deepEqual(await state(de), ['granted', 2]);
    const { page: again } = await visit({ path: '/de' });
    assert.deepEqual(await state(again), ['granted', 3]);
    const names = await again.evaluate(async () => [
      Object.keys(localStorage).toSorted(),
      (await indexedDB.databases()).map(({ name }) => name),
    ]);
    assert.deepEqual(names, [['vitrine.de.consent', 'vitrine.fr.consent'], ['vitrine.de']]);
  });
});

describe('the code of experiments', () => {
  const script = 'GET /package/experiments.js';
  const experiments = JSON.stringify({
    experiments: [{ key: 'hero', variations: ['control', 'bold'] }],
  });
  const reason = async () => {
    const { page, errors } = await visit();
    assert.deepEqual(errors, []);
    return page.evaluate(() => window.vitrine.experiment('hero').reason);
  };

  test('stays away from a page that has none', async () => {
    assert.equal(await reason(), 'unknown-experiment');
    assert.ok(!server.requests.includes(script));
  });

  test('comes with a bundle that has some', async () => {
    publish({ bundle: shopBundle('teapot', { experiments }) });
    assert.equal(await reason(), 'no-unit');
    assert.ok(server.requests.includes(script));
  });

  test('comes beside the bundle when the page gives a visitor id', async () => {
    publish({ bundle: shopBundle('teapot', { experiments }) });
    pages['/'] = scriptPage('data-visitor-id="visitor-1"');
    assert.equal(await reason(), 'assigned');
    const bundle = server.requests.findIndex((line) => line.endsWith('.vitrine'));
    assert.ok(server.requests.indexOf(script) < bundle);
  });
});

describe('when loading goes wrong', () => {
  const faults = {
    'the manifest is missing': [() => delete pages['/r/manifest.json'], 'network'],
    'the manifest is a page of HTML': [
      () => {
        pages['/r/manifest.json'] = { body: '<!doctype html>', type: 'text/html' };
      },
      'manifest',
    ],
    'a file is not what the manifest says': [
      () => publish({ bundle: shopBundle('lamp'), lie: true }),
      'integrity',
    ],
    'the bundle is cut short': [
      () => publish({ bundle: shopBundle('lamp').subarray(0, -9) }),
      'bundle',
    ],
    'the bundle is of another version': [
      () => {
        const bundle = shopBundle('lamp');
        bundle[16] = 99;
        publish({ bundle });
      },
      'bundle',
    ],
    'the wasm is none': [
      () => publish({ bundle: shopBundle('lamp'), code: Buffer.from('<html>') }),
      'wasm',
    ],
  };
  for (const [name, [spoil, code]] of Object.entries(faults)) {
    test(`${name}: a new visitor sees the shop's own order, a returning one the last good model`, async () => {
      spoil();
      const first = await visit();
      assert.deepEqual([first.personalized, first.items], [false, shopOrder]);
      assert.deepEqual(first.errors, [code]);
      publish({ bundle: shopBundle('teapot') });
      assert.equal((await visit()).first, 'teapot');
      spoil();
      const returning = await visit();
      assert.deepEqual([returning.personalized, returning.first], [true, 'teapot']);
      assert.deepEqual(returning.errors, [code]);
    });
  }

  test('a slow network: the own order after the timeout, the last good model within it', async () => {
    const stall = (page) => page.route('**/manifest.json', () => new Promise(() => {}));
    const first = await visit({ path: '/hasty', prepare: stall });
    assert.deepEqual([first.personalized, first.items], [false, shopOrder]);
    assert.deepEqual(first.errors, ['timeout']);
    assert.ok(first.waited < 2000, `${first.waited}`);
    await visit();
    const returning = await visit({ path: '/hasty', prepare: stall });
    assert.deepEqual([returning.personalized, returning.errors], [true, []]);
  });

  test('a damaged copy in the cache is loaded anew', async () => {
    const { page } = await visit();
    await page.evaluate(async () => {
      const [name] = await caches.keys();
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        if (request.url.endsWith('.vitrine')) await cache.put(request, new Response('damaged'));
      }
    });
    const before = asked();
    assert.equal((await visit()).personalized, true);
    assert.equal(asked(), before + 1);
  });

  test('without Cache Storage the network alone serves', async () => {
    const block = (page) =>
      page.addInitScript(() => {
        const refuse = () => Promise.reject(new DOMException('blocked', 'SecurityError'));
        Object.defineProperty(window, 'caches', { value: { open: refuse } });
      });
    const { personalized, errors } = await visit({ prepare: block });
    assert.deepEqual([personalized, errors], [true, ['storage']]);
  });
});
