// The demo shop as built, in a real browser: what a visitor clicks, what changes, and that it needs no network.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createShopServer, DIST } from '../../demo/scripts/serve.mjs';
import { inPage, launch, opened, root, watch } from './harness.mjs';

const screenshots = join(root, 'build/screenshots');
let server;
let browser;
let url;

before(async () => {
  assert.ok(
    existsSync(join(DIST, 'index.html')),
    'demo/dist is missing; build it with: make demo/dist/index.html',
  );
  mkdirSync(screenshots, { recursive: true });
  server = await opened(createShopServer());
  url = server.url;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/**
 * Runs `visit` in a fresh visitor's window, then checks that nothing went wrong in it but what `expected` fits. `bundle`
 * answers the request for the model, else the server does.
 */
async function shop(visit, { path = '/', bundle, expected, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  try {
    const page = await context.newPage();
    const problems = watch(page);
    const requests = [];
    page.on('request', (request) => requests.push(request));
    if (bundle) await page.route('**/*.vitrine', bundle);
    await page.goto(url + path);
    await page.locator('main h1').first().waitFor();
    await visit(page, { context, requests });
    assert.deepEqual(
      problems.filter((problem) => !expected?.test(problem)),
      [],
    );
  } finally {
    await context.close();
  }
}

const row = (page, name) => page.locator(`[data-row="${name}"]`);
const idsNow = (place) =>
  place.locator('.card').evaluateAll((cards) => cards.map((card) => card.dataset.id));
/** Once the model is there, or will not come, and `place` is in view and ranked. */
async function ids(place) {
  await place.page().locator('html[data-ranking]').waitFor({ state: 'attached' });
  await place.scrollIntoViewIfNeeded();
  await inPage(place.page(), settled);
  return idsNow(place);
}
/**
 * In the page: after two frames for what came into view, and a turn for lists that wait for one, no row is busy. Chromium
 * forgets some turns when others keep the machine busy, so each is taken after half a second at the latest.
 */
async function settled() {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  do await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 500 }));
  while (document.querySelector('main [aria-busy]'));
}
/** In the page: every picture within its height has been drawn, but those that a shelf hides. */
async function hung() {
  const waiting = () =>
    [...document.querySelectorAll('main img:not([src])')].some((place) => {
      const { left, right } = place.getBoundingClientRect();
      return right > 0 && left < innerWidth;
    });
  while (waiting()) await new Promise(requestAnimationFrame);
}
/** In the page: from now on what moves by itself stands in `shifts`. */
function watchShifts() {
  globalThis.shifts = [];
  const watcher = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
  watcher.observe({ type: 'layout-shift' });
}
const ofType = (list, type) => list.filter((id) => type.test(id)).length;
const meanPlace = (list, type) => {
  const places = list.flatMap((id, place) => (type.test(id) ? [place] : []));
  return places.reduce((sum, place) => sum + place, 0) / places.length;
};
const grid = (page) => page.locator('.grid .card');
const offlineReady = (page) =>
  page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });

/** Opens the `nth` product of a category by clicking through the shop. */
async function open(page, department, type, nth = 0) {
  await page
    .getByRole('navigation', { name: 'Departments' })
    .getByRole('link', { name: department })
    .click();
  await page.getByRole('navigation', { name: 'Kinds' }).getByRole('link', { name: type }).click();
  await page.locator('h1', { hasText: type }).waitFor();
  const title = await grid(page).nth(nth).locator('.card-title').innerText();
  await grid(page).nth(nth).locator('.card-link').click();
  await page.locator('.product h1', { hasText: title }).waitFor();
  return title;
}

const home = async (page) => {
  await page.getByRole('link', { name: 'Fennimore', exact: true }).click();
  await page.locator('.hero').waitFor();
};
const picture = (page, name, options = {}) =>
  page.screenshot({ path: join(screenshots, `${name}.png`), ...options });

/** The page from top to bottom, with the corner panel where it belongs. */
async function tallPicture(page, name, { width = 1360 } = {}) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height });
  await inPage(page, settled);
  await inPage(page, hung);
  await picture(page, name);
}

test('a click on a stool makes "For you" a list of mostly stools that names its reason', () =>
  shop(async (page) => {
    const first = await ids(row(page, 'for-you'));
    assert.equal(first.length, 10);
    const title = await open(page, 'Furniture', 'Stools', 1);
    await home(page);
    const then = await ids(row(page, 'for-you'));
    assert.notDeepEqual(then, first);
    assert.ok(ofType(then, /stool/) > ofType(first, /stool/), `before ${first}, after ${then}`);
    assert.ok(ofType(then, /stool/) >= 5, `${then}`);
    const why = await row(page, 'for-you').locator('.why').first().innerText();
    assert.equal(why, `Because you viewed ${title}`);
    await tallPicture(page, 'home');
  }));

