// The personalizer in a worker, beside the one in the page.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, serve } from './harness.mjs';
import { shopBundle, shopOverlay } from './shop_files.mjs';

const experiments = JSON.stringify({
  experiments: [{ key: 'hero', variations: ['control', 'bold'] }],
});
const damaged = shopBundle('lamp');
damaged[200] ^= 1;
const file = (body) => ({ body: Buffer.from(body), type: 'application/octet-stream' });
const html = '<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">';
let browser;
let server;
let page;
before(async () => {
  browser = await launch();
  server = await serve({
    mounts: { '/package/': 'js/dist' },
    pages: {
      '/shop/': { body: html, type: 'text/html; charset=utf-8' },
      '/shop/shop.vitrine': file(shopBundle('teapot', { experiments })),
      '/shop/damaged.vitrine': file(damaged),
      '/shop/plain.vitrine': file(shopBundle('teapot')),
      '/shop/now.overlay': file(shopOverlay('lamp', 'teapot', { added: [{ id: 'new' }] })),
      '/shop/other.overlay': file(shopOverlay('jug', 'lamp')),
    },
  });
  page = await browser.newPage();
  await page.goto(`${server.url}/shop/`);
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** The script of the test pages. Its `create` collects the codes of errors. */
const tools = () =>
  page.evaluateHandle(async () => {
    const { createWorkerPersonalizer } = await import('/package/worker.js');
    const { createPersonalizer } = await import('/package/index.browser.js');
    const errors = [];
    const shared = { bundle: 'shop.vitrine', onError: ({ code }) => errors.push(code) };
    const create = (options) => createWorkerPersonalizer({ ...shared, ...options });
    const failure = (options) =>
      create(options).then(
        () => 'none',
        (error) => [error.name, error.code, error.status ?? null],
      );
    return { create, createPersonalizer, errors, failure };
  });
const inPage = async (work) => (await tools()).evaluate(work);

describe('the personalizer in a worker', () => {
  test('answers as the one in the page', async () => {
    const [there, here] = await inPage(async ({ create, createPersonalizer }) => {
      const visitorId = 'visitor-1';
      const time = Date.now();
      const answers = async (vitrine) => [
        vitrine.info,
        await vitrine.record({ item: 'mug-red', time }),
        await vitrine.record({ item: 'unknown' }),
        typeof vitrine.history === 'function' ? await vitrine.history() : vitrine.history,
        await vitrine.recommend({ limit: 3 }),
        await vitrine.rerank(['new', 'jug', 'mug-blue', 'jug']),
        await vitrine.similar('lamp', { exclude: ['jug'] }),
        await vitrine.popular({ limit: 2, explain: false }),
        await vitrine.experiment('hero'),
        await vitrine.clear(),
        await vitrine.recommend({ limit: 2 }),
      ];
      const worker = await create({ visitorId });
      const there = await answers(worker);
      worker.dispose();
      const here = await answers(await createPersonalizer({ bundle: 'shop.vitrine', visitorId }));
      return [there, here];
    });
    assert.deepEqual(there, here);
    assert.equal(there[4][0].id, 'mug-blue');
    assert.equal(there[8].inExperiment, true);
  });

  test('answers calls in the order in which they were made', async () => {
    const [recorded, first] = await inPage(async ({ create }) => {
      const vitrine = await create();
      return Promise.all([
        vitrine.record({ item: 'mug-red' }),
        vitrine.recommend({ limit: 1 }).then(([{ id }]) => id),
      ]);
    });
    assert.deepEqual([recorded, first], [true, 'mug-blue']);
  });

  test('takes bytes over without a copy', async () => {
    const [id, left] = await inPage(async ({ create }) => {
      const bundle = await (await fetch('shop.vitrine')).arrayBuffer();
      const wasm = await (await fetch('/package/vitrine.wasm')).arrayBuffer();
      const vitrine = await create({ bundle, wasm });
      const [{ id }] = await vitrine.popular();
      return [id, [bundle.byteLength, wasm.byteLength]];
    });
    assert.deepEqual([id, left], ['teapot', [0, 0]]);
  });

  test('takes an overlay in place, and none of another bundle', async () => {
    const [answers, left, errors] = await inPage(async ({ create, errors }) => {
      const overlay = async (name) => (await fetch(name)).arrayBuffer();
      const state = async (vitrine) => [
        vitrine.info.itemCount,
        (await vitrine.popular())[0].id,
        (await vitrine.history()).map(({ item }) => item),
      ];
      const bundle = 'plain.vitrine';
      const vitrine = await create({ bundle });
      const hash = vitrine.info.hash;
      await vitrine.record({ item: 'mug-red' });
      const answers = [await vitrine.apply(await overlay('other.overlay')), await state(vitrine)];
      const now = await overlay('now.overlay');
      const copy = new Uint8Array(now.slice());
      answers.push(await vitrine.apply(now), await state(vitrine));
      answers.push(vitrine.info.hash === hash, await vitrine.apply('overlay'));
      vitrine.dispose();
      answers.push(await state(await create({ bundle, overlay: copy })));
      return [answers, [now.byteLength, copy.byteLength > 0], errors];
    });
    assert.deepEqual(answers, [
      false,
      [5, 'teapot', ['mug-red']],
      true,
      [6, 'lamp', ['mug-red']],
      true,
      false,
      [6, 'lamp', []],
    ]);
    assert.deepEqual(left, [0, true]);
    assert.deepEqual(errors, ['overlay', 'overlay']);
  });

  test('reports exposures in the page, each once', async () => {
    const exposures = await inPage(async ({ create }) => {
      const heard = [];
      const experiments = { onExposure: (exposure) => heard.push(exposure) };
      const vitrine = await create({ visitorId: 'visitor-1', experiments });
      const sent = [await vitrine.expose('hero'), await vitrine.expose('hero')];
      return [sent, heard.map(({ event, unit, experiment }) => [event, unit, experiment])];
    });
    assert.deepEqual(exposures, [[true, false], [['exposure', 'visitor-1', 'hero']]]);
  });

  test('rejects with what is wrong', async () => {
    const failures = await inPage(({ failure }) =>
      Promise.all([
        failure({ bundle: 'damaged.vitrine' }),
        failure({ bundle: 'missing.vitrine' }),
        failure({ worker: new Worker('/package/missing.js', { type: 'module' }) }),
        failure({ experiments: { attributes: { change() {} } } }),
        failure({ signal: AbortSignal.abort() }),
      ]),
    );
    assert.deepEqual(failures, [
      ['VitrineError', 'bundle', 'hash-mismatch'],
      ['VitrineError', 'network', null],
      ['VitrineError', 'worker', null],
      ['VitrineError', 'usage', null],
      ['VitrineError', 'aborted', null],
    ]);
  });

  test('stands odd arguments, and says what is wrong after dispose', async () => {
    const [lists, errors] = await inPage(async ({ create, errors }) => {
      const vitrine = await create();
      const lists = [
        await vitrine.rerank(['jug', 'lamp', 'jug'], { exclude: ['lamp'], filter: () => {} }),
        await vitrine.rerank(undefined),
        await vitrine.popular({ filter: { brand: 'nobody' } }),
        await vitrine.record(null),
      ];
      vitrine.dispose();
      vitrine.dispose();
      lists.push(await vitrine.popular(), await vitrine.rerank(['b', 'a']));
      return [lists, errors];
    });
    const plain = (id) => ({ id, score: 0, reasons: [] });
    assert.deepEqual(lists, [[plain('jug')], [], [], false, [], [plain('b'), plain('a')]]);
    assert.deepEqual(errors, ['usage', 'filter', 'usage', 'disposed', 'disposed']);
  });
});
