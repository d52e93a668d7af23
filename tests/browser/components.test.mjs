// The element, the React hooks and the Vue composables in a real page.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { browserName, launch, root, serve, until, watch } from './harness.mjs';
import { release, shopBundle, shopOrder } from './shop_files.mjs';

const js = join(root, 'js');
const { build } = await import(join(js, 'node_modules/esbuild/lib/main.js'));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const html = (body) => ({
  type: 'text/html; charset=utf-8',
  body: `<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/shop.css"></head><body><main><h1>Shop</h1>${body}</main></body></html>`,
});
const script = (body) => ({ type: 'text/javascript; charset=utf-8', body });

let browser;
let server;
let page;
let problems;
const pages = { ...release({ bundle: shopBundle('teapot') }) };

before(async () => {
  browser = await launch();
  const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src data:";
  server = await serve({ mounts: { '/package/': 'js/dist' }, pages, policy });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function visit(path, prepare = async () => {}) {
  await page?.close();
  page = await browser.newPage();
  problems = watch(page);
  await prepare(page);
  await page.goto(server.url + path);
}
const idsIn = (selector) =>
  page.evaluate(
    (places) => Array.from(document.querySelectorAll(places), ({ dataset }) => dataset.id),
    `${selector} li`,
  );
const shows = (selector) =>
  until(() => page.evaluate((wanted) => document.querySelector(wanted) !== null, selector));

describe('the element', () => {
  const element = (inside, more = '') => `
    <vitrine-list slot-name="home" limit="3" label="For you" ${more}>
      <template><a data-href="url" data-text="title"></a></template>${inside}
    </vitrine-list><p id="below">below</p>`;

  before(() => {
    pages['/element.js'] = script(`
      import { createVitrine } from '/package/index.browser.js';
      import { defineListElement } from '/package/element.js';
      const transport = (events) => ((window.delivered ??= []).push(...events), 'sent');
      const vitrine = createVitrine({
        manifest: '/r/manifest.json', transport, timeout: 2000, consent: 'granted',
        onError: (error) => (window.errors ??= []).push(error.code),
      });
      window.live = vitrine;
      const item = (id) => ({
        title: id === 'teapot' ? '<b>Tea</b>pot' : id,
        url: id === 'jug' ? 'javascript:alert(1)' : '/p/' + id,
      });
      defineListElement(vitrine, { item });`);
    // Until the script is there the shop's own style reserves the space.
    pages['/shop.css'] = {
      type: 'text/css',
      body: 'vitrine-list { display: block; min-height: 6rem } li { height: 1.5rem }',
    };
    const tag = '<script type="module" src="/element.js"></script>';
    pages['/element'] = html(element('') + tag);
    pages['/own'] = html(
      element('<ul role="list"><li data-id="jug"><a href="/p/jug">jug</a></li></ul>') + tag,
    );
  });
  const settled = () => shows('ul:not([aria-busy])');

  test('renders the template for each item, and nothing of the shop as HTML or as a script', async () => {
    await visit('/element');
    await settled();
    assert.deepEqual(await idsIn('vitrine-list'), ['teapot', 'jug', 'lamp']);
    const links = await page.evaluate(() =>
      Array.from(document.querySelectorAll('vitrine-list a'), (link) => [
        link.innerText,
        link.getAttribute('href'),
      ]),
    );
    assert.deepEqual(links.slice(0, 2), [
      ['<b>Tea</b>pot', '/p/teapot'],
      ['jug', null], // no javascript: address
    ]);
    assert.deepEqual(problems, []);
  });

  test('is a list with a name, which a screen reader finds no fault with', async () => {
    await visit('/element');
    await settled();
    const list = await page.evaluate(() => {
      const { role, ariaLabel } = document.querySelector('vitrine-list ul');
      return { role, ariaLabel };
    });
    assert.deepEqual(list, { role: 'list', ariaLabel: 'For you' });
    if (browserName === 'Chromium') await page.getByRole('list', { name: 'For you' }).waitFor();
    // The policy forbids inline scripts, not what the test evaluates.
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(
      violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]),
      [],
    );
  });

  test('follows its attributes', async () => {
    await visit('/element');
    await settled();
    const set = (name, value) =>
      page.evaluate(
        ([name, value]) => document.querySelector('vitrine-list').setAttribute(name, value),
        [name, value],
      );
    const wanted = await page.evaluate(() =>
      window.live.similar('jug', { limit: 2 }).map(({ id }) => id),
    );
    await set('item', 'teapot');
    await set('item', 'jug');
    await set('limit', '2');
    await until(async () => `${await idsIn('vitrine-list')}` === `${wanted}`);
    assert.deepEqual(problems, []);
  });

  test('moves nothing when the list comes', async () => {
    const hold = (page) =>
      page.route('**/manifest.json', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        await route.continue();
      });
    await visit('/element', hold);
    await shows('vitrine-list li');
    const moved = page.evaluate(
      () =>
        new Promise((resolve) => {
          // Firefox has no entries for this; there the place of what follows must do.
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const { value } of list.getEntries()) sum += value;
          }).observe({ type: 'layout-shift', buffered: true });
          const top = () => document.querySelector('#below').getBoundingClientRect().top;
          const tops = new Set();
          const end = performance.now() + 1500;
          const look = () => {
            tops.add(top());
            if (performance.now() < end) requestAnimationFrame(look);
            else resolve([sum, tops.size]);
          };
          look();
        }),
    );
    assert.deepEqual(await moved, [0, 1]);
    assert.deepEqual(await idsIn('vitrine-list'), ['teapot', 'jug', 'lamp']);
  });

  test('leaves a list of the shop as it is when there is no model', async () => {
    await visit('/own', (page) => page.route('**/manifest.json', (route) => route.abort()));
    await settled();
    assert.deepEqual(await idsIn('vitrine-list'), ['jug']);
    assert.deepEqual(await page.evaluate(() => window.errors), ['network']);
  });

  test('tells that it was seen, and what was chosen', async () => {
    await visit('/element');
    await settled();
    await page.evaluate(() => document.addEventListener('click', (e) => e.preventDefault()));
    await page.click('vitrine-list li[data-id="lamp"] a');
    await page.evaluate(() => window.live.flush());
    const delivered = await page.evaluate(() => window.delivered);
    assert.deepEqual(
      delivered.map(({ event, item_list_id, items }) => [event, item_list_id, items.length]),
      [
        ['view_item_list', 'home', 3],
        ['select_item', 'home', 1],
      ],
    );
  });
});

