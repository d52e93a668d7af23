// Serves dist/, with the sample shop in its folder sample/, on 127.0.0.1. This server is for a
// demonstration, not for the open internet.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
};
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
  "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Returns the file for an address, or undefined when there is none inside of dist/. */
async function fileOf(address) {
  const path = decodeURIComponent(new URL(address, 'http://localhost').pathname);
  const file = join(dist, path.endsWith('/') ? `${path}index.html` : path);
  if (!file.startsWith(dist + sep)) return undefined;
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? { file, size: found.size } : undefined;
}

/** Answers a request with a file of dist/; for / it leads to the sample shop. */
export async function answer(request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  if (request.url === '/') {
    response.writeHead(302, { location: '/sample/' }).end();
    return;
  }
  const found = await fileOf(request.url).catch(() => undefined);
  if (!found) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
    return;
  }
  response.writeHead(200, {
    'content-type': types[extname(found.file)] ?? 'application/octet-stream',
    'content-length': found.size,
    'cache-control': 'no-cache',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(found.file)
      .on('error', () => response.destroy())
      .pipe(response);
}

function refuse(line) {
  console.error(`vitrine demo: ${line}`);
  process.exitCode = 2;
}

/** Runs `vitrine demo`: serves the sample shop until it is ended. */
export async function runDemo(args) {
  let values;
  try {
    const options = { port: { type: 'string', default: '4173' }, help: { type: 'boolean' } };
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    return refuse(error.message);
  }
  if (values.help) {
    console.log(
      'vitrine demo [--port 4173]   serves a sample shop on 127.0.0.1; port 0 takes a free one',
    );
    return;
  }
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65535) {
    return refuse(`--port ${values.port} is no port; take one of 0 to 65535`);
  }
  const server = createServer(answer);
  server.on('error', (error) => {
    refuse(
      error.code === 'EADDRINUSE'
        ? `port ${values.port} is taken; choose another one, as in: vitrine demo --port 0`
        : error.message,
    );
  });
  server.listen(Number(values.port), '127.0.0.1', () =>
    console.log(
      `The sample shop is open: http://127.0.0.1:${server.address().port}/sample/  (Ctrl+C closes it)\n` +
        `Its page in readable form: ${join(dist, 'sample/shop.js')}`,
    ),
  );
}
