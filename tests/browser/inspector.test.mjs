import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openShop, openTab } from './shop_tab.mjs';

let shop;
before(async () => {
  shop = await openShop();
});
after(() => shop?.close());

test('the inspector opens on request alone, and tells why each item is where it is', async () => {
  const visitor = await shop.newVisitor();
  const scripts = [];
  visitor.on('request', (request) => scripts.push(new URL(request.url()).pathname));
  const plain = await openTab(shop, visitor);
  await plain.page.waitForTimeout(300);
  assert.ok(!scripts.includes('/package/inspector.js'));

  const { page, live, exceptions, errors } = await openTab(shop, visitor, {
    path: '/?vitrine_debug',
  });
  const inspector = page.getByRole('region', { name: 'Vitrine inspector' });
  await inspector.waitFor();
  await live((vitrine) => {
    vitrine.slot('home', { limit: 2, rules: [{ name: 'sale', items: ['jug'], boost: 50 }] });
    vitrine.record({ item: '<b>lamp</b>' });
  });
  await inspector.getByText('mug-blue').waitFor();
  const text = await inspector.evaluate((host) => host.shadowRoot.textContent);
  assert.match(text, /jug [\d.]+ rule sale [\d.]+/);
  assert.match(text, /session mug-red/);
  assert.match(text, /one ranking\d+ µs/);
  await inspector.getByText('Session', { exact: true }).press('Enter');
  await inspector.getByText('view <b>lamp</b>').waitFor();
  await page.keyboard.press('Escape');
  await inspector.waitFor({ state: 'detached' });
  assert.deepEqual([exceptions, await errors()], [[], []]);
});
