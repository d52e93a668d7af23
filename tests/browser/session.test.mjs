// A browser stores data of a shopper only with consent, in one tab and in several.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { until } from './harness.mjs';
import { openShop, openTab } from './shop_tab.mjs';

let shop;
let visitor;

before(async () => {
  shop = await openShop();
});
after(() => shop?.close());
beforeEach(async () => {
  shop.endpoint.clear();
  visitor = await shop.newVisitor();
});
afterEach(() => visitor.close());

/** Everything that the origin stores, by kind. */
const stored = (page) =>
  page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    cookies: document.cookie,
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
  }));
const nothing = () => ({
  local: [],
  session: [],
  cookies: '',
  databases: [],
  caches: [`vitrine:${shop.url}/r/manifest.json`],
});

const items = (tab) => tab.live((vitrine) => vitrine.history.map(({ item }) => item));
const grant = (tab) => tab.live((vitrine) => vitrine.consent.grant());

describe('the session', () => {
  test('ranks the same with and without consent, and stores nothing without', async () => {
    const lists = [];
    for (const answer of ['none', 'deny', 'grant']) {
      const tab = await openTab(shop, await shop.newVisitor());
      await tab.live((vitrine, answer) => vitrine.consent[answer]?.(), answer);
      lists.push(await tab.live((vitrine) => vitrine.recommend()));
      if (answer !== 'grant') {
        const expected =
          answer === 'deny' ? { ...nothing(), local: ['vitrine.consent'] } : nothing();
        await until(async () => (await stored(tab.page)).databases.length === 0);
        assert.deepEqual(await stored(tab.page), expected);
      }
    }
    assert.equal(lists[0][0].id, 'mug-blue');
    assert.deepEqual(lists[1], lists[0]);
    assert.deepEqual(lists[2], lists[0]);
  });

  test('survives the page with consent, and goes with deny and reset', async () => {
    const first = await openTab(shop, visitor);
    await grant(first);
    await first.live((vitrine) => vitrine.track('add_to_cart', { items: [{ item_id: 'jug' }] }));
    await first.live((vitrine) => vitrine.export());
    await first.page.close();
    const second = await openTab(shop, visitor);
    // The queue of the page records a mug each time.
    await until(async () => (await items(second)).length === 3);
    assert.deepEqual(await items(second), ['mug-red', 'jug', 'mug-red']);
    await second.live((vitrine) => vitrine.consent.deny());
    await until(async () => (await stored(second.page)).databases.length === 0);
    assert.equal((await items(second)).length, 3, 'the session goes on');
    await second.live((vitrine) => vitrine.consent.reset());
    assert.deepEqual(await stored(second.page), nothing());
  });

  test('keeps the time of each event, for the start of a session to be told', async () => {
    const tab = await openTab(shop, visitor);
    const [{ time }] = await tab.live((vitrine) => vitrine.history);
    assert.ok(Math.abs(time - Date.now()) < 60_000);
  });

  test('obeys Global Privacy Control, and Do Not Track on request', async () => {
    const signal = (name, value) => (page) =>
      page.addInitScript(
        ([n, v]) => Object.defineProperty(navigator, n, { value: v }),
        [name, value],
      );
    const state = (tab) => tab.live((vitrine) => vitrine.consent.state);
    const gpc = await openTab(shop, visitor, { prepare: signal('globalPrivacyControl', true) });
    await grant(gpc);
    assert.equal(await state(gpc), 'denied');
    assert.deepEqual(await stored(gpc.page), nothing());
    const dnt = await openTab(shop, visitor, { prepare: signal('doNotTrack', '1') });
    assert.equal(await state(dnt), 'pending');
  });
});

