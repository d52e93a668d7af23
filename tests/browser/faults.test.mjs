// One thing goes wrong at a time: what the page shows, and which events are lost. Prints a table.
// usage: make test-faults
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeBundle } from '../js/load_bundle_writer.mjs';
import { root } from './harness.mjs';
import { keys, release, scriptPage, shopBundle, shopOrder, shopOverlay } from './shop_files.mjs';
import { openShop, openTab } from './shop_tab.mjs';

const pair = keys();
const experiments = JSON.stringify({
  experiments: [{ key: 'hero', variations: ['control', 'b'] }],
});
const good = () => ({ bundle: shopBundle('teapot') });
const rows = [];
let shop;

before(async () => {
  shop = await openShop();
  const transport = `data-transport="${shop.endpoint.url}/events"`;
  shop.pages['/hasty'] = scriptPage(`${transport} data-timeout="500"`);
  shop.pages['/signed'] = scriptPage(
    `${transport} data-public-key="${pair.publicKey}" data-shop="shop"`,
  );
  shop.pages['/experimenting'] = scriptPage(`${transport} data-visitor-id="visitor-1"`);
  const blocked = scriptPage(transport);
  const policy = '<meta http-equiv="Content-Security-Policy" content="script-src \'self\'">';
  shop.pages['/no-wasm'] = {
    ...blocked,
    body: blocked.body.replace('<title>', `${policy}<title>`),
  };
});
after(async () => {
  await shop?.close();
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i].length)));
  for (const row of rows) console.log(row.map((cell, i) => cell.padEnd(widths[i] + 2)).join(''));
});
rows.push(['fault', 'the page showed', 'onError', 'events lost']);

function publish(options) {
  for (const path of Object.keys(shop.pages)) if (path.startsWith('/r/')) delete shop.pages[path];
  Object.assign(shop.pages, release(options));
}
const changedFile = (suffix, change) => () => {
  for (const [path, page] of Object.entries(shop.pages)) {
    if (path.endsWith(suffix)) change(path, page);
  }
};
/** Runs in the page before anything else. */
const inPage = (work) => (page) => page.addInitScript(work);

const own = "the shop's own order";
const ranked = 'a ranked list';
const hostileIds = [
  '__proto__',
  'constructor',
  '<img src=x onerror=alert(1)>',
  '\ud800',
  '"; DROP',
  '\0',
  ' ',
];
const tenIds = Array.from({ length: 10 }, (_, i) => `item-${i}`);

