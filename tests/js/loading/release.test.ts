// A server that renders loads a release too: what the network says must not reach the server's own files.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createVitrine } from '../../../js/src/page/create_vitrine.ts';
import type { VitrineOptions } from '../../../js/src/page/vitrine_types.ts';
import { writeBundle } from '../bundle_writer.ts';
import { shop, wasm } from '../shop.ts';

const bundle = writeBundle(shop);
const part = (more: object = {}) => ({
  kind: 'bundle',
  url: 'shop.vitrine',
  size: bundle.length,
  sha256: createHash('sha256').update(bundle).digest('hex'),
  ...more,
});
const manifestOf = (...parts: object[]) => JSON.stringify({ format: 2, parts });

async function open(manifest: string | URL, options: Partial<VitrineOptions> = {}) {
  const errors: string[] = [];
  const vitrine = createVitrine({
    manifest,
    wasm,
    onError: ({ code, message }) => errors.push(`${code}: ${message}`),
    ...options,
  });
  const ready = await vitrine.ready;
  vitrine.dispose();
  return { ready, errors };
}

/** Serves a manifest and the bundle while `use` runs. */
async function withServer(manifest: string, use: (url: string) => Promise<void>) {
  const server = createServer(({ url }, response) =>
    response.end(url?.endsWith('.json') ? manifest : bundle),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/manifest.json`);
  server.closeAllConnections();
  server.close();
}

describe('a manifest of the network, on a server', () => {
  it('is opened, and so is one of a file', async () => {
    await withServer(manifestOf(part()), async (url) => {
      expect(await open(url)).toEqual({ ready: true, errors: [] });
    });
    const folder = mkdtempSync(join(tmpdir(), 'vitrine-release-'));
    writeFileSync(join(folder, 'shop.vitrine'), bundle);
    writeFileSync(join(folder, 'manifest.json'), manifestOf(part()));
    const url = pathToFileURL(join(folder, 'manifest.json'));
    expect(await open(url)).toEqual({ ready: true, errors: [] });
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['bundle', 'file:///etc/hostname'],
    ['bundle', 'FILE:/dev/zero'],
    ['wasm', 'file:///dev/zero'],
    ['overlay', 'file:///etc/hostname'],
    ['preview', 'data:application/octet-stream,x'],
  ])('reads no file of the server for the %s', async (kind, address) => {
    const manifest = manifestOf(part({ kind, url: address }), part());
    await withServer(manifest, async (url) => {
      const { ready, errors } = await open(url);
      expect(ready).toBe(false);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatch(/^manifest: .*must not be at a/);
    });
  });

  it('is compared with the shop that is given', async () => {
    await withServer(manifestOf(part()), async (url) => {
      const { ready, errors } = await open(url, { shop: 'mine' });
      expect([ready, errors.map((error) => error.split(':')[0])]).toEqual([false, ['integrity']]);
    });
  });
});
