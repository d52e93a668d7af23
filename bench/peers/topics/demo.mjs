// The demo shop on a CPU four times slower: what the SDK costs the main thread, and whether a visitor could notice. The
// shop ranks in a worker, which the browser does not slow down: what is counted is what is left of the SDK in the page.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { demoBuilds } from '../demo_builds.mjs';
import { at, median, sorted } from '../measure.mjs';
import { root } from '../serve.mjs';
import { categories, tasksInside } from '../trace.mjs';

const slower = 4;
const limit = 5; // ms

export async function run(bench) {
  if (!existsSync(join(root, 'demo/generated/shop.vitrine'))) {
    console.log('skipped: no demo/generated/shop.vitrine; make demo/dist/index.html makes it');
    return;
  }
  const folders = await demoBuilds();
  const serve = pathToFileURL(join(root, 'demo/scripts/serve.mjs')).href;
  const { createShopServer } = await import(serve);
  const opened = { with: [], without: [] };
  const used = { with: [], without: [] };
  const inside = [];
  const browser = await bench.launch();
  try {
    const visitTo = (name, how) =>
      served(createShopServer(folders[name]), (url) => visit(browser, url, how));
    for (let round = 0; round < (bench.full ? 21 : 9); round++) {
      for (const name of Object.keys(folders)) opened[name].push(await visitTo(name, {}));
    }
    for (let round = 0; round < (bench.full ? 9 : 3); round++) {
      for (const name of Object.keys(folders)) used[name].push(await visitTo(name, { use }));
      inside.push((await visitTo('with', { use, traced: true })).tasks);
    }
  } finally {
    await browser.close();
  }
  print(bench, opened, used, inside);
  judge(bench, opened, used, inside);
}