/** The faults, each with its cause, the list that the page must show, and the errors that it must report. */
const faults = [
  { name: 'none', shows: ranked, errors: [] },
  {
    name: 'the manifest comes late',
    path: '/hasty',
    prepare: (page) => page.route('**/manifest.json', () => new Promise(() => {})),
    shows: own,
    errors: ['timeout'],
  },
  {
    name: 'the bundle comes late',
    path: '/hasty',
    prepare: (page) => page.route('**/*.vitrine', () => new Promise(() => {})),
    shows: own,
    errors: ['timeout'],
  },
  {
    name: 'the manifest is a page of HTML',
    spoil: changedFile('manifest.json', (_, page) => {
      page.body = '<!doctype html><title>Shop</title>';
    }),
    shows: own,
    errors: ['manifest'],
  },
  {
    name: 'the network is cut',
    prepare: (page) => page.route('**/r/*', (route) => route.abort()),
    shows: own,
    errors: ['network'],
  },
  {
    name: 'the bundle is missing',
    spoil: changedFile('.vitrine', (path) => delete shop.pages[path]),
    shows: own,
    errors: ['network'],
  },
  {
    name: 'the bundle is damaged',
    spoil: changedFile('.vitrine', (_, page) => {
      page.body[200] ^= 1;
    }),
    shows: own,
    errors: ['integrity'],
  },
  {
    name: 'the bundle was cut before it was published',
    spoil: () => publish({ bundle: shopBundle().subarray(0, -9) }),
    shows: own,
    errors: ['bundle'],
  },
  {
    name: 'the bundle is of another version',
    spoil: () => {
      const bundle = shopBundle();
      bundle[16] = 99;
      publish({ bundle });
    },
    shows: own,
    errors: ['bundle'],
  },
  {
    name: 'the manifest is signed by somebody else',
    path: '/signed',
    spoil: () => publish({ ...good(), privateKey: keys().privateKey }),
    shows: own,
    errors: ['integrity'],
  },
  {
    name: 'the overlay is of another bundle',
    spoil: () => publish({ ...good(), overlay: shopOverlay('jug', 'lamp') }),
    shows: ranked,
    errors: ['overlay'],
  },
  {
    name: 'the code of experiments is missing',
    path: '/experimenting',
    spoil: () => publish({ bundle: shopBundle('teapot', { experiments }) }),
    prepare: (page) => page.route('**/experiments.js', (route) => route.abort()),
    shows: ranked,
    errors: ['network'],
  },
  { name: "the page's policy forbids wasm", path: '/no-wasm', shows: own, errors: ['wasm'] },
  {
    name: 'the wasm is none',
    spoil: () => publish({ ...good(), code: Buffer.from('<html>') }),
    shows: own,
    errors: ['wasm'],
  },
  {
    name: 'all storage is blocked',
    prepare: inPage(() => {
      const refuse = {
        get() {
          throw new DOMException('blocked', 'SecurityError');
        },
      };
      for (const name of ['indexedDB', 'localStorage', 'caches']) {
        Object.defineProperty(window, name, refuse);
      }
    }),
    shows: ranked,
    errors: ['storage', 'storage'],
  },
  {
    name: 'the storage is full',
    prepare: inPage(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
      Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    }),
    shows: ranked,
    errors: ['storage', 'storage', 'delivery'],
  },
  {
    name: 'IndexedDB never answers',
    prepare: inPage(() => {
      IDBFactory.prototype.open = () => ({});
    }),
    shows: ranked,
    errors: ['storage'],
  },
  {
    name: 'there are no locks and no channels between tabs',
    prepare: inPage(() => {
      delete window.BroadcastChannel;
      Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
    }),
    shows: ranked,
    errors: [],
  },
  ...[400, -400].map((days) => ({
    name: `the clock is ${Math.abs(days)} days ${days > 0 ? 'ahead' : 'behind'}`,
    prepare: (page) =>
      page.addInitScript(
        (shift) => {
          const now = Date.now;
          Date.now = () => now() + shift;
        },
        days * 24 * 3600_000,
      ),
    shows: ranked,
    errors: [],
  })),
  {
    name: 'the clock goes back a day while the page is open',
    prepare: inPage(() => {
      const { now } = Date;
      let asked = 0;
      Date.now = () => now() - (asked++ > 4 ? 24 * 3600_000 : 0);
    }),
    shows: ranked,
    errors: [],
  },
  {
    name: 'the endpoint is away, and back on the next page',
    spoil: () => {
      shop.endpoint.status = 503;
    },
    shows: ranked,
    errors: [],
  },
  {
    name: 'the endpoint is overrun, and says when to come back',
    spoil: () => {
      Object.assign(shop.endpoint, { status: 429, headers: { 'Retry-After': '3600' } });
    },
    shows: ranked,
    errors: [],
  },
  {
    name: 'there is no way to the endpoint',
    prepare: (page) => page.route('**/events', (route) => route.abort()),
    shows: ranked,
    errors: ['delivery'],
  },
  {
    name: "the shop's onError throws",
    prepare: inPage(() => {
      window.errors = [];
      window.vitrine = [];
      window.vitrine.options = {
        onError() {
          throw new Error('of the shop');
        },
      };
      Object.defineProperty(window.vitrine, 'options', { writable: false });
    }),
    spoil: changedFile('.vitrine', (path) => delete shop.pages[path]),
    shows: own,
    errors: [],
  },
  {
    name: '10,000 events at once',
    ids: Array.from({ length: 10_000 }, (_, i) => `item-${i}`),
    shows: ranked,
    errors: [],
  },
  {
    name: 'hostile ids in the bundle',
    spoil: () => {
      const items = hostileIds.filter((id) => id.isWellFormed()).map((id) => ({ id }));
      publish({ bundle: writeBundle({ items }) });
    },
    ids: hostileIds,
    shows: ranked,
    errors: [],
  },
  {
    name: 'hostile ids of events',
    ids: hostileIds,
    refused: ['x'.repeat(1 << 20), '', null, {}, ['mug']],
    shows: ranked,
    errors: [],
  },
];