describe('several tabs', () => {
  test('share the history, and lose nothing when both write at once', async () => {
    const tabs = [await openTab(shop, visitor), await openTab(shop, visitor)];
    await grant(tabs[0]);
    await until(async () => (await tabs[1].live((v) => v.consent.state)) === 'granted');
    await Promise.all(
      tabs.map((tab, n) =>
        tab.live(async (vitrine, n) => {
          for (let i = 0; i < 40; i++) {
            vitrine.record({ item: `${n}-${i}` });
            if (i % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
          }
        }, n),
      ),
    );
    for (const tab of tabs) await until(async () => (await items(tab)).length === 82);
    const expected = (await items(tabs[0])).toSorted();
    assert.deepEqual(await items(tabs[1]), await items(tabs[0]), 'in one order');
    for (const tab of tabs) await tab.live((vitrine) => vitrine.export());
    for (const tab of tabs) await tab.page.close();
    const later = await openTab(shop, visitor);
    await until(async () => (await items(later)).length === 83);
    const again = (await items(later)).filter((item) => item !== 'mug-red').toSorted();
    assert.deepEqual(
      again,
      expected.filter((item) => item !== 'mug-red'),
    );
  });

  test('forget together', async () => {
    const tabs = [await openTab(shop, visitor), await openTab(shop, visitor)];
    await grant(tabs[0]);
    await until(async () => (await items(tabs[1])).length === 2);
    await tabs[0].live((vitrine) => vitrine.erase());
    await until(async () => (await items(tabs[1])).length === 0);
    await until(async () => (await items(tabs[0])).length === 0);
    const { history } = await tabs[0].live((vitrine) => vitrine.export());
    assert.deepEqual(history, []);
    assert.equal(await tabs[1].live((vitrine) => vitrine.consent.state), 'granted');
  });
});

describe('delivery', () => {
  const path = '/delivering';
  const view = (tab, ids) =>
    tab.live((vitrine, ids) => {
      for (const id of ids) vitrine.track('view_item', { items: [{ item_id: id }] });
    }, ids);

  test('sends nothing to anybody by default', async () => {
    const tab = await openTab(shop, visitor);
    await grant(tab);
    await view(tab, ['jug', 'lamp']);
    await tab.live((vitrine) => vitrine.flush());
    await tab.page.goto('about:blank');
    assert.equal(shop.endpoint.requests, 0);
  });

  test('waits for consent, and drops what waits when it is denied', async () => {
    const tab = await openTab(shop, visitor, { path });
    await view(tab, ['jug']);
    await tab.live((vitrine) => vitrine.flush());
    assert.equal(shop.endpoint.requests, 0);
    await grant(tab);
    await until(() => shop.endpoint.events.length === 1);
    await tab.live((vitrine) => vitrine.consent.deny());
    await view(tab, ['lamp']);
    await tab.page.goto('about:blank');
    assert.deepEqual(shop.endpoint.items(), ['jug']);
  });

  test('tells of a list that was shown and of what was chosen in it', async () => {
    const tab = await openTab(shop, visitor, { path });
    await grant(tab);
    await tab.live(async (vitrine) => {
      const list = vitrine.slot('home', { limit: 2 });
      vitrine.trackView(list);
      vitrine.trackClick(list, list.items[1].id);
      await vitrine.flush();
    });
    const [shown, chosen] = shop.endpoint.events;
    assert.deepEqual(shown.items, [
      { item_id: 'mug-blue', index: 0 },
      { item_id: 'teapot', index: 1 },
    ]);
    assert.equal(shown.event, 'view_item_list');
    assert.equal(shown.item_list_id, 'home');
    assert.match(shown.bundle, /^[0-9a-f]{16}$/);
    assert.deepEqual(chosen.items, [{ item_id: 'teapot', index: 1 }]);
    assert.equal(chosen.event, 'select_item');
  });

  test('hands over what waits when the page goes away', async () => {
    const tab = await openTab(shop, visitor, { path });
    await grant(tab);
    await tab.live((vitrine) => vitrine.export());
    await view(tab, ['jug', 'lamp']);
    await tab.page.goto('about:blank');
    await until(() => shop.endpoint.items().length === 2);
  });

  test('of a closed tab whose endpoint was away is made up for by the next page', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `item-${i}`);
    shop.endpoint.status = 503;
    const tab = await openTab(shop, visitor, { path });
    await grant(tab);
    await view(tab, ids);
    await tab.live((vitrine) => vitrine.flush());
    await until(async () => (await tab.live((v) => v.export())).waiting.length === 50);
    await tab.page.route('**/events', (route) => route.abort());
    await tab.page.close();
    shop.endpoint.clear();
    await openTab(shop, visitor, { path });
    await until(() => shop.endpoint.items().length === 50);
    assert.deepEqual(shop.endpoint.items().toSorted(), ids.toSorted());
  });

  test('takes turns between tabs', async () => {
    const tabs = [await openTab(shop, visitor, { path }), await openTab(shop, visitor, { path })];
    await grant(tabs[0]);
    await until(async () => (await tabs[1].live((v) => v.consent.state)) === 'granted');
    await Promise.all(tabs.map((tab, n) => view(tab, Array(30).fill(`tab-${n}`))));
    await Promise.all(tabs.map((tab) => tab.live((vitrine) => vitrine.flush())));
    await until(() => shop.endpoint.items().length === 60);
    assert.equal(shop.endpoint.events.length, 60, 'none arrived twice');
  });

  test('arrives once after the endpoint was away, however many tabs know of it', async () => {
    const tabs = [await openTab(shop, visitor, { path }), await openTab(shop, visitor, { path })];
    await grant(tabs[0]);
    await until(async () => (await tabs[1].live((v) => v.consent.state)) === 'granted');
    shop.endpoint.status = 503;
    await view(tabs[0], ['jug', 'lamp']);
    for (const tab of tabs) await tab.live((vitrine) => vitrine.flush());
    const waiting = async (tab) => (await tab.live((vitrine) => vitrine.export())).waiting.length;
    assert.deepEqual([await waiting(tabs[0]), await waiting(tabs[1])], [2, 2]);
    shop.endpoint.clear();
    for (const tab of tabs) await tab.live((vitrine) => vitrine.flush());
    await until(() => shop.endpoint.events.length > 0);
    for (const tab of tabs) await tab.live((vitrine) => vitrine.flush());
    assert.equal(shop.endpoint.events.length, 2);
  });
});
