// The page accepts a release that the native command has published and signed, and rejects it after any change.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkHash, checkSignature, readKeys } from '../../js/src/loading/integrity.ts';
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
    const shop = ['--shop', 'Zum "Krug" é'];
    run('manifest', '--bundle', bundle, '--wasm', wasm, '--out', place, '--key', key, ...shop);
    text = readFileSync(join(place, 'manifest.json'), 'utf8');
  }, 120_000);
  afterAll(() => rmSync(place, { recursive: true }));

  it('is signed as the page checks it', async () => {
    const manifest = parseManifest(text, base);
    const keys = await readKeys(publicKey);
    await expect(checkSignature(manifest, keys)).resolves.toBeUndefined();
    expect(manifest.shop).toBe('Zum "Krug" é');
    expect(Date.parse(`${manifest.expires}`)).toBeGreaterThan(Date.now());
  });

  it('is accepted by pages of the old key and of the new one while keys change', async () => {
    const next = join(place, 'next.pem');
    const nextKey = run('keygen', '--out', next).trim().split(' ').at(-1) ?? '';
    const file = join(place, 'both.json');
    writeFileSync(file, text);
    run('sign', file, '--key', next);
    const both = parseManifest(readFileSync(file, 'utf8'), base);
    for (const keys of [publicKey, nextKey, [publicKey, nextKey], `${nextKey} ${publicKey}`]) {
      await expect(checkSignature(both, await readKeys(keys))).resolves.toBeUndefined();
    }
    await expect(
      checkSignature(parseManifest(text, base), await readKeys(nextKey)),
    ).rejects.toMatchObject({ code: 'integrity' });
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
    type Document = { parts: { url: string; size: number }[]; [name: string]: unknown };
    const changed = (change: (manifest: Document) => void) => {
      const document = JSON.parse(text) as Document;
      change(document);
      return parseManifest(JSON.stringify(document), base);
    };
    const changes = [
      (m: Document) => Object.assign(m.parts[0] ?? {}, { url: 'other.vitrine' }),
      (m: Document) => Object.assign(m.parts[0] ?? {}, { size: 1e9 }),
      (m: Document) => m.parts.pop(),
      (m: Document) => m.parts.push({ url: 'x', size: 1 }),
      (m: Document) => delete m.signatures,
      (m: Document) => Object.assign(m, { release: 2 ** 40 }),
      (m: Document) => Object.assign(m, { expires: '2999-01-01T00:00:00Z' }),
      (m: Document) => Object.assign(m, { shop: 'other' }),
      (m: Document) => Object.assign(m, { more: true }),
      (m: Document) => Object.assign(m, { signatures: [null, 7, { value: 'ä' }, {}] }),
    ];
    const key = await readKeys(publicKey);
    for (const manifest of changes.map(changed)) {
      await expect(checkSignature(manifest, key)).rejects.toMatchObject({ code: 'integrity' });
    }
    await expect(
      checkSignature(parseManifest(text, base), await readKeys(other)),
    ).rejects.toMatchObject({ code: 'integrity' });
  });
});

describe('a public key', () => {
  it.each([
    ['empty', ''],
    ['spaces', ' \n'],
    ['no keys', []],
    ['an empty key in a list', ['']],
    ['no base64', 'no key'],
    ['a name that a template did not replace', '{{ publicKey }}'],
    ['no text', 5 as unknown as string],
  ])('that is %s is an error, never a check that is left out', async (_, key) => {
    const error = { code: 'usage', message: expect.stringContaining('publicKey') };
    await expect(readKeys(key)).rejects.toMatchObject(error);
  });
});

describe('a manifest', () => {
  const file = { kind: 'bundle', url: 'shop.vitrine', size: 9, sha256: '0'.repeat(64) };
  const of = (...parts: unknown[]) => ({ format: 2, parts });
  it.each([
    ['not JSON', '{'],
    ['of another format', { ...of(file), format: 1 }],
    ['without parts', '{"format": 2}'],
    ['with parts that are no list', { format: 2, parts: { bundle: file } }],
    ['without a bundle', of({ ...file, kind: 'wasm' })],
    ['null', 'null'],
    ['with a hash that is none', of({ ...file, sha256: 'abc' })],
    ['without a size', of({ ...file, size: undefined })],
    ['with a size below 0', of({ ...file, size: -1 })],
    ['with an address that is none', of({ ...file, url: 'http://[' })],
    ['with a file of the machine', of({ ...file, url: 'file:///etc/hostname' })],
    ['with another scheme', of({ ...file, url: 'data:,x' })],
    ['with a file without encryption', of({ ...file, url: 'http://cdn.example/x' })],
    ['with such an overlay', of(file, { ...file, kind: 'overlay', url: 'file:///dev/zero' })],
  ])('that is %s is refused by name', (_, document) => {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    expect(() => parseManifest(text, base)).toThrow(expect.objectContaining({ code: 'manifest' }));
  });

  it('may have parts of kinds that this version does not know', () => {
    const parts = [{ kind: 'cards', url: 'http://[' }, null, 7, file];
    expect(parseManifest(JSON.stringify(of(...parts)), base).bundle.size).toBe(9);
  });

  it('that is a file may name files', () => {
    const manifest = parseManifest(JSON.stringify(of(file)), 'file:///shop/manifest.json');
    expect(manifest.bundle.url).toBe('file:///shop/shop.vitrine');
  });
});