test('liking and adding on a card change the row in place', () =>
  shop(async (page) => {
    const before = await ids(row(page, 'for-you'));
    const card = row(page, 'popular').locator('.card').nth(1);
    await card.hover();
    await card.getByRole('button', { name: /^Like / }).click();
    const liked = await ids(row(page, 'for-you'));
    assert.notDeepEqual(liked, before);
    await row(page, 'popular').locator('.card').nth(3).hover();
    await row(page, 'popular')
      .locator('.card')
      .nth(3)
      .getByRole('button', { name: /^Add / })
      .click();
    assert.notDeepEqual(await ids(row(page, 'for-you')), liked);
    assert.equal(await page.locator('[data-count]').innerText(), '1');
  }));

test('the shop works with the network cut, after a reload too', () =>
  shop(async (page, { context, requests }) => {
    await offlineReady(page);
    await context.setOffline(true);
    const before = await ids(row(page, 'for-you'));
    await open(page, 'Outdoor', 'Tents');
    await home(page);
    const then = await ids(row(page, 'for-you'));
    assert.ok(ofType(then, /tent/) > ofType(before, /tent/), `before ${before}, after ${then}`);
    await page.reload();
    await row(page, 'for-you').locator('.card').first().waitFor();
    assert.deepEqual(await ids(row(page, 'for-you')), then);
    await page.goto(`${url}/shop/bags/totes`);
    await grid(page).first().waitFor();
    assert.ok(requests.length > 0);
  }));

test('no request carries what the visitor did', () =>
  shop(async (page, { requests }) => {
    await offlineReady(page);
    const loaded = requests.length;
    const title = await open(page, 'Kitchen', 'Kettles');
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await home(page);
    // A browser asks for the icon again with every new address; nothing else may follow a click.
    const later = requests.slice(loaded).map((request) => request.url());
    const own = later.filter(
      (address) => !address.startsWith('data:') && address !== `${url}/favicon.svg`,
    );
    assert.deepEqual(own, [], `after opening ${title}`);
    for (const request of requests) {
      assert.equal(request.method(), 'GET');
      assert.equal(new URL(request.url()).search, '');
    }
  }));

test('search finds by word beginnings, marks them, and puts first what suits the visitor', () =>
  shop(async (page) => {
    const find = async () => {
      await page.getByRole('searchbox').fill('');
      await page.getByRole('searchbox').pressSequentially('ash');
      await page.locator('h1', { hasText: 'ash' }).waitFor();
      return ids(page.locator('[data-results]'));
    };
    const before = await find();
    assert.equal(await page.getByRole('searchbox').inputValue(), 'ash');
    assert.ok(before.length > 4 && before.length < 48, `${before.length}`);
    assert.ok(ofType(before.slice(0, 3), /stool/) < 3, `${before}`);
    assert.equal(await page.locator('[data-results] mark').first().innerText(), 'Ash');
    await open(page, 'Furniture', 'Stools', 2);
    const then = await find();
    assert.deepEqual([...then].sort(), [...before].sort());
    assert.notDeepEqual(then, before);
    assert.ok(meanPlace(then, /stool/) < meanPlace(before, /stool/) - 2, `${before}\n${then}`);
    await picture(page, 'search');
  }));

test('the cart adds up, keeps its lines over a reload, and completes itself with other kinds', () =>
  shop(async (page) => {
    const price = async () =>
      Number((await page.locator('.product-price').innerText()).replace(/[^0-9.]/g, ''));
    await open(page, 'Outdoor', 'Tents', 1);
    const tent = await price();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await open(page, 'Kitchen', 'Mugs', 2);
    const mug = await price();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('link', { name: /^Cart/ }).click();
    const line = page.locator('.line').nth(1);
    await line.getByRole('button', { name: 'One more' }).click();
    await line.getByRole('button', { name: 'One more' }).click();
    const total = async () =>
      Number((await page.locator('[data-total]').innerText()).replace(/[^0-9.]/g, ''));
    const expected = (Math.round(tent * 100) + 3 * Math.round(mug * 100)) / 100;
    assert.equal(await total(), expected);
    const extra = await ids(row(page, 'goes-well'));
    assert.ok(extra.length > 0);
    assert.equal(ofType(extra, /tent|mug|-cup-/), 0, `${extra}`);
    await page.reload();
    await page.locator('.line').first().waitFor();
    assert.equal(await total(), expected);
    await tallPicture(page, 'cart');
    await page
      .locator('.line')
      .nth(0)
      .getByRole('button', { name: /^Take / })
      .click();
    assert.equal(await total(), (3 * Math.round(mug * 100)) / 100);
  }));

