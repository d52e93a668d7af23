// No tab sends an event that the shopper has erased, or that is too old, however late it hears of it.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { browserName, until } from './harness.mjs';
import { openShop, openTab } from './shop_tab.mjs';

/** RUNS=50 repeats each way of leaving so often. */
const runs = Number(process.env.RUNS ?? 3);
const path = '/delivering';
const day = 24 * 3600_000;
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

const view = (tab, ids) =>
  tab.live((vitrine, ids) => {
    for (const id of ids) vitrine.track('view_item', { items: [{ item_id: id }] });
  }, ids);
const waiting = async (tab) => (await tab.live((vitrine) => vitrine.export())).waiting.length;
const state = (tab) => tab.live((vitrine) => vitrine.consent.state);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Two tabs with consent; the second has three events that wait. */
async function twoTabs() {
  const first = await openTab(shop, visitor, { path });
  await first.live((vitrine) => vitrine.consent.grant());
  const second = await openTab(shop, visitor, { path });
  await until(async () => (await state(second)) === 'granted');
  await view(second, ['jug', 'lamp', 'teapot']);
  return [first, second];
}

/** Opens another page, which would send whatever is stored. */
async function nextPage() {
  const next = await openTab(shop, visitor, { path });
  await next.live((vitrine) => vitrine.export());
  await next.live((vitrine) => vitrine.flush());
  await next.page.close();
}

const lifecycle = async (page, state) =>
  (await page.context().newCDPSession(page)).send('Page.setWebLifecycleState', { state });

/** The ways in which the second tab leaves after the erasure, with the steps before. */
const leavings = {
  closed: { leave: ({ page }) => page.close({ runBeforeUnload: true }) },
  'sent to another page': { leave: ({ page }) => page.goto('about:blank') },
  hidden: {
    leave: ({ page }) =>
      page.evaluate(() => {
        Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
        document.dispatchEvent(new Event('visibilitychange'));
      }),
  },
  'offline, then online': {
    early: ({ page }) => page.context().setOffline(true),
    leave: async ({ page }) => {
      await page.context().setOffline(false);
      await page.evaluate(() => dispatchEvent(new Event('online')));
    },
  },
  'asked to send': { leave: (tab) => tab.live((vitrine) => vitrine.flush()) },
  ...(browserName === 'Chromium' && {
    'frozen, then thawed': {
      early: ({ page }) => lifecycle(page, 'frozen'),
      leave: async (tab) => {
        await lifecycle(tab.page, 'active');
        await tab.live((vitrine) => vitrine.flush());
      },
    },
    'frozen, then closed': {
      early: ({ page }) => lifecycle(page, 'frozen'),
      leave: ({ page }) => page.close({ runBeforeUnload: true }),
    },
  }),
};

