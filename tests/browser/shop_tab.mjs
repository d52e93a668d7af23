// A shop with an endpoint for events and several tabs, for the tests of session and delivery.
import { createServer } from 'node:http';
import { launch, opened, serve, strictPolicy } from './harness.mjs';
import { queueScript, release, scriptPage, shopBundle } from './shop_files.mjs';

/**
 * Starts a browser and a shop. `close` stops both. `options` are those of `launch`, and `headers` of
 * every answer of the shop.
 */
export async function openShop({ headers = {}, ...options } = {}) {
  const browser = await launch(options);
  const endpoint = await startEndpoint();
  const pages = {
    '/queue.js': queueScript,
    '/': scriptPage(),
    '/delivering': scriptPage(`data-transport="${endpoint.url}/events"`),
    ...release({ bundle: shopBundle('teapot') }),
  };
  const policy = `${strictPolicy}; img-src data:; connect-src 'self' ${endpoint.url}`;
  const server = await serve({ mounts: { '/package/': 'js/dist' }, pages, policy, headers });
  return {
    browser,
    endpoint,
    pages,
    url: server.url,
    newVisitor: () => browser.newContext(),
    close: async () => {
      await browser.close();
      await server.close();
      await endpoint.close();
    },
  };
}

/**
 * Starts an endpoint that accepts events, or answers with `status` and `headers` while these are
 * set.
 */
async function startEndpoint() {
  const endpoint = { events: [], requests: 0, status: 204, headers: {} };
  const cors = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': '*',
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const taken = request.method === 'POST' && endpoint.status < 300;
      if (request.method === 'POST') endpoint.requests++;
      if (taken) endpoint.events.push(...JSON.parse(body).events);
      const status = request.method === 'OPTIONS' ? 204 : endpoint.status;
      response.writeHead(status, { ...cors, ...endpoint.headers });
      response.end();
    });
  });
  return Object.assign(endpoint, await opened(server), {
    /** Returns the item ids of all received events, each event once. */
    items: () => {
      const events = new Map(endpoint.events.map((event) => [event.id, event]));
      return [...events.values()].flatMap(({ items }) => items.map(({ item_id }) => item_id));
    },
    clear: () => Object.assign(endpoint, { events: [], requests: 0, status: 204, headers: {} }),
  });
}

/** Opens a tab. `live(work, argument)` calls `work(vitrine, argument)` in it. */
export async function openTab(shop, visitor, { path = '/', prepare = async () => {} } = {}) {
  const page = await visitor.newPage();
  const exceptions = [];
  page.on('pageerror', (error) => exceptions.push(error.message));
  await prepare(page);
  await page.goto(shop.url + path);
  const handle = await page.evaluateHandle(async () => {
    const vitrine = await new Promise((resolve) => window.vitrine.push(resolve));
    await vitrine.ready;
    return vitrine;
  });
  return {
    page,
    exceptions,
    live: (work, argument) => handle.evaluate(work, argument),
    errors: () => page.evaluate(() => window.errors),
  };
}