test('filters by brand and price hold, stand in the address, and survive the back button', () =>
  shop(async (page) => {
    const items = JSON.parse(readFileSync(join(root, 'demo/generated/catalogue.json'), 'utf8'));
    const at = (name) => items.fields.indexOf(name);
    await page.getByRole('link', { name: 'Kitchen', exact: true }).click();
    await page.locator('.filters').getByLabel('Brae').check();
    await page.locator('.filters').getByLabel('to').fill('60');
    const expected = items.rows.filter(
      (r) =>
        r[at('category')].startsWith('Kitchen/') &&
        r[at('brand')] === 'Brae' &&
        r[at('price')] <= 60,
    );
    assert.ok(expected.length > 0);
    const shown = await ids(page.locator('[data-grid]'));
    assert.deepEqual([...shown].sort(), expected.map((r) => r[at('id')]).sort());
    await page.locator('.filters').getByLabel('Price', { exact: true }).check();
    const prices = await page.locator('[data-grid] .price').allInnerTexts();
    const available = await page
      .locator('[data-grid] .card:not(:has(.badge)) .price')
      .allInnerTexts();
    assert.equal(prices.length, expected.length);
    const numbers = available.map((text) => Number(text.replace(/[^0-9.]/g, '')));
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
    await grid(page).first().locator('.card-link').click();
    await page.locator('.product').waitFor();
    await page.goBack();
    assert.match(page.url(), /brand=Brae&?/);
    assert.ok(await page.locator('.filters').getByLabel('Brae').isChecked());
    assert.equal(await grid(page).count(), expected.length);
  }));

test('a category shows what is popular in it, best for the visitor first', () =>
  shop(async (page) => {
    await open(page, 'Kitchen', 'Kettles', 3);
    await page
      .getByRole('navigation', { name: 'Breadcrumbs' })
      .getByRole('link', { name: 'Kitchen' })
      .click();
    await page.locator('h1', { hasText: 'Kitchen' }).waitFor();
    assert.ok(ofType((await ids(page.locator('[data-grid]'))).slice(0, 8), /kettle/) >= 4);
    const popular = await ids(row(page, 'popular-kitchen'));
    assert.equal(popular.length, 6);
    assert.equal(ofType(popular, /mug|cup|kettle|pan|bowl/), 6, `${popular}`);
    await picture(page, 'category');
  }));

test('a product page leads on to similar things and to what was viewed before', () =>
  shop(async (page) => {
    const first = await open(page, 'Living', 'Table Lamps', 1);
    await open(page, 'Bags', 'Backpacks', 1);
    await page.getByRole('heading', { name: `Because you viewed ${first}` }).waitFor();
    const similar = await ids(page.locator('[data-row^="similar-"]'));
    assert.equal(similar.length, 8);
    assert.ok(ofType(similar, /pack/) >= 4, `${similar}`);
    await tallPicture(page, 'product');
  }));

test('the panel shows what is known, and "Forget me" forgets all of it', () =>
  shop(async (page) => {
    const fresh = await ids(row(page, 'for-you'));
    const title = await open(page, 'Furniture', 'Chairs');
    await home(page);
    const toggle = page.getByRole('button', { name: 'What this page knows about you' });
    await toggle.click();
    const panel = page.locator('.panel-body');
    await panel.getByText(title).first().waitFor();
    await panel.getByText(/\d+ µs/).waitFor();
    assert.match(await panel.innerText(), /[0-9a-f]{16}/);
    await picture(page, 'panel');
    await panel.getByRole('button', { name: 'Forget me' }).click();
    await panel.getByText('Nothing yet.').waitFor();
    assert.deepEqual(await ids(row(page, 'for-you')), fresh);
    assert.equal(await page.evaluate(() => Object.keys(sessionStorage).length), 0);
  }));

