// The sample shop that `vitrine demo` serves.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { answer } from '../../js/cli/demo.mjs';
import { launch, opened, until, watch } from './harness.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('the sample shop', () => {
  let browser;
  let server;
  let page;
  let problems;

  before(async () => {
    server = await opened(createServer(answer));
    browser = await launch();
    page = await browser.newPage();
    problems = watch(page);
    await page.goto(server.url);
    await until(
      async () => (await heading()) === 'Popular now' && (await titles('home')).length === 6,
    );
    await until(() =>
      page
        .locator('#time')
        .innerText()
        .then((text) => text.endsWith(' ms')),
    );
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    assert.deepEqual(problems, []);
  });

  const heading = () => page.locator('#home-heading').innerText();
  const titles = (list) => page.locator(`#${list} strong`).allInnerTexts();

  test('ranks its lists anew for each product that is opened, without a request', async () => {
    const requests = [];
    const note = (request) => request.url().startsWith('data:') || requests.push(request.url());
    page.on('request', note);
    const popular = await titles('home');
    await page.locator('#all .card').nth(2).click();
    assert.equal(await heading(), 'For you');
    const first = await titles('home');
    assert.notDeepEqual(first, popular);
    assert.equal((await titles('similar')).length, 6);
    await page.locator('#similar .card').nth(3).click();
    assert.notDeepEqual(await titles('home'), first);
    assert.equal(await page.locator('#events').innerText(), '2');
    page.off('request', note);
    assert.deepEqual(requests, []);
    assert.equal(await page.locator('#requests').innerText(), '0');
  });

  test('shows the products of the category that is chosen, and forgets the visit', async () => {
    await page.selectOption('#category', 'Kitchen/Mugs');
    const mugs = await titles('all');
    assert.ok(mugs.length > 5 && mugs.every((title) => /Mug|Cup/.test(title)), mugs.join());
    await page.click('#forget');
    await until(async () => (await heading()) === 'Popular now');
    assert.equal(await page.locator('#product').isVisible(), false);
  });

  test('has no fault of accessibility that axe finds', async () => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(
      violations.map(({ id }) => id),
      [],
    );
  });
});
