// The page accepts a release that the native command has published and signed, and rejects it after any change.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkHash, checkSignature } from '../../js/src/loading/integrity.ts';
import { parseManifest } from '../../js/src/loading/manifest.ts';
import { folder, prepare } from './prepare.mjs';

const command = fileURLToPath(new URL('../../build/release/vitrine', import.meta.url));
const wasm = fileURLToPath(new URL('../../js/dist/vitrine.wasm', import.meta.url));
const run = (...args: string[]) => execFileSync(command, args, { encoding: 'utf8' });
const base = 'https://cdn.example/shop/manifest.json';

describe('a release of the native command', () => {
  let place: string;
  let text: string;
  let publicKey: string;

  beforeAll(() => {
    prepare();
    place = mkdtempSync(join(tmpdir(), 'vitrine-release-'));
    const key = join(place, 'key.pem');
    publicKey = run('keygen', '--out', key).trim().split(' ').at(-1) ?? '';
    const bundle = join(folder, 'tuned.vitrine');
    run('manifest', '--bundle', bundle, '--wasm', wasm, '--out', place, '--key', key);
    text = readFileSync(join(place, 'manifest.json'), 'utf8');
  }, 120_000);
  afterAll(() => rmSync(place, { recursive: true }));

  it('is signed as the page checks it', async () => {
    const manifest = parseManifest(text, base);
    await expect(checkSignature(manifest, publicKey)).resolves.toBeUndefined();
  });

  it('names its files by hash, beside the manifest', async () => {
    const { bundle, wasm: code } = parseManifest(text, base);
    for (const file of [bundle, code]) {
      if (!file) throw new Error('a file is missing');
      const name = file.url.replace('https://cdn.example/shop/', '');
      expect(name).toContain(file.sha256.slice(0, 16));
      const bytes = readFileSync(join(place, name));
      await expect(checkHash(bytes, file)).resolves.toBeUndefined();
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      await expect(checkHash(bytes, file)).rejects.toMatchObject({ code: 'integrity' });
    }
  });

  it('is refused with another key, another file, or no signature', async () => {
    const other = run('keygen', '--out', join(place, 'other.pem')).trim().split(' ').at(-1) ?? '';
    const changed = (change: (manifest: Record<string, { url?: string }>) => void) => {
      const document = JSON.parse(text);
      change(document);
      return parseManifest(JSON.stringify(document), base);
    };
    const moved = changed((m) => Object.assign(m.bundle ?? {}, { url: 'other.vitrine' }));
    const unsigned = changed((m) => delete m.signature);
    for (const [manifest, key] of [
      [parseManifest(text, base), other],
      [parseManifest(text, base), 'no key'],
      [moved, publicKey],
      [unsigned, publicKey],
    ] as const) {
      await expect(checkSignature(manifest, key)).rejects.toMatchObject({ code: 'integrity' });
    }
  });
});

describe('a manifest', () => {
  const file = { url: 'shop.vitrine', sha256: '0'.repeat(64) };
  it.each([
    ['not JSON', '{'],
    ['of another format', '{"format": 2}'],
    ['without a bundle', '{"format": 1}'],
    ['null', 'null'],
    ['with a hash that is none', { format: 1, bundle: { ...file, sha256: 'abc' } }],
    ['with a space in an address', { format: 1, bundle: { ...file, url: 'a b' } }],
    ['with an address that is none', { format: 1, bundle: { ...file, url: 'http://[' } }],
  ])('that is %s is refused by name', (_, document) => {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    expect(() => parseManifest(text, base)).toThrow(expect.objectContaining({ code: 'manifest' }));
  });
});