test('ranking takes place in a worker; when that is gone the shop goes on in its own order', () =>
  shop(async (page) => {
    await ids(row(page, 'for-you'));
    const [worker, ...others] = page.workers();
    assert.equal(others.length, 0);
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    assert.ok(!loaded.some((name) => name.endsWith('.wasm')), `${loaded}`);
    await open(page, 'Kitchen', 'Kettles', 3);
    await worker.evaluate(() => globalThis.close());
    const kettles = inOwnOrder().filter(({ category }) => category === 'Kitchen/Kettles');
    const own = kettles.map(({ id }) => id);
    const kinds = page.getByRole('navigation', { name: 'Breadcrumbs' });
    await kinds.getByRole('link', { name: 'Kettles' }).click();
    await page.locator('h1', { hasText: 'Kettles' }).waitFor();
    assert.deepEqual(await idsNow(page.locator('[data-grid]')), own.slice(0, 36));
    await home(page);
    const first = inOwnOrder().slice(0, 10);
    const forYou = await ids(row(page, 'for-you'));
    assert.deepEqual(
      forYou,
      first.map(({ id }) => id),
    );
  }));

test('of two clicks in one go the last one counts', () =>
  shop(async (page) => {
    await ids(row(page, 'for-you'));
    await page.evaluate(() => {
      for (const path of ['/shop/kitchen', '/shop/bags']) {
        document.querySelector(`.departments a[href="${path}"]`).click();
      }
    });
    await page.locator('h1', { hasText: 'Bags' }).waitFor();
    await inPage(page, settled);
    assert.equal(await page.locator('h1').innerText(), 'Bags');
    assert.equal(page.url(), `${url}/shop/bags`);
    await page.goBack();
    await page.locator('h1', { hasText: 'Kitchen' }).waitFor();
  }));

test('pictures are drawn once they are near, and move nothing', () =>
  shop(
    async (page) => {
      await ids(page.locator('[data-grid]'));
      await page.evaluate(watchShifts);
      const places = (drawn) => page.locator(`.grid img${drawn ? '[src]' : ':not([src])'}`);
      await places(true).nth(9).waitFor();
      assert.ok((await places(false).count()) >= 6);
      await page.locator('.grid .card').last().scrollIntoViewIfNeeded();
      await grid(page).last().locator('img[src]').waitFor();
      assert.deepEqual(await page.evaluate(() => shifts.map(({ value }) => value)), []);
      await page.getByRole('link', { name: 'Fennimore', exact: true }).click();
      await page.locator('.hero').waitFor();
      await page.goBack();
      await page.locator('h1', { hasText: 'Kitchen' }).waitFor();
      // At once: they have been drawn before.
      assert.ok((await places(true).count()) >= 12);
    },
    { path: '/shop/kitchen' },
  ));

test('an address that leads nowhere says so', () =>
  shop(
    async (page) => {
      assert.equal(await page.locator('h1').innerText(), 'This product is not in the shop');
      await page.getByRole('link', { name: 'Back to the shop window' }).click();
      await page.locator('.hero').waitFor();
    },
    { path: '/item/no-such-thing' },
  ));

