// The examples of docs/ and docs/guides/ that stand in tests/browser/guides/, each in a page (scripts/check-docs.mjs sees
// to it that the documents show these very lines). Shopify's, WordPress's and Magento's own parts do not run here: their
// templates do, by a Liquid of its own and by PHP, with as much around them as they call.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Liquid } from 'liquidjs';
import { writeBundle } from '../js/load_bundle_writer.mjs';
import { platforms } from './consent_platforms.mjs';
import { launch, root, serve, strictPolicy, until, watch } from './harness.mjs';
import { release, shopBundle } from './shop_files.mjs';

const guides = join(root, 'tests/browser/guides');
const js = join(root, 'js');
const { build } = await import(join(js, 'node_modules/esbuild/lib/main.js'));
const read = (path) => readFileSync(join(guides, path), 'utf8');
const html = (body) => ({ type: 'text/html; charset=utf-8', body });
const script = (body) => ({ type: 'text/javascript; charset=utf-8', body });
const json = (value) => ({ type: 'application/json', body: JSON.stringify(value) });
const document = (body) =>
  `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">${body}`;
/** A module of an example, with the package where these pages have it. */
const module = (path) =>
  script(
    read(path)
      .replace("from 'vitrine'", "from '/package/index.browser.js'")
      .replace(/from 'vitrine\/(\w+)'/, "from '/package/$1.js'"),
  );

const experiments = JSON.stringify({
  experiments: [
    { key: 'blend', variations: ['control', 'bold'] },
    { key: 'offer', variations: ['wrap', 'card'], bandit: { method: 'thompson' } },
  ],
});
const bundle = shopBundle('teapot', { experiments });
const pages = {
  ...release({ bundle, folder: '/vitrine/' }),
  '/shop.vitrine': { type: 'application/octet-stream', body: Buffer.from(bundle) },
};
/** Returns the policy of most shops; `scripts` and `connections` are further origins. */
const policyOf = ({ scripts = '', connections = '' } = {}) =>
  `${strictPolicy} 'unsafe-inline' ${scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ${connections}`;

let browser;
let server;
const servers = [];
let context;
let page;
let problems;
before(async () => {
  browser = await launch();
  const mounts = { '/package/': 'js/dist', '/vitrine/': 'js/dist' };
  server = await open({ mounts });
});
after(async () => {
  await browser?.close();
  for (const one of servers) await one.close();
});
/** A server of `pages` that ends with the tests. */
async function open(options) {
  const opened = await serve({ pages, policy: policyOf(), ...options });
  servers.push(opened);
  return opened;
}
beforeEach(async () => {
  await context?.close();
  context = await browser.newContext();
  page = await context.newPage();
  problems = watch(page);
});

const visit = (path, site = server) => page.goto(site.url + path);
/** Calls `work(live, argument)` in the page once lists are ranked. */
const live = (work, argument) =>
  page
    .evaluateHandle(async () => {
      const found = await new Promise((resolve) => window.vitrine.push(resolve));
      await found.ready;
      return found;
    })
    .then((handle) => handle.evaluate(work, argument));
const history = () => live((vitrine) => vitrine.history.map(({ type, item }) => `${type} ${item}`));
const places = (selector) => page.locator(selector).allInnerTexts();