describe('erase() in one tab', () => {
  for (const [name, { early, leave }] of Object.entries(leavings)) {
    test(`holds for another that is ${name}`, async () => {
      for (let run = 0; run < runs; run++) {
        const [first, second] = await twoTabs();
        await early?.(second);
        await first.live((vitrine) => vitrine.erase());
        shop.endpoint.clear(); // what was on its way before the erasure cannot be called back
        await leave(second);
        await pause(200);
        await nextPage();
        await pause(100);
        assert.deepEqual(shop.endpoint.items(), [], `run ${run}`);
        await visitor.close();
        visitor = await shop.newVisitor();
      }
    });
  }

  test('empties what another holds, and takes nothing of what comes after', async () => {
    const [first, second] = await twoTabs();
    await first.live((vitrine) => vitrine.erase());
    await until(async () => (await waiting(second)) === 0);
    const { history } = await second.live((vitrine) => vitrine.export());
    assert.deepEqual(history, []);
    await view(second, ['mug-blue']);
    await second.page.close({ runBeforeUnload: true });
    await until(() => shop.endpoint.items().length > 0);
    assert.deepEqual(shop.endpoint.items(), ['mug-blue']);
    assert.equal(await state(first), 'granted');
  });

  test('holds for events that waited for consent', async () => {
    const first = await openTab(shop, visitor, { path });
    const second = await openTab(shop, visitor, { path });
    await view(second, ['jug']);
    await first.live((vitrine) => vitrine.erase());
    await first.live((vitrine) => vitrine.consent.grant());
    await until(async () => (await state(second)) === 'granted');
    await second.live((vitrine) => vitrine.flush());
    await second.page.close({ runBeforeUnload: true });
    await nextPage();
    assert.deepEqual(shop.endpoint.items(), []);
  });

  test('holds for what a tab that heard of it late has written', async () => {
    const [first, second] = await twoTabs();
    await waiting(second);
    const late = await second.page.evaluate(async () => {
      const opened = await new Promise((resolve) => {
        const request = indexedDB.open('vitrine');
        request.onsuccess = () => resolve(request.result);
      });
      return new Promise((resolve) => {
        const request = opened.transaction('outbox').objectStore('outbox').getAll();
        request.onsuccess = () => {
          opened.close();
          resolve(request.result);
        };
      });
    });
    assert.equal(late.length, 3);
    await first.live((vitrine) => vitrine.erase());
    shop.endpoint.clear();
    await first.page.evaluate(putRecords, late);
    await nextPage();
    assert.deepEqual(shop.endpoint.items(), []);
  });

  test('and a refusal hold for a frozen tab, also when consent is given again', async () => {
    const [first, second] = await twoTabs();
    await second.page.evaluate(() => {
      // No event of the browser tells this tab of anything.
      for (const name of ['storage', 'message']) {
        addEventListener(name, (event) => event.stopImmediatePropagation(), true);
      }
    });
    await first.live((vitrine) => vitrine.consent.deny());
    await first.live((vitrine) => vitrine.consent.grant());
    await first.live((vitrine) => vitrine.export());
    shop.endpoint.clear();
    await second.page.goto('about:blank');
    await nextPage();
    await pause(100);
    assert.deepEqual(shop.endpoint.items(), []);
  });
});

/** Puts records into the outbox; it runs in the page. */
async function putRecords(records) {
  const opened = await new Promise((resolve) => {
    const request = indexedDB.open('vitrine');
    request.onsuccess = () => resolve(request.result);
  });
  await new Promise((resolve) => {
    const transaction = opened.transaction('outbox', 'readwrite');
    for (const record of records) {
      transaction.objectStore('outbox').put({ ...record, ...(record.big && { big: 10n }) });
    }
    transaction.oncomplete = resolve;
  });
  opened.close();
}

describe('waiting events', () => {
  /** A page with consent, whose store then gets these records. */
  async function withRecords(records) {
    const tab = await openTab(shop, visitor, { path });
    await tab.live((vitrine) => vitrine.consent.grant());
    await tab.live((vitrine) => vitrine.export());
    await tab.page.evaluate(putRecords, records);
    await tab.page.close();
  }
  const record = (id, time, more = {}) => ({
    id,
    event: 'view_item',
    time,
    items: [{ item_id: id }],
    ...more,
  });

  test('older than three days are not sent, in whatever order a page finds them', async () => {
    const now = Date.now();
    const ages = { old: 3.1, ahead: -1.1, older: 10, young: 2.9, 'a bit ahead': -0.9 };
    const records = Object.entries(ages).map(([id, age]) => record(id, now - age * day));
    await withRecords(records);
    shop.pages['/queue.js'] = {
      ...shop.pages['/queue.js'],
      body: shop.pages['/queue.js'].body.replace(
        "live.record({ item: 'mug-red' })",
        "live.track('view_item', { items: [{ item_id: 'now' }] })",
      ),
    };
    const tab = await openTab(shop, visitor, { path });
    await tab.live((vitrine) => vitrine.flush());
    await until(() => shop.endpoint.items().length >= 3);
    await tab.page.close({ runBeforeUnload: true });
    assert.deepEqual(shop.endpoint.items().toSorted(), ['a bit ahead', 'now', 'young']);
  });

  test('that another script stored do not hold up the others', async () => {
    const now = Date.now();
    await withRecords([
      record('big', now, { big: true }),
      { id: 'empty' },
      { id: 'long', event: 'x', time: now, text: 'x'.repeat(50_000) },
      { id: 'timeless', event: 'x', time: 'today' },
      record('good', now),
    ]);
    const tab = await openTab(shop, visitor, { path });
    await tab.live((vitrine) => vitrine.flush());
    await until(() => shop.endpoint.items().includes('good'));
    const sent = shop.endpoint.events.map(({ id }) => id);
    for (const id of ['big', 'empty', 'long', 'timeless']) assert.ok(!sent.includes(id), id);
    await tab.live((vitrine) => vitrine.export());
    const left = await tab.page.evaluate(
      () =>
        new Promise((resolve) => {
          indexedDB.open('vitrine').onsuccess = ({ target: { result } }) => {
            const request = result.transaction('outbox').objectStore('outbox').getAllKeys();
            request.onsuccess = () => resolve(request.result);
          };
        }),
    );
    assert.deepEqual(left, []);
  });
});