test('nothing sticks out sideways on a phone, and every picture has a text', () =>
  shop(
    async (page) => {
      for (const path of ['/', '/shop/kitchen', '/search?q=oak', '/cart']) {
        await page.locator('html[data-ranking]').waitFor({ state: 'attached' });
        await page.goto(url + path);
        await page.locator('html[data-ranking]').waitFor({ state: 'attached' });
        assert.ok(
          await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          path,
        );
        assert.equal(await page.locator('img:not([alt])').count(), 0);
      }
      await page.goto(url);
      await page.locator('.card').first().waitFor();
      await tallPicture(page, 'mobile', { width: 360 });
    },
    { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  ));

test('dark pages are dark', () =>
  shop(
    async (page) => {
      const [r, g, b] = (await page.evaluate(() => getComputedStyle(document.body).backgroundColor))
        .match(/\d+/g)
        .map(Number);
      assert.ok(r + g + b < 150);
      await tallPicture(page, 'dark');
    },
    { colorScheme: 'dark' },
  ));

/** A model that waits until `come` is called. */
function heldBundle() {
  let come;
  const called = new Promise((resolve) => {
    come = resolve;
  });
  return { come, bundle: (route) => called.then(() => route.continue()) };
}

/** The ids of the items in stock, in the shop's own order. */
function inOwnOrder() {
  const { fields, rows } = JSON.parse(
    readFileSync(join(root, 'demo/generated/catalogue.json'), 'utf8'),
  );
  const cell = (name) => (one) => one[fields.indexOf(name)];
  return rows
    .filter(cell('available'))
    .map((one) => ({ id: cell('id')(one), category: cell('category')(one) }));
}

/** Visits the whole shop, which works in its own order. */
async function useWithoutModel(page) {
  const all = inOwnOrder().map(({ id }) => id);
  const kettles = inOwnOrder().filter(({ category }) => category === 'Kitchen/Kettles');
  assert.deepEqual(await idsNow(row(page, 'for-you')), all.slice(0, 10));
  assert.deepEqual(await idsNow(row(page, 'popular')), all.slice(10, 20));
  const title = await open(page, 'Kitchen', 'Kettles', 0);
  const others = kettles.slice(1).map(({ id }) => id);
  assert.deepEqual(await idsNow(page.locator('[data-row^="similar-"]')), others.slice(0, 8));
  await page.getByRole('button', { name: 'Add to cart' }).click();
  assert.equal(await page.locator('[data-count]').innerText(), '1');
  await page.getByRole('searchbox').pressSequentially('kettle');
  await page.locator('h1', { hasText: 'kettle' }).waitFor();
  assert.equal((await idsNow(page.locator('[data-results]')))[0], kettles[0].id);
  await page.getByRole('link', { name: /^Cart/ }).click();
  await page.locator('.line', { hasText: title }).waitFor();
  const extra = await idsNow(row(page, 'goes-well'));
  assert.equal(extra.length, 8);
  assert.equal(ofType(extra, /kettle/), 0, `${extra}`);
  await home(page);
  await page.getByRole('heading', { name: `Because you viewed ${title}` }).waitFor();
  return title;
}

test('before its model is there the whole shop works in its own order, and takes the other then', () => {
  const { come, bundle } = heldBundle();
  return shop(
    async (page) => {
      const title = await useWithoutModel(page);
      assert.equal(await page.locator('html[data-ranking]').count(), 0);
      const own = await idsNow(row(page, 'for-you'));
      come();
      const then = await ids(row(page, 'for-you'));
      assert.notDeepEqual(then, own);
      const why = await row(page, 'for-you').locator('.why').allInnerTexts();
      assert.ok(why.includes(`Because you added ${title}`), `${why}`);
    },
    { bundle },
  );
});

for (const [width, path, place] of [
  [1360, '/', '[data-row="for-you"]'],
  [1360, '/shop/kitchen', '[data-grid]'],
  [390, '/', '[data-row="for-you"]'],
  [1360, '/search?q=ash', '[data-results]'],
  [1360, '/item/oak-armchair-0561', '[data-row^="similar-"]'],
  [390, '/item/oak-armchair-0561', '[data-row="for-you"]'],
]) {
  test(`the model moves nothing on the page when it takes the lists of ${path}, ${width} pixels wide`, () => {
    const { come, bundle } = heldBundle();
    return shop(
      async (page) => {
        await inPage(page, settled);
        const own = await idsNow(page.locator(place));
        await page.evaluate(watchShifts);
        come();
        assert.notDeepEqual(await ids(page.locator(place)), own);
        await inPage(page, settled);
        const moved = await page.evaluate(() => shifts.map(({ value }) => value));
        assert.deepEqual(moved, []);
        const shelves = await page
          .locator('.shelf')
          .evaluateAll((all) => all.map((shelf) => shelf.scrollLeft));
        assert.ok(
          shelves.every((left) => left === 0),
          `${shelves}`,
        );
      },
      // High enough that all of it is in view, so that every shift counts.
      { path, bundle, viewport: { width, height: 3000 } },
    );
  });
}

for (const [what, answer, reason] of [
  ['does not come', { status: 404 }, 'the bundle did not arrive (404)'],
  ['is damaged', { status: 200, body: 'no bundle' }, 'bundle: this is no bundle'],
]) {
  test(`when its model ${what} the shop goes on in its own order and says why`, () =>
    shop(
      async (page) => {
        await page.locator('html[data-ranking="off"]').waitFor({ state: 'attached' });
        await useWithoutModel(page);
        await page.getByRole('button', { name: 'What this page knows about you' }).click();
        const panel = page.locator('.panel-body');
        await panel.getByText(`Ranking is off: ${reason}`).waitFor();
        await panel.getByRole('button', { name: 'Forget me' }).click();
        await panel.getByText('Nothing yet.').waitFor();
      },
      { bundle: (route) => route.fulfill(answer), expected: /404|\.vitrine net::ERR_ABORTED/ },
    ));
}

test('a message goes with the page that it was shown on', () =>
  shop(async (page) => {
    await page.locator('[data-row="popular"] .card-link').first().click();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    const message = page.locator('#announce');
    await page.locator('#announce.toast', { hasText: 'is in your cart' }).waitFor();
    await page.getByRole('link', { name: 'Fennimore', exact: true }).click();
    await page.locator('.hero').waitFor();
    assert.equal(await message.getAttribute('class'), 'quiet');
    assert.match(await message.textContent(), /^Fennimore/);
  }));
