// Insights are for shop staff: they run in a page, and a shop's page never loads them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, serve } from './harness.mjs';
import { queueScript, release, scriptPage, shopBundle, shopOrder } from './shop_files.mjs';

let browser;
let server;

before(async () => {
  const pages = { '/': scriptPage(), '/queue.js': queueScript };
  Object.assign(pages, release({ bundle: shopBundle('teapot') }));
  pages['/shop.vitrine'] = { body: shopBundle('teapot'), type: 'application/octet-stream' };
  server = await serve({ mounts: { '/package/': 'js/dist' }, pages });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

test('a shop that ranks, records and assigns loads nothing of insights', async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/`);
  await page.evaluate(async (fallback) => {
    const live = await new Promise((resolve) => window.vitrine.push(resolve));
    await live.ready;
    live.record({ item: fallback[0] });
    live.recommend({ limit: 3, fallback });
    live.experiment('hero');
  }, shopOrder);
  await page.waitForLoadState('networkidle');
  assert.ok(server.requests.some((line) => /vitrine\.[0-9a-f]+\.wasm$/.test(line)));
  assert.deepEqual(
    server.requests.filter((line) => line.includes('insights')),
    [],
  );
  await page.close();
});

test('a page under the strict policy opens a bundle and compares two arms', async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/`);
  const found = await page.evaluate(async () => {
    const { createInsights } = await import('/package/insights.js');
    const insights = await createInsights();
    const bytes = await (await fetch('/shop.vitrine')).arrayBuffer();
    const bundle = insights.openBundle(bytes);
    bundle.verify();
    const { estimate } = insights.compare(
      { units: 1000, conversions: 50 },
      { units: 1000, conversions: 60 },
    );
    return { best: bundle.mostPopular(1), estimate };
  });
  assert.deepEqual(found.best, ['teapot']);
  assert.ok(Math.abs(found.estimate - 0.2) < 1e-12);
  await page.close();
});