async function served(server, call) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await call(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** A fresh visitor opens the front, and may use the shop then. */
async function visit(browser, url, { use, traced = false }) {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.addInitScript(observe);
  if (traced) await browser.startTracing(page, { categories: categories.split(',') });
  await page.goto(url);
  await page.locator('[data-row="for-you"] .card').first().waitFor();
  await page.waitForTimeout(500);
  await use?.(page);
  const seen = await page.evaluate(() => globalThis.seen);
  const tasks = traced ? tasksInside(`${await browser.stopTracing()}`, isSdk) : undefined;
  await context.close();
  return { ...seen, tasks };
}

/** Looks at two products of a category, takes both, and comes back to the front. */
async function use(page) {
  for (const nth of [0, 2]) {
    const departments = page.getByRole('navigation', { name: 'Departments' });
    await departments.getByRole('link', { name: 'Kitchen' }).click();
    await page.locator('.filters').waitFor();
    await page.locator('main .card .card-link').nth(nth).click();
    await page.locator('.product').waitFor();
    await page.getByRole('button', { name: 'Add to cart' }).click();
  }
  await page.getByRole('link', { name: 'Fennimore', exact: true }).click();
  await page.locator('.hero').waitFor();
  await page.waitForTimeout(300);
}

/** What runs in the page of the files that hold the SDK, and any wasm there. */
const isSdk = ({ url = '' }) => /\/assets\/sdk-/.test(url) || url.startsWith('wasm://');

/** Runs in the page before anything else does. */
function observe() {
  const seen = { lcp: 0, cls: 0, inp: 0, long: 0, drawn: 0 };
  globalThis.seen = seen;
  const watch = (type, each, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({
      type,
      buffered: true,
      ...more,
    });
  watch('largest-contentful-paint', ({ startTime }) => {
    seen.lcp = startTime;
  });
  watch('layout-shift', ({ value, hadRecentInput }) => {
    if (!hadRecentInput) seen.cls += value;
  });
  watch('longtask', ({ duration }) => {
    seen.long += duration;
  });
  const event = ({ duration, interactionId }) => {
    if (interactionId) seen.inp = Math.max(seen.inp, duration);
  };
  watch('event', event, { durationThreshold: 16 });
  // A page may come after the frame that answers the click.
  let clicked;
  const click = ({ timeStamp }) => {
    clicked = timeStamp;
  };
  addEventListener('click', click, { capture: true });
  const drawn = (since) => () => {
    seen.drawn = Math.max(seen.drawn, performance.now() - since);
  };
  new MutationObserver((changes) => {
    if (clicked === undefined || !changes.some(({ target }) => target.id === 'main')) return;
    requestAnimationFrame(() => setTimeout(drawn(clicked)));
  }).observe(document, { childList: true, subtree: true });
}

/** Differences that the SDK made, visit by visit: quartiles. */
function paired(visits, key) {
  const all = sorted(visits.with.map((visit, i) => visit[key] - visits.without[i][key]));
  return [0.25, 0.5, 0.75].map((share) => at(all, share));
}

function print(bench, opened, used, inside) {
  console.log(`== the demo shop on a CPU ${slower} times slower: medians of visits, in turns ==`);
  const row = (name, visits, key, digits = 0) => {
    const [ours, bare] = ['with', 'without'].map((which) => visits[which].map((one) => one[key]));
    const cells = [median(ours), median(bare), ...paired(visits, key)];
    return { name, cells: cells.map((value) => value.toFixed(digits)) };
  };
  const rows = [
    row('largest contentful paint, ms', opened, 'lcp'),
    row('cumulative layout shift of the front', opened, 'cls', 4),
    row('slowest interaction (INP), ms', used, 'inp'),
    row('slowest page, from click until drawn, ms', used, 'drawn'),
    row('long tasks (over 50 ms) together, ms', used, 'long'),
  ];
  const heads = ['with SDK', 'without', 'more: 25%', '50%', '75%'];
  const columns = heads.map((head, i) => [head, (one) => one.cells[i]]);
  bench.table(rows, columns, 42);
  console.log(
    `\ntasks of the main thread by their time inside the SDK and its wasm, ${inside.length} traced visits`,
  );
  for (const task of longest(inside).slice(0, 6)) {
    const calls = task.calls
      .sort(([, a], [, b]) => b - a)
      .slice(0, 3)
      .map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
    console.log(
      `${task.inside.toFixed(1).padStart(8)} ms of ${task.taken.toFixed(1)}: ${calls.join(', ')}`,
    );
  }
}

const longest = (inside) => inside.flat().sort((a, b) => b.inside - a.inside);

function judge(bench, opened, used, inside) {
  const worst = inside.map((tasks) => Math.max(0, ...tasks.map((task) => task.inside)));
  const most = median(worst);
  const over = median(inside.map((tasks) => tasks.filter((task) => task.inside > limit).length));
  const what = 'demo, 4 times slower: longest main-thread task inside the SDK';
  bench.judge(what, `${limit} ms`, `${most.toFixed(1)} ms`, `${over} tasks over it`, most <= limit);

  const [least, middle, highest] = paired(opened, 'lcp');
  const lcp = `without ${median(opened.without.map((one) => one.lcp)).toFixed(0)} ms; quartiles ${least.toFixed(0)} to ${highest.toFixed(0)}`;
  const within = least <= 0;
  bench.judge(
    'demo: LCP with the SDK over without',
    'noise',
    `${middle.toFixed(0)} ms`,
    lcp,
    within,
  );
  const [, inp] = paired(used, 'inp');
  const theirs = `without ${median(used.without.map((one) => one.inp)).toFixed(0)} ms`;
  // Events are told in steps of 8 ms.
  bench.judge(
    'demo: INP with the SDK over without',
    '16 ms',
    `${inp.toFixed(0)} ms`,
    theirs,
    inp <= 16,
  );
  const [, cls] = paired(opened, 'cls');
  const own = `the shop's own ${median(opened.without.map((one) => one.cls)).toFixed(4)}`;
  bench.judge('demo: layout shift with the SDK over without', '0', cls.toFixed(4), own, cls <= 0);
}
