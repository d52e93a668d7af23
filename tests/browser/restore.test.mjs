// A page that the browser keeps for a way back is shown again with consent too, and knows what other pages did.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { browserName, root, until } from './harness.mjs';
import { scriptPage } from './shop_files.mjs';
import { openShop } from './shop_tab.mjs';

let shop;
let visitor;
let page;

before(async () => {
  shop = await openShop({ keepsPages: true, headers: { 'Cache-Control': 'max-age=0' } });
  const transport = `data-transport="${shop.endpoint.url}/events"`;
  shop.pages['/list'] = scriptPage(transport);
  shop.pages['/list'].body += `<script type="module" src="/list.js"></script>
<vitrine-list slot-name="home" limit="2"><template><b data-text="id"></b></template></vitrine-list>`;
  shop.pages['/list.js'] = {
    type: 'text/javascript; charset=utf-8',
    body: `import { defineListElement } from '/package/element.js';
vitrine.push((live) => defineListElement(live));
globalThis.render = ({ items }) => { window.rendered = items.map(({ id }) => id); };
vitrine.push(() => import('/way_back.js'));
addEventListener('pageshow', ({ persisted }) => { window.kept = persisted; });`,
  };
  shop.pages['/way_back.js'] = {
    type: 'text/javascript; charset=utf-8',
    body: readFileSync(join(root, 'tests/browser/guides/way_back.js'), 'utf8'),
  };
  shop.pages['/product'] = scriptPage(transport);
});
after(() => shop?.close());
beforeEach(async () => {
  shop.endpoint.clear();
  visitor = await shop.newVisitor();
  page = await visitor.newPage();
});
afterEach(() => visitor.close());

const live = (work, argument) =>
  page.evaluate(`(${work})(window.vitrine, ${JSON.stringify(argument)})`);
const opened = () =>
  page.evaluate(async () => {
    const vitrine = await new Promise((resolve) => window.vitrine.push(resolve));
    await vitrine.ready;
    await vitrine.export();
  });
const view = (item) =>
  live((vitrine, item) => {
    vitrine.track('view_item', { items: [{ item_id: item }] });
    return vitrine.export();
  }, item);
const history = () => live((vitrine) => vitrine.history.map(({ item }) => item));
const drawn = () =>
  page.evaluate(() => [...document.querySelectorAll('vitrine-list b')].map((b) => b.textContent));

/** Opens the list with an answer, does `meanwhile` on a product page, and goes back. */
async function thereAndBack(answer, meanwhile) {
  await page.goto(`${shop.url}/list`);
  await opened();
  await live((vitrine, answer) => vitrine.consent[answer]?.(), answer);
  await view('jug');
  const before = await drawn();
  await page.goto(`${shop.url}/product`);
  await opened();
  await meanwhile();
  await page.goBack({ waitUntil: 'commit' });
  await until(() => page.evaluate(() => window.kept === true));
  await live((vitrine) => vitrine.export());
  return before;
}

describe('a page that is shown again', { skip: browserName !== 'Chromium' }, () => {
  for (const answer of ['none', 'grant', 'deny']) {
    test(`was kept by the browser, with the answer ${answer}`, async () => {
      await thereAndBack(answer, async () => {
        await view('lamp');
        await view('teapot');
      });
      const reasons = await page.evaluate(
        () => performance.getEntriesByType('navigation')[0].notRestoredReasons ?? null,
      );
      assert.equal(reasons, null);
      const here = ['mug-red', 'jug'];
      const all = [...here, 'mug-red', 'lamp', 'teapot'];
      assert.deepEqual(await history(), answer === 'grant' ? all : here);
    });
  }

  test('draws its lists from the newest history', async () => {
    const before = await thereAndBack('grant', () => view('teapot'));
    assert.deepEqual(before, ['mug-blue', 'teapot']);
    await until(async () => !(await drawn()).includes('teapot'));
    assert.equal((await drawn()).length, 2);
    const rendered = await page.evaluate(() => window.rendered);
    assert.ok(rendered.length > 0 && !rendered.includes('teapot'));
  });

  test('stores and shares again', async () => {
    await thereAndBack('grant', () => view('lamp'));
    await view('teapot');
    const other = await visitor.newPage();
    await other.goto(`${shop.url}/product`);
    await until(() =>
      other.evaluate(() => window.vitrine.history?.some(({ item }) => item === 'teapot')),
    );
    await other.evaluate(() => window.vitrine.record({ item: 'from-another-tab' }));
    await until(async () => (await history()).includes('from-another-tab'));
  });

  test('obeys a refusal of meanwhile, and stores and sends nothing', async () => {
    shop.endpoint.status = 503;
    await thereAndBack('grant', () => live((vitrine) => vitrine.consent.deny()));
    shop.endpoint.clear();
    assert.equal(await live((vitrine) => vitrine.consent.state), 'denied');
    await view('lamp');
    await live((vitrine) => vitrine.flush());
    const databases = () => page.evaluate(async () => (await indexedDB.databases()).length);
    await until(async () => (await databases()) === 0);
    await page.goto(`${shop.url}/product`);
    await opened();
    assert.equal(await databases(), 0);
    assert.deepEqual(shop.endpoint.items(), []);
  });

  test('forgets what was erased meanwhile, and sends nothing of it', async () => {
    shop.endpoint.status = 503;
    await thereAndBack('grant', () => live((vitrine) => vitrine.erase()));
    shop.endpoint.clear();
    assert.deepEqual(await history(), []);
    await live((vitrine) => vitrine.flush());
    await view('lamp');
    await page.goto(`${shop.url}/product`);
    await opened();
    const viewed = () => shop.endpoint.events.filter(({ event }) => event === 'view_item');
    await until(() => viewed().length > 0);
    const items = viewed().flatMap((event) => event.items.map(({ item_id }) => item_id));
    assert.deepEqual([...new Set(items)], ['lamp']);
  });

  test('has the consent that was given meanwhile', async () => {
    await thereAndBack('none', () => live((vitrine) => vitrine.consent.grant()));
    assert.equal(await live((vitrine) => vitrine.consent.state), 'granted');
    await until(() => shop.endpoint.items().includes('jug'));
  });
});
