// Serves the built shop on 127.0.0.1:${DEMO_PORT:-4173}. This server is for a demonstration, not
// for the open internet.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentSecurityPolicy } from './content_security_policy.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.vitrine': 'application/octet-stream',
  '.webmanifest': 'application/manifest+json',
};

export const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * Makes a server that answers with the files of `root`. For an address without a file it answers
 * with index.html.
 */
export function createShopServer(root = DIST) {
  return createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    let path;
    try {
      path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    } catch {
      response.writeHead(400).end('bad address');
      return;
    }
    let file = join(root, path);
    const inside = file === root || file.startsWith(root + sep);
    const known = inside && existsSync(file) && statSync(file).isFile();
    if (!known) {
      if (extname(path) !== '') {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
        return;
      }
      file = join(root, 'index.html');
    }
    const hashed = known && path.startsWith(`${sep}assets${sep}`);
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-length': statSync(file).size,
      'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(file).pipe(response);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env.DEMO_PORT ?? 4173);
  if (!existsSync(join(DIST, 'index.html'))) {
    console.error('There is no built shop in demo/dist. Build it with: make demo');
    process.exit(1);
  }
  const server = createShopServer();
  server.on('error', (error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    console.error(`Port ${port} is taken. Choose another one: DEMO_PORT=${port + 1} make demo`);
    process.exit(1);
  });
  server.listen(port, '127.0.0.1', () =>
    console.log(`The shop is open: http://127.0.0.1:${port}/  (Ctrl+C closes it)`),
  );
}
