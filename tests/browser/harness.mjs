// The common parts of all browser tests: a file server with the strict policy of a careful shop,
// and a real browser.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { launchFirefox } from './firefox.mjs';

/** The path of the repository, with a separator at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The policy under which the package promises to work: no inline script and no eval; WebAssembly
 * may compile.
 */
export const strictPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

const types = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Serves files on 127.0.0.1 at a free port.
 *
 * @param {object} options
 * @param {Record<string, string>} options.mounts URL prefix -> folder or file, relative to the root of the
 *   repository or absolute. The longest prefix wins.
 * @param {Record<string, {body: string | Uint8Array, type: string} | Function>} [options.pages] exact path ->
 *   content, or a function that answers itself, with the response and the usual headers.
 * @param {string} [options.policy] Content-Security-Policy. Default: `strictPolicy`.
 * @param {Record<string, string>} [options.headers] further headers of every answer. Default: none.
 * @param {string} [options.fallback] path served for whatever has no file extension and is not found: the
 *   history fallback of a one-page application. Default: none.
 * @returns {Promise<{url: string, requests: string[], close: () => Promise<void>}>} `url` has no slash at its
 *   end; `requests` grows with "METHOD /path".
 */
export async function serve({
  mounts,
  pages = {},
  policy = strictPolicy,
  headers: more = {},
  fallback,
}) {
  const prefixes = Object.keys(mounts).sort((a, b) => b.length - a.length);
  const requests = [];

  async function locate(path) {
    const prefix = prefixes.find((candidate) => path.startsWith(candidate));
    if (prefix === undefined) return undefined;
    const mount = mounts[prefix];
    const base = normalize(mount.startsWith(sep) ? mount : join(root, mount));
    const file = normalize(join(base, path.slice(prefix.length)));
    if (file !== base && !file.startsWith(base.endsWith(sep) ? base : base + sep)) return undefined;
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile()) return { file, size: found.size };
    if (!found?.isDirectory()) return undefined;
    const index = await stat(join(file, 'index.html')).catch(() => undefined);
    return index && { file: join(file, 'index.html'), size: index.size };
  }

  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    requests.push(`${request.method} ${path}`);
    const headers = {
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
      ...more,
    };
    const page = pages[path];
    if (typeof page === 'function') {
      page(response, headers);
      return;
    }
    if (page) {
      response.writeHead(200, { ...headers, 'Content-Type': page.type });
      response.end(page.body);
      return;
    }
    let found = await locate(path);
    if (!found && fallback && extname(path) === '') found = await locate(fallback);
    if (!found) {
      response.writeHead(404, { ...headers, 'Content-Type': types['.txt'] });
      response.end(`no ${path}\n`);
      return;
    }
    response.writeHead(200, {
      ...headers,
      'Content-Type': types[extname(found.file)] ?? 'application/octet-stream',
      'Content-Length': found.size,
    });
    createReadStream(found.file).pipe(response);
  });
  return { ...(await opened(server)), requests };
}

/** Starts a server on a free port. Returns its `url`, and `close`. */
export async function opened(server) {
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The browser that the environment variable BROWSER names. */
export const browserName = process.env.BROWSER === 'firefox' ? 'Firefox' : 'Chromium';

/**
 * Starts the installed browser: /usr/bin/chromium or /usr/bin/firefox-esr, or the one that the
 * environment variable CHROMIUM or FIREFOX names. Close it with `browser.close()`. With `keepsPages`
 * Chromium keeps pages for a way back, as it does for shoppers.
 */
export async function launch({ keepsPages = false } = {}) {
  const executablePath =
    browserName === 'Firefox'
      ? (process.env.FIREFOX ?? '/usr/bin/firefox-esr')
      : (process.env.CHROMIUM ?? '/usr/bin/chromium');
  if (!(await stat(executablePath).catch(() => undefined))) {
    const variable = browserName.toUpperCase();
    throw new Error(
      `no browser at ${executablePath}; install ${browserName} or set ${variable} to its path`,
    );
  }
  if (browserName === 'Firefox') return launchFirefox(executablePath);
  return chromium.launch({
    executablePath,
    headless: true,
    chromiumSandbox: false,
    ignoreDefaultArgs: keepsPages ? ['--disable-back-forward-cache'] : [],
    args: [
      '--disable-gpu',
      '--disable-quic', // a test machine may not route UDP, and waiting for it costs seconds
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * Collects the problems of a page: console errors, uncaught exceptions, failed requests, responses
 * of 400 and above.
 *
 * @param {import('playwright-core').Page} page
 * @returns {string[]} grows while the page lives
 */
export function watch(page) {
  const problems = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  const answered = new Set();
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // Chromium says so of a body that a script has read to its end as a stream.
    if (why === 'net::ERR_ABORTED' && answered.has(request)) return;
    problems.push(`failed: ${request.url()} ${why}`);
  });
  page.on('response', (response) => {
    answered.add(response.request());
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  return problems;
}

/** Runs `wait` in the page and fails after `seconds`. `evaluate` alone could wait for ever. */
export async function inPage(page, wait, seconds = 30) {
  let timer;
  const late = new Promise((_, reject) => {
    const error = new Error(`the page is not ${wait.name} after ${seconds} s`);
    timer = setTimeout(reject, 1000 * seconds, error);
  });
  await Promise.race([page.evaluate(wait), late]);
  clearTimeout(timer);
}

/** Waits until `check` returns a true value, and returns it; fails after `seconds`. */
export async function until(check, seconds = 5) {
  for (const end = Date.now() + 1000 * seconds; ; ) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`it did not come to that in ${seconds} s: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