describe('the React hooks', () => {
  const app = `
    import { createElement as h, StrictMode } from 'react';
    import { useExperiment, useRecommendations, useRerank, VitrineProvider } from 'vitrine/react';
    const own = ${JSON.stringify(shopOrder)};
    function List() {
      const { list } = useRecommendations('home', { limit: 3, fallback: own });
      const reranked = useRerank(['lamp', 'mug-blue', 'teapot']);
      const { inExperiment } = useExperiment('none');
      const places = (name, items) => h('ul', { id: name, key: name },
        items.map(({ id }) => h('li', { key: id, 'data-id': id }, id)));
      return h('div', { 'data-experiment': String(inExperiment) },
        places('home', list.items), places('reranked', reranked));
    }
    export const App = ({ vitrine }) =>
      h(StrictMode, null, h(VitrineProvider, { vitrine }, h(List)));`;
  const bundle = async (contents, platform) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: js, loader: 'js' },
      bundle: true,
      format: 'esm',
      platform,
      write: false,
      alias: { 'vitrine/react': join(js, 'dist/react.js') },
      define: { 'process.env.NODE_ENV': '"development"' },
      ...(platform === 'node' && { packages: 'external' }),
    });
    return outputFiles[0].text;
  };

  test('render the own order on the server, hydrate without complaint, then show the model', async () => {
    const server = join(js, `.server-render-${process.pid}.mjs`);
    writeFileSync(
      server,
      await bundle(
        `${app}
        import { renderToString } from 'react-dom/server';
        export const markup = renderToString(h(App, {}));`,
        'node',
      ),
    );
    const { markup } = await import(pathToFileURL(server).href).finally(() => rmSync(server));
    assert.match(markup, /data-id="jug".*data-id="lamp".*data-id="mug-red"/);
    pages['/react.js'] = script(
      await bundle(
        `${app}
        import { hydrateRoot } from 'react-dom/client';
        import { createVitrine } from './dist/index.browser.js';
        const vitrine = createVitrine({ manifest: '/r/manifest.json', wasm: '/package/vitrine.wasm' });
        hydrateRoot(document.querySelector('#app'), h(App, { vitrine }), {
          onRecoverableError: (error) => console.error(error),
        });`,
        'browser',
      ),
    );
    pages['/react'] = html(
      `<div id="app">${markup}</div><script type="module" src="/react.js"></script>`,
    );
    await visit('/react');
    await shows('#home li[data-id="teapot"]');
    assert.deepEqual(await idsIn('#home'), ['teapot', 'jug', 'lamp']);
    assert.deepEqual(await idsIn('#reranked'), ['teapot', 'lamp', 'mug-blue']);
    assert.deepEqual(problems, []);
  });
});