describe('storage that another page changes', () => {
  test('a cleared localStorage takes the answer back', async () => {
    const [first, second] = await twoTabs();
    await first.page.evaluate(() => localStorage.clear());
    await until(async () => (await state(second)) === 'pending');
    assert.equal(await state(first), 'granted', 'a tab does not hear of its own');
    await view(first, ['jug']);
    assert.equal(await state(first), 'pending', 'but looks before it stores');
  });

  test('a deleted database is opened again', async () => {
    const tab = await openTab(shop, visitor);
    await tab.live((vitrine) => vitrine.consent.grant());
    await tab.live((vitrine) => vitrine.export());
    await tab.page.evaluate(
      () =>
        new Promise((resolve) => {
          indexedDB.deleteDatabase('vitrine').onsuccess = resolve;
        }),
    );
    await view(tab, ['jug']);
    await tab.live((vitrine) => vitrine.export());
    assert.deepEqual(await tab.errors(), []);
    await tab.page.close();
    const next = await openTab(shop, visitor);
    await next.live((vitrine) => vitrine.export());
    const items = await next.live((vitrine) => vitrine.history.map(({ item }) => item));
    assert.ok(items.includes('jug'));
  });

  test('a flood on the channel changes the history no more than 100 events could', async () => {
    const tab = await openTab(shop, visitor);
    await tab.live((vitrine) => vitrine.consent.grant());
    await tab.live((vitrine) => vitrine.export());
    await tab.page.evaluate(() => {
      const channel = new BroadcastChannel('vitrine');
      const event = (more) => ({
        id: `${Math.random()}`,
        item: 'jug',
        type: 'view',
        time: Date.now(),
        ...more,
      });
      channel.postMessage(Array.from({ length: 20_000 }, () => event()));
      channel.postMessage([
        event({ item: 'x'.repeat(2_000_000) }),
        event({ type: 'constructor' }),
        event({ time: Number.NaN }),
        event({ id: 'x'.repeat(2_000_000) }),
        null,
      ]);
      channel.postMessage({ erased: 'x', dropped: -1 });
    });
    await until(async () => (await tab.live((vitrine) => vitrine.history.length)) === 100);
    await pause(100);
    const odd = await tab.live((vitrine) =>
      vitrine.history.filter(
        ({ id, item, type }) => id.length > 1024 || item.length > 1024 || type === 'constructor',
      ),
    );
    assert.deepEqual(odd, []);
  });

  test('50,000 events at once are stored in short tasks', async () => {
    const tab = await openTab(shop, visitor, { path });
    shop.endpoint.status = 503;
    await tab.live((vitrine) => vitrine.consent.grant());
    await tab.live((vitrine) => vitrine.export());
    const { kept } = await tab.live(async (vitrine) => {
      for (let i = 0; i < 50_000; i++) {
        vitrine.track('view_item', { items: [{ item_id: `item-${i}` }] });
      }
      const { waiting } = await vitrine.export();
      return { kept: waiting.length };
    });
    assert.equal(kept, 10_000);
  });
});