for (const fault of faults) {
  const { name, path = '/delivering', prepare, spoil, ids = tenIds, refused = [] } = fault;
  test(`${name}: the page shows ${fault.shows}, and no event is lost`, async () => {
    publish({ ...good(), privateKey: pair.privateKey });
    shop.endpoint.clear();
    spoil?.();
    const visitor = await shop.newVisitor();
    try {
      const tab = await openTab(shop, visitor, { path, prepare });
      await tab.live((vitrine) => {
        vitrine.consent.grant();
        return vitrine.export();
      });
      const shown = await tab.live(
        (vitrine, fallback) => vitrine.slot('home', { fallback, excludeSeen: false }).items,
        shopOrder,
      );
      const isOwn = shown.map(({ id }) => id).join() === shopOrder.join();
      assert.equal(isOwn ? own : ranked, fault.shows);
      const { taken, milliseconds } = await tab.live(
        (vitrine, all) => {
          const start = performance.now();
          const taken = all.map((id) => vitrine.track('view_item', { items: [{ item_id: id }] }));
          return { taken, milliseconds: performance.now() - start };
        },
        [...ids, ...refused],
      );
      assert.deepEqual(
        taken,
        [...ids, ...refused].map((_, i) => i < ids.length),
      );
      await tab.live((vitrine) => vitrine.flush());
      await tab.live((vitrine) => vitrine.export());
      const errors = await tab.errors();
      assert.deepEqual(errors.toSorted(), fault.errors.toSorted());
      assert.deepEqual(tab.exceptions, []);
      assert.ok(milliseconds < 2000, `${milliseconds}`);
      await tab.page.close();

      publish({ ...good(), privateKey: pair.privateKey });
      const before = shop.endpoint.events;
      shop.endpoint.clear();
      shop.endpoint.events = before;
      await openTab(shop, visitor, { path: '/delivering' });
      const lost = () => {
        const arrived = new Set(shop.endpoint.items().map((id) => id.toWellFormed()));
        return ids.filter((id) => !arrived.has(id.toWellFormed())).length;
      };
      for (let tries = 0; lost() > 0 && tries < 100; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      rows.push([name, fault.shows, errors.join(' ') || '-', `${lost()} of ${ids.length}`]);
      assert.equal(lost(), 0);
    } finally {
      await visitor.close();
    }
  });
}

/** The sample service worker of the demo, as its build writes it. */
function serviceWorker(version) {
  const source = readFileSync(join(root, 'demo/scripts/service_worker.js'), 'utf8');
  const files = ['/', '/queue.js', '/package/vitrine.js'];
  return {
    type: 'text/javascript; charset=utf-8',
    body: source
      .replace('__VERSION__', version)
      .replace("'__FILES__'", files.map((file) => JSON.stringify(file)).join()),
  };
}

const takesOver = 'a new service worker takes over, then the network is cut';
test(`${takesOver}: the page shows ${ranked}`, async () => {
  publish(good());
  const visitor = await shop.newVisitor();
  try {
    const first = await openTab(shop, visitor);
    for (const version of ['1', '2']) {
      shop.pages['/service_worker.js'] = serviceWorker(version);
      await first.page.evaluate(async () => {
        await (await caches.open('shop-own-offline-pages')).put('/own', new Response('own'));
        const registration = await navigator.serviceWorker.register('/service_worker.js');
        await registration.update();
        const worker = registration.installing ?? registration.waiting;
        if (worker) {
          await new Promise((resolve) => {
            if (worker.state === 'activated') resolve();
            worker.addEventListener('statechange', () => {
              if (worker.state === 'activated') resolve();
            });
          });
        }
      });
    }
    const names = await first.page.evaluate(() => caches.keys());
    assert.deepEqual(names.toSorted(), [
      'shop-build-2',
      'shop-own-offline-pages',
      `vitrine:${shop.url}/r/manifest.json`,
    ]);
    for (const path of Object.keys(shop.pages)) {
      if (path.startsWith('/r/')) delete shop.pages[path];
    }
    const second = await openTab(shop, visitor);
    const shown = await second.live((vitrine) => vitrine.popular({ limit: 1 })[0].id);
    assert.equal(shown, 'teapot');
    const errors = await second.errors();
    assert.deepEqual(errors, ['network']);
    rows.push([takesOver, ranked, errors.join(' '), '-']);
  } finally {
    await visitor.close();
  }
});

/** The faults of the worker of `vitrine/worker` after its first answer. */
const endings = {
  'the worker is ended, and says nothing': ({ worker }) => worker.terminate(),
  'the worker fails': ({ worker }) => worker.postMessage({ spoil: true }),
};
for (const [name, end] of Object.entries(endings)) {
  test(`${name}: the page shows ${own}`, async () => {
    publish({ ...good() });
    shop.pages['/spoilt_worker.js'] = {
      type: 'text/javascript; charset=utf-8',
      body: `import '/package/worker_thread.js';
addEventListener('message', ({ data }) => { if (data.spoil) throw new Error('spoilt'); });`,
    };
    shop.pages['/shop.vitrine'] = {
      body: Buffer.from(shopBundle('teapot')),
      type: 'application/octet-stream',
    };
    const visitor = await shop.newVisitor();
    try {
      const page = await visitor.newPage();
      await page.goto(shop.url);
      const opened = await page.evaluateHandle(async () => {
        const { createWorkerPersonalizer } = await import('/package/worker.js');
        const worker = new Worker('/spoilt_worker.js', { type: 'module' });
        const errors = [];
        const onError = ({ code }) => errors.push(code);
        const bundle = '/shop.vitrine';
        const vitrine = await createWorkerPersonalizer({ bundle, worker, timeout: 500, onError });
        return { vitrine, worker, errors };
      });
      const list = () =>
        opened.evaluate(
          async ({ vitrine, errors }, ids) => ({
            ids: (await vitrine.rerank(ids)).map(({ id }) => id),
            errors: [...errors],
          }),
          shopOrder,
        );
      assert.deepEqual(await list(), {
        ids: ['teapot', ...shopOrder.filter((id) => id !== 'teapot')],
        errors: [],
      });
      await opened.evaluate(end);
      for (let again = 0; again < 2; again++) {
        assert.deepEqual(await list(), { ids: shopOrder, errors: ['worker'] });
      }
      rows.push([name, own, 'worker', '-']);
    } finally {
      await visitor.close();
    }
  });
}