describe('the Vue composables', () => {
  const require = createRequire(join(js, 'package.json'));
  const { compileScript, parse } = require('vue/compiler-sfc');
  /** A component of one file, as Vue's own tools compile it. */
  const components = (ssr) => ({
    name: 'vue',
    setup({ onLoad }) {
      onLoad({ filter: /\.vue$/ }, ({ path }) => {
        const { descriptor } = parse(readFileSync(path, 'utf8'), { filename: path });
        const options = {
          id: 'home',
          inlineTemplate: true,
          templateOptions: { ssr, ssrCssVars: [] },
        };
        return { contents: compileScript(descriptor, options).content, loader: 'ts' };
      });
    },
  });
  const app = `
    import { createSSRApp, defineComponent, h } from 'vue';
    import { useExperiment, useRecommendations, useRerank, vitrineKey } from 'vitrine/vue';
    import Home from '${join(root, 'tests/browser/guides/home.vue')}';
    const List = defineComponent(() => {
      const reranked = useRerank(['lamp', 'mug-blue', 'teapot']);
      const live = useRerank(['jug', 'mug-blue'], { live: true });
      const experiment = useExperiment('none');
      const places = (name, items) => h('ul', { id: name }, items.map(({ id }) => h('li', { 'data-id': id }, id)));
      return () => h('div', { 'data-experiment': String(experiment.value.inExperiment) }, [
        h('div', { id: 'home' }, [h(Home, { bestsellers: ${JSON.stringify(shopOrder)} })]),
        places('reranked', reranked.value),
        places('live', live.value),
      ]);
    });
    export const create = (vitrine) => {
      const app = createSSRApp(List);
      if (vitrine) app.provide(vitrineKey, vitrine);
      return app;
    };`;
  const bundle = async (contents, platform) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: js, loader: 'js' },
      ...{ bundle: true, format: 'esm', platform, write: false },
      nodePaths: [join(js, 'node_modules')],
      plugins: [components(platform === 'node')],
      alias: {
        'vitrine/vue': join(js, 'dist/vue.js'),
        ...(platform === 'browser' && {
          vue: join(js, 'node_modules/vue/dist/vue.runtime.esm-bundler.js'),
        }),
      },
      define: {
        'process.env.NODE_ENV': '"development"',
        __VUE_OPTIONS_API__: 'false',
        __VUE_PROD_DEVTOOLS__: 'false',
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
      },
      ...(platform === 'node' && { external: ['vue', 'vue/server-renderer'] }),
    });
    return outputFiles[0].text;
  };

  test('render the own order on the server, hydrate without complaint, then show the model', async () => {
    const file = join(js, `.server-render-vue-${process.pid}.mjs`);
    writeFileSync(
      file,
      await bundle(
        `${app}
        import { renderToString } from 'vue/server-renderer';
        export const markup = await renderToString(create());`,
        'node',
      ),
    );
    const { markup } = await import(pathToFileURL(file).href).finally(() => rmSync(file));
    assert.match(markup, /data-id="jug".*data-id="lamp".*data-id="mug-red"/);
    pages['/vue.js'] = script(
      await bundle(
        `${app}
        import { createVitrine } from './dist/index.browser.js';
        const vitrine = createVitrine({ manifest: '/r/manifest.json', wasm: '/package/vitrine.wasm' });
        window.live = vitrine;
        create(vitrine).mount('#app');`,
        'browser',
      ),
    );
    pages['/vue'] = html(
      `<div id="app">${markup}</div><script type="module" src="/vue.js"></script>`,
    );
    const warnings = [];
    await visit('/vue', async (page) => {
      page.on('console', (message) => {
        if (message.type().startsWith('warn')) warnings.push(message.text());
      });
    });
    await shows('#home li[data-id="teapot"]');
    assert.deepEqual(await idsIn('#home'), ['teapot', 'jug', 'lamp']);
    assert.deepEqual(await idsIn('#reranked'), ['teapot', 'lamp', 'mug-blue']);
    assert.deepEqual(await idsIn('#live'), ['jug', 'mug-blue']);
    await page.evaluate(() => window.live.record({ item: 'mug-red' }));
    await shows('#live li[data-id="mug-blue"]:first-child');
    assert.deepEqual(await idsIn('#home'), ['teapot', 'jug', 'lamp'], 'it stays under their eyes');
    assert.deepEqual([problems, warnings], [[], []]);
  });
});
