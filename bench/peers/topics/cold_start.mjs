// From navigation to the first ranking of a fresh visitor over 10 Mbit/s with 40 ms of latency, 20,000 items x 64.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ratio } from '../bench.mjs';
import { coldData } from '../cold_data.mjs';
import { bundle } from '../downloads.mjs';
import { median } from '../measure.mjs';
import { out, serve } from '../serve.mjs';

const megabit = 1e6 / 8;
const network = { offline: false, latency: 40, downloadThroughput: 10 * megabit };

/**
 * `early`: what the page begins to fetch before its code has come. `code`: a file of pages/cold, or the text of an inline
 * module. Each calls `ranked(ids)` once.
 */
function pagesOf(first, release) {
  const sdk = '/sdk/index.browser.js';
  const opened = (name) => ({
    early: { bundle: `/data/cold/${name}`, wasm: '/sdk/vitrine.wasm' },
    preload: sdk,
    text: `import { createPersonalizer } from '${sdk}';
      const [bundle, wasm] = await Promise.all([early.bundle, early.wasm]);
      const vitrine = await createPersonalizer({ bundle, wasm });
      vitrine.record({ item: '${first}' });
      ranked(vitrine.recommend({ limit: 20 }).map(({ id }) => id));`,
  });
  const folder = '/data/cold/release/';
  const byManifest = (more) => ({
    early: {},
    preload: sdk,
    fetched: ['manifest.json', release.wasm.url, ...more].map((name) => folder + name),
    text: `import { createVitrine } from '${sdk}';
      const vitrine = createVitrine({ manifest: '${folder}manifest.json', timeout: 60000 });
      await vitrine.ready;
      vitrine.record({ item: '${first}' });
      ranked(vitrine.recommend({ limit: 20 }).map(({ id }) => id));`,
  });
  const ids = '/data/cold/ids.json';
  const codes = '/data/cold/codes.bin';
  return {
    'plain int8 loop': { early: { codes, ids }, code: 'loop' },
    'onnxruntime-web, int8': {
      early: {
        ids,
        wasm: '/ort/ort-wasm-simd-threaded.wasm',
        model: '/data/cold/model.onnx',
        query: '/data/cold/query.bin',
      },
      code: 'onnx',
    },
    'tfjs wasm': { early: { codes, ids }, code: 'tfjs' },
    'vitrine, load of the whole bundle': opened('whole.vitrine'),
    'vitrine, load of the preview alone': opened(`release/${release.preview.url}`),
    'vitrine, manifest with a preview': byManifest([]),
    'vitrine, the same with the links of --preload': byManifest([release.preview.url]),
  };
}

function html({ early, preload, fetched = [], code, text }) {
  const fetches = Object.entries(early).map(([name, path]) => `${name}: fetch('${path}')`);
  return `<!doctype html><meta charset="utf-8"><title>cold</title><link rel="icon" href="data:,">
${preload ? `<link rel="modulepreload" href="${preload}">` : ''}
${fetched.map((path) => `<link rel="preload" as="fetch" crossorigin href="${path}">`).join('\n')}
<script>
const early = { ${fetches.join(', ')} };
const answer = new Promise((resolve) => {
  globalThis.ranked = (ids) => resolve({ ids, at: performance.now() });
});
</script>
${text ? `<script type="module">${text}</script>` : `<script type="module" src="/data/cold/${code}.mjs"></script>`}
`;
}

export async function run(bench) {
  const [first] = await coldData();
  const { parts } = JSON.parse(readFileSync(join(out, 'cold/release/manifest.json'), 'utf8'));
  const release = Object.fromEntries(parts.map((part) => [part.kind, part]));
  const pages = pagesOf(first, release);
  const folder = join(out, 'cold');
  mkdirSync(folder, { recursive: true });
  for (const [i, page] of Object.values(pages).entries()) {
    if (page.code) {
      const code = await bundle(`pages/cold/${page.code}.mjs`, { minify: true });
      writeFileSync(join(folder, `${page.code}.mjs`), code);
    }
    writeFileSync(join(folder, `${i}.html`), html(page));
  }
  const server = await serve({ compressed: true });
  const browser = await bench.launch();
  const times = Object.keys(pages).map(() => []);
  const bytes = [];
  let last;
  try {
    for (let round = 0; round < (bench.full ? 11 : 6); round++) {
      for (let i = 0; i < times.length; i++) {
        const visit = await visited(browser, `${server.url}/data/cold/${i}.html`);
        if (visit.ids.length !== 20) throw new Error(`${Object.keys(pages)[i]} ranked no 20 items`);
        if (round > 0) times[i].push(visit.at); // before, brotli was made
        bytes[i] = visit.bytes;
        if (i === times.length - 1) last = visit;
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  const rows = Object.keys(pages).map((name, i) => ({
    name,
    ms: median(times[i]),
    bytes: bytes[i],
  }));
  console.log(
    '== a fresh visitor over 10 Mbit/s, 40 ms: navigation to first ranking, 20,000 x 64 ==',
  );
  const [loop] = rows;
  const columns = [
    ['ms', (row) => row.ms],
    ['of loop', (row) => row.ms / loop.ms, 2],
    ['KB', (row) => row.bytes / 1000],
  ];
  bench.table(rows, columns, 46);
  bench.leftOut({
    'hnswlib-wasm': 'its index of 401 B an item alone takes 6.4 s at 10 Mbit/s',
    'voy-search': 'its index of 5 KB an item alone takes 80 s',
  });
  console.log(
    `the last visit by manifest, ms: ${last.arrivals.join(', ')}; ranked ${last.at.toFixed(0)}`,
  );
  const find = (start) => rows.find(({ name }) => name.startsWith(start));
  const ours = find('vitrine, the same');
  const beside = [loop, find('onnx'), find('tfjs'), find('vitrine, manifest')]
    .map(({ name, ms }) => `${name} ${ms.toFixed(0)}`)
    .join('; ');
  const share = ours.ms / loop.ms;
  bench.judge(
    'cold start over 10 Mbit/s, by manifest and its links',
    '1/5',
    ratio(share),
    beside,
    share <= 1 / 5,
  );
}

/** One visit in a profile of its own, without any cache. */
async function visited(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    ...network,
    uploadThroughput: 10 * megabit,
  });
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url, { waitUntil: 'commit' });
  // `answer` is a constant of the page's own script, which an expression sees.
  const result = await Promise.race([
    page.evaluate('answer'),
    new Promise((_, reject) => {
      setTimeout(
        () => reject(new Error(`${url}: no ranking in a minute; ${errors}`)),
        60_000,
      ).unref();
    }),
  ]);
  const arrivals = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ responseEnd }) => responseEnd > 0)
      .map(({ name, responseEnd }) => `${name.split('/').at(-1)} ${responseEnd.toFixed(0)}`),
  );
  await context.close();
  return { ...result, bytes, arrivals };
}