describe('an example of docs/sdk.md and docs/experiments.md', () => {
  test('a script tag', async () => {
    pages['/'] = html(read('script-tag.html'));
    await visit('/');
    await page.locator('ul', { hasText: 'teapot' }).waitFor();
    assert.deepEqual(await history(), ['view stoneware-latte-mug-0001']);
    assert.deepEqual(problems, []);
  });

  test('the React hooks', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { createRoot } from 'react-dom/client';
          import { createVitrine } from 'vitrine';
          import { page } from '${join(guides, 'home.jsx')}';
          const wasm = '/package/vitrine.wasm';
          const vitrine = createVitrine({ manifest: '/vitrine/manifest.json', wasm });
          globalThis.Card = ({ id, onClick }) => <button onClick={onClick}>{id}</button>;
          createRoot(document.querySelector('main')).render(page(vitrine, ['jug', 'lamp']));`,
        resolveDir: js,
        loader: 'jsx',
      },
      ...{ bundle: true, format: 'esm', write: false, jsx: 'automatic' },
      nodePaths: [join(js, 'node_modules')],
      alias: {
        vitrine: join(js, 'dist/index.browser.js'),
        'vitrine/react': join(js, 'dist/react.js'),
      },
      define: { 'process.env.NODE_ENV': '"development"' },
    });
    pages['/home.js'] = script(outputFiles[0].text);
    pages['/'] = html(document('<main></main><script type="module" src="/home.js"></script>'));
    await visit('/');
    await page.locator('button', { hasText: 'teapot' }).waitFor();
    assert.equal((await places('button')).length, 5);
    assert.deepEqual(problems, []);
  });

  test('the element', async () => {
    pages['/element.js'] = module('element.js');
    pages['/before.js'] = script(`
      import { createVitrine } from '/package/index.browser.js';
      const item = (id) => [id, { url: '/' + id, image: 'data:,', title: 'A ' + id }];
      globalThis.products = new Map(['jug', 'lamp', 'mug-red', 'teapot', 'mug-blue'].map(item));
      globalThis.vitrine = createVitrine({ manifest: '/vitrine/manifest.json' });`);
    pages['/'] = html(
      document(
        `<script type="module" src="/before.js"></script><script type="module" src="/element.js"></script>${read('element.html')}`,
      ),
    );
    await visit('/');
    await page.locator('vitrine-list li', { hasText: 'A teapot' }).waitFor();
    assert.equal((await places('vitrine-list li a')).length, 5);
    assert.deepEqual(problems, []);
  });

  async function run(path, body = '') {
    pages['/example.js'] = module(path);
    pages['/'] = html(document(`<script type="module" src="/example.js"></script>${body}`));
    await visit('/');
  }

  test('connect', async () => {
    await run('connect.js');
    await until(() => page.evaluate(() => window.live !== undefined));
    const found = await page.evaluate(() => {
      window.dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: 'jug' }] } });
      return window.live.history.map(({ item }) => item);
    });
    assert.deepEqual(found, ['jug']);
    assert.deepEqual(problems, []);
  });

  test('createPersonalizer, and what it rejects with', async () => {
    const bundles = { 200: Buffer.from(bundle), 500: 'away' };
    for (const [status, body] of Object.entries(bundles)) {
      const headers = { 'Access-Control-Allow-Origin': '*' };
      await context.unroute('https://cdn.example/*');
      await context.route('https://cdn.example/*', (route) =>
        route.fulfill({ status: Number(status), body, headers }),
      );
      const said = page.waitForEvent('console', { predicate: (one) => one.type() === 'warning' });
      said.catch(() => {});
      const policy = policyOf({ connections: 'https://cdn.example' });
      const shop = await open({ mounts: { '/package/': 'js/dist' }, policy });
      pages['/example.js'] = module('create.js');
      pages['/'] = html(document('<script type="module" src="/example.js"></script>'));
      await visit('/', shop);
      await until(() => page.evaluate(() => 'created' in window));
      const created = await page.evaluate(() => window.created?.info.itemCount);
      assert.equal(created, status === '200' ? 5 : undefined);
      if (status === '500') assert.match((await said).text(), /^network cannot load the bundle/);
    }
  });

  test('a worker', async () => {
    await run('worker.js');
    await until(() => page.evaluate(() => window.list?.length === 5));
    assert.deepEqual(problems, []);
  });

  test('experiments in the page', async () => {
    const sent = page.waitForRequest('**/events');
    await context.route('**/events', (route) => route.fulfill({ status: 204 }));
    await run(
      'experiments.js',
      '<div id="row"></div><script>const visitorId = "visitor-1"</script>',
    );
    const exposure = JSON.parse((await sent).postData());
    assert.deepEqual(
      [exposure.event, exposure.unit, exposure.experiment, exposure.list.items.length],
      ['exposure', 'visitor-1', 'blend', 5],
    );
    assert.equal(exposure.variation, await page.evaluate(() => window.assigned));
  });

  test('a bandit slot', async () => {
    await run(
      'bandits.js',
      '<div id="offer">.</div><script>const visitorId = "visitor-1", checkout = {}</script>',
    );
    const running = () => page.evaluate(() => [...(window.states?.values() ?? [])][0]?.open);
    await until(async () => (await running()) !== undefined);
    const { name, propensity } = await page.evaluate(() => window.offered);
    assert.match(name, /^(wrap|card)$/);
    assert.equal(propensity, 0.5); // nothing is known of either
    assert.equal((await running()).rewarded, false);
    await page.evaluate(() => checkout.onsuccess());
    assert.equal((await running()).rewarded, true);
    assert.equal(await page.evaluate(() => localStorage.length), 0); // without consent
    assert.deepEqual(problems, []);
  });
});

test("the second example of the package's README", async () => {
  const [, , example] = readFileSync(join(js, 'README.md'), 'utf8').split('```js\n');
  pages['/example.js'] = script(
    `${example.split('```')[0].replace("'vitrine'", "'/package/index.browser.js'")}
    window.shown = list;`,
  );
  pages['/'] = html(document('<script type="module" src="/example.js"></script>'));
  await visit('/');
  await until(() => page.evaluate(() => window.shown?.items.length === 5));
  assert.deepEqual(problems, []);
});

describe('the guide for GA4', () => {
  test('takes what the shop pushes, and tells the tag manager what was shown', async () => {
    // Google's own function is this one.
    pages['/gtag.js'] = script('function gtag() { dataLayer.push(arguments); }');
    pages['/ga4.js'] = script(read('ga4.js'));
    pages['/ga4_shop.js'] = script(read('ga4_shop.js'));
    pages['/'] = html(
      document(
        '<script src="/ga4.js"></script><script async src="/vitrine/vitrine.js"></script><script src="/gtag.js"></script><script src="/ga4_shop.js"></script>',
      ),
    );
    await visit('/');
    await until(async () => (await history()).length === 2);
    assert.deepEqual(await history(), ['view mug-red', 'cart jug']);
    const told = await live(async (vitrine) => {
      vitrine.consent.grant();
      vitrine.trackView(vitrine.slot('home', { limit: 2 }));
      await vitrine.flush();
      return window.dataLayer.filter(({ event }) => event === 'vitrine').map((one) => one.vitrine);
    });
    assert.ok(told.some(({ event, items }) => event === 'view_item_list' && items.length === 2));
    assert.equal((await history()).length, 2, 'what it told does not come back');
    assert.deepEqual(problems, []);
  });
});

describe('the guide for consent platforms', () => {
  for (const [name, platform] of Object.entries(platforms)) {
    test(`${name}: nothing before the answer, then what the shopper chose`, async () => {
      pages['/answer.js'] = script(read('consent/answer.js'));
      pages['/platform.js'] = script(read(`consent/${name}.js`));
      pages['/'] = html(
        document(
          '<script src="/answer.js"></script><script type="module" src="/platform.js"></script>' +
            '<script async src="/vitrine/vitrine.js" data-manifest="/vitrine/manifest.json"></script>',
        ),
      );
      if (platform.before) await page.addInitScript(platform.before);
      await visit('/');
      const state = () => live((vitrine) => vitrine.consent.state);
      assert.equal(await state(), 'pending');
      await page.evaluate(platform.answer, true);
      assert.equal(await state(), 'granted');
      await page.evaluate(platform.answer, false);
      assert.equal(await state(), 'denied');
      assert.deepEqual(problems, []);
    });
  }

  test('any other platform', async () => {
    pages['/platform.js'] = script(read('consent/platform.js'));
    pages['/'] = html(
      document(
        '<script async src="/vitrine/vitrine.js" data-manifest="/vitrine/manifest.json"></script>',
      ),
    );
    await page.addInitScript(() => {
      window.vitrine = [];
      window.platform = { onChange: (callback) => Object.assign(window, { tell: callback }) };
    });
    await visit('/');
    await live(() => {});
    await page.addScriptTag({ url: '/platform.js' });
    for (const analytics of [true, false]) {
      await page.evaluate((given) => window.tell(given), { analytics });
      const state = await live((vitrine) => vitrine.consent.state);
      assert.equal(state, analytics ? 'granted' : 'denied');
    }
  });
});

describe('the guide for Shopify', () => {
  /** The assets as Shopify has them: on another origin. */
  let cdn;
  before(async () => {
    cdn = await open({
      mounts: { '/assets/': 'js/dist' },
      pages: { '/assets/shop.js': script(read('shopify/assets/shop.js')) },
      headers: { 'Access-Control-Allow-Origin': '*' },
    });
  });

  function render(block, values) {
    const liquid = new Liquid();
    liquid.registerFilter('asset_url', (name) => `${cdn.url}/assets/${name}`);
    liquid.registerTag('schema', {
      parse(_, tokens) {
        const parts = [];
        for (let token = tokens.shift(); token?.name !== 'endschema'; token = tokens.shift()) {
          parts.push(token.getText());
        }
        this.schema = JSON.parse(parts.join(''));
      },
      render: () => '',
    });
    return liquid.parseAndRenderSync(read(`shopify/blocks/${block}.liquid`), values);
  }

  test('the theme extension ranks, shows products and follows the shopper', async () => {
    const settings = { manifest: '/vitrine/manifest.json', limit: 3, title: 'For "you"' };
    const blocks = render('for_you', { block: { id: 'a1', settings } });
    const embed = render('personalization', {
      block: { settings },
      product: { handle: 'mug-red' },
    });
    pages['/products/mug-red'] = html(
      document(`<script>window.Shopify = { routes: { root: '/' } };</script>${blocks}${embed}`),
    );
    for (const handle of ['mug-blue', 'teapot', 'jug', 'lamp', 'mug-red']) {
      const product = { title: `A ${handle}`, url: `/products/${handle}`, featured_image: null };
      pages[`/products/${handle}.js`] = json(product);
    }
    const policy = policyOf({ scripts: cdn.url });
    const shop = await open({ mounts: { '/vitrine/': 'js/dist' }, policy });
    await visit('/products/mug-red', shop);
    await page.locator('vitrine-list li[data-id="mug-blue"]').waitFor();
    assert.deepEqual(await history(), ['view mug-red']);
    assert.deepEqual(await places('vitrine-list li'), ['A mug-blue', 'A teapot', 'A jug']);
    assert.equal(await page.locator('vitrine-list ul').getAttribute('aria-label'), 'For "you"');
    const { reason } = await live((vitrine) => vitrine.experiment('blend'));
    assert.equal(reason, 'no-unit', 'the code of experiments came from the other origin');
    await page.evaluate(platforms.shopify.answer, true);
    assert.equal(await live((vitrine) => vitrine.consent.state), 'granted');
    assert.deepEqual(problems, []);
  });

  test('the pixel collects a log that `vitrine validate` takes', async () => {
    // Shopify's sandbox: a worker without a page, and events that the store tells of.
    pages['/sandbox.js'] = script(`
      const heard = {};
      export const register = (pixel) => pixel({
        analytics: { subscribe: (name, callback) => { heard[name] = callback; } },
        settings: { endpoint: new URL('/collect', self.location.origin).href },
      });
      addEventListener('message', ({ data: { name, ...event } }) => heard[name](event));`);
    pages['/pixel.js'] = script(
      read('shopify/pixel/index.js').replace("'@shopify/web-pixels-extension'", "'/sandbox.js'"),
    );
    pages['/'] = html(document(''));
    const lines = [];
    await context.route('**/collect', (route) => {
      lines.push(route.request().postData());
      return route.fulfill({ status: 204 });
    });
    await visit('/');
    const product = (handle) => ({ url: `/products/${handle}?variant=1` });
    const start = Date.parse('2026-11-21T10:00:00Z');
    const events = [
      ['product_viewed', { productVariant: { product: product('mug-red') } }],
      ['product_viewed', { productVariant: { product: product('teapot') } }],
      ['product_added_to_cart', { cartLine: { merchandise: { product: product('teapot') } } }],
      ['product_added_to_cart', { cartLine: null }],
      [
        'checkout_completed',
        {
          checkout: {
            lineItems: [{ variant: { product: product('teapot') } }, { variant: null }],
          },
        },
      ],
    ].map(([name, data], i) => {
      const timestamp = new Date(start + 1000 * i).toISOString();
      return { name, clientId: 'client-1', timestamp, data };
    });
    await page.evaluate((all) => {
      const worker = new Worker('/pixel.js', { type: 'module' });
      for (const event of all) worker.postMessage(event);
    }, events);
    await until(() => lines.length === 4);
    const log = join(root, 'build/pixel.jsonl');
    writeFileSync(log, lines.join(''));
    const command = join(root, 'build/release/vitrine');
    const answer = execFileSync(command, ['validate', '--events', log, '--json'], {
      encoding: 'utf8',
    });
    const { rows_kept, rows_refused, kinds } = JSON.parse(answer).events;
    assert.deepEqual([rows_kept, rows_refused], [4, 0]);
    assert.deepEqual([kinds.view, kinds.cart, kinds.purchase], [2, 1, 1]);
    assert.deepEqual(problems, []);
  });
});

describe('the guide for WooCommerce', () => {
  test('the plugin ranks, shows products and follows the shopper', async () => {
    const php = [
      join(guides, 'woocommerce/wordpress.php'),
      join(guides, 'woocommerce/vitrine.php'),
    ];
    const files = {
      '/plugin/': 'js/dist',
      '/jquery.js': 'tests/browser/node_modules/jquery/dist/jquery.js',
    };
    const shop = await open({ mounts: files });
    const catalogue = release({
      bundle: writeBundle({
        items: [{ id: '31', next: { 33: 0.9 } }, { id: '32', popularity: 1 }, { id: '33' }],
      }),
      folder: '/uploads/vitrine/',
    });
    Object.assign(pages, catalogue, {
      '/plugin/shop.js': script(read('woocommerce/shop.js')),
      '/product': html(execFileSync('php', php, { encoding: 'utf8' })),
    });
    for (const id of [31, 32, 33]) {
      const images = id === 32 ? [] : [{ src: 'data:,' }];
      const product = { id, name: `Product ${id}`, permalink: `/?p=${id}`, images };
      pages[`/wp-json/wc/store/v1/products/${id}`] = json(product);
    }
    await visit('/product', shop);
    await page.locator('vitrine-list li[data-id="33"]').waitFor();
    assert.deepEqual(await places('vitrine-list li'), ['Product 33', 'Product 32']);
    await page.evaluate(() => {
      const button = window.jQuery('[data-product_id]');
      window.jQuery(document.body).trigger('added_to_cart', [{}, 'hash', button]);
    });
    assert.deepEqual(await history(), ['view 31', 'cart 33']);
    await page.evaluate(platforms.wordpress.answer, true);
    assert.equal(await live((vitrine) => vitrine.consent.state), 'granted');
    assert.deepEqual(problems, []);
  });
});

describe('the guide for Magento', () => {
  /** The policy that Magento sends: its own, with the values of the file. */
  function magentoPolicy(xml) {
    const values = (id) =>
      [
        ...xml
          .split(`<policy id="${id}">`)[1]
          .split('</policy>')[0]
          .matchAll(/<value [^>]*>([^<]*)</g),
      ]
        .map(([, value]) => value)
        .join(' ');
    return `default-src 'self'; img-src 'self' data:; script-src 'self' 'nonce-abc' ${values('script-src')}; connect-src 'self' ${values('connect-src')}`;
  }

  test('the template ranks under the policy of csp_whitelist.xml, and not without it', async () => {
    const php = ['magento/magento.php', 'magento/view/vitrine.phtml'].map((path) =>
      join(guides, path),
    );
    const body = execFileSync('php', [...php, 'abc'], { encoding: 'utf8' });
    Object.assign(pages, release({ bundle, folder: '/media/vitrine/' }), { '/': html(body) });
    const xml = read('magento/etc/csp_whitelist.xml');
    const policies = {
      true: magentoPolicy(xml),
      false: magentoPolicy(xml.replace("'wasm-unsafe-eval'", '')),
    };
    for (const [ranks, policy] of Object.entries(policies)) {
      const shop = await open({ mounts: { '/static/': 'js/dist' }, policy });
      await visit('/', shop);
      assert.equal(await live((vitrine) => vitrine.personalizer !== undefined), ranks === 'true');
    }
  });
});
