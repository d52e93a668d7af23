// The demo shop in each browser: that its worker starts there, and ranks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createShopServer } from '../../demo/scripts/serve.mjs';
import { browserName, launch, opened } from './harness.mjs';

let server;
let browser;

before(async () => {
  server = await opened(createShopServer());
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

test(`a view of a stool makes "For you" a list of mostly stools in ${browserName}`, async () => {
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  await page.goto(`${server.url}/shop/furniture/stools`);
  const stools = await page.evaluate(async () => {
    const seen = async (check) => {
      for (const end = Date.now() + 10_000; Date.now() < end; ) {
        const found = check();
        if (found) return found;
        await new Promise(requestAnimationFrame);
      }
      throw new Error(`it did not come to that: ${check}`);
    };
    const stoolsForYou = () => {
      const cards = document.querySelectorAll('[data-row="for-you"]:not([aria-busy]) .card');
      return [...cards].filter(({ dataset }) => dataset.id.includes('stool')).length;
    };
    await seen(() => document.documentElement.dataset.ranking === 'on');
    (await seen(() => document.querySelector('.grid .card img[src]'))).closest('a').click();
    await seen(() => document.querySelector('.product'));
    document.querySelector('.logo').click();
    await seen(() => document.querySelector('.hero img[src]'));
    // A row is ranked once it is near.
    document.querySelector('[data-row="for-you"]').scrollIntoView();
    return seen(() => stoolsForYou() >= 5 && stoolsForYou());
  });
  assert.ok(stools >= 5, `${stools}`);
  assert.deepEqual(problems, []);
});
