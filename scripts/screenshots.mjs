// Takes the pictures of README.md anew: the demo shop after a visit, and the report of a made-up experiment. Needs
// build/release/vitrine and demo/dist (`make native demo/dist/index.html`), and Chromium.
// usage: node scripts/screenshots.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createShopServer } from '../demo/scripts/serve.mjs';
import { launch, opened, root } from '../tests/browser/harness.mjs';

const images = join(root, 'docs/images');
const work = join(root, 'build/screenshots');
const most = 150_000;

/** Writes what the window shows as docs/images/NAME.webp; throws when the file is too large for a README. */
async function take(page, name) {
  await page.evaluate(() => document.fonts.ready);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > most) throw new Error(`${name}.webp has ${bytes.length} bytes`);
  writeFileSync(join(images, `${name}.webp`), bytes);
  console.log(`docs/images/${name}.webp: ${bytes.length.toLocaleString('en')} bytes`);
}

/** The home page after a visitor looked at three products, with the panel that shows what the browser keeps. */
async function takeShop(browser) {
  const server = await opened(createShopServer());
  const page = await browser.newPage({
    viewport: { width: 1280, height: 860 },
    reducedMotion: 'reduce',
  });
  await page.goto(server.url);
  await page.locator('html[data-ranking]').waitFor({ state: 'attached' });
  for (const department of ['Furniture', 'Living', 'Kitchen']) {
    await page
      .getByRole('navigation', { name: 'Departments' })
      .getByRole('link', { name: department })
      .click();
    await page.locator('h1', { hasText: department }).waitFor();
    await page.locator('.grid .card-link').nth(3).click();
    await page.locator('.product h1').waitFor();
  }
  await page.getByRole('link', { name: 'Fennimore', exact: true }).click();
  const list = page.locator('[data-row="for-you"]');
  await page.getByRole('button', { name: 'What this page knows about you' }).click();
  await page.locator('.panel-body').getByText(/µs/).waitFor();
  await list.evaluate((element) => {
    // Below the shop's header, which stays in place.
    scrollTo(0, element.getBoundingClientRect().top + scrollY - 110);
  });
  await page.waitForFunction(() => !document.querySelector('main [aria-busy]'));
  await page.waitForFunction(() =>
    [...document.images].every((image) => {
      const { top } = image.getBoundingClientRect();
      return top > innerHeight || (image.complete && image.src);
    }),
  );
  await take(page, 'shop');
  await page.close();
  await server.close();
}

/** The report of an experiment whose treatment is better, on a log of `vitrine simulate`. */
async function takeReport(browser) {
  const vitrine = (...args) =>
    execFileSync(join(root, 'build/release/vitrine'), args, { cwd: work });
  const write = (name, value) => writeFileSync(join(work, name), JSON.stringify(value));
  const variations = ['control', 'bold'];
  write('effects.json', {
    experiments: [{ key: 'blend', variations, hashVersion: 2 }],
    effects: [{ experiment: 'blend', variation: 'bold', conversion: 0.3, clicks: 0.3 }],
    list: { items: 6 },
  });
  write('blend.json', {
    experiment: 'blend',
    variations,
    metrics: [
      { name: 'conversion', event: 'purchase' },
      { name: 'clicks', type: 'sum', event: 'select_item' },
    ],
  });
  const shop = ['--shoppers', '6000', '--products', '200', '--days', '28'];
  vitrine('simulate', ...shop, '--experiments', 'effects.json', '--out', '.');
  const log = ['--events', 'events.csv', '--events', 'exposures.jsonl'];
  const report = ['--config', 'blend.json', '--report', 'report.html'];
  vitrine('experiment', 'analyze', ...log, ...report);
  const page = await browser.newPage({ viewport: { width: 1040, height: 630 } });
  await page.goto(pathToFileURL(join(work, 'report.html')).href);
  const goal = page.getByRole('heading', { name: 'conversion' });
  await goal.evaluate((element) => scrollTo(0, element.getBoundingClientRect().top - 24));
  await take(page, 'experiment');
  await page.close();
}

mkdirSync(images, { recursive: true });
mkdirSync(work, { recursive: true });
const browser = await launch();
try {
  await takeShop(browser);
  await takeReport(browser);
} finally {
  await browser.close();
}
