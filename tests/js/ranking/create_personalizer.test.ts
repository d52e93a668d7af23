import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { statusNames } from '../../../js/src/abi.ts';
import { VitrineError } from '../../../js/src/error.ts';
import { createPersonalizer } from '../../../js/src/ranking/create_personalizer.ts';
import type { PersonalizerOptions } from '../../../js/src/ranking/types.ts';
import { seal, type TestItem, writeBundle } from '../bundle_writer.ts';
import { ids, open, shop, wasm } from '../shop.ts';

const bundle = writeBundle(shop);
const wasmFile = new URL('../../../js/dist/vitrine.wasm', import.meta.url);

async function failure(options: Partial<PersonalizerOptions> | undefined): Promise<VitrineError> {
  const error = await createPersonalizer(options as PersonalizerOptions).then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(VitrineError);
  return error as VitrineError;
}

afterEach(() => vi.restoreAllMocks());

describe('createPersonalizer takes a bundle', () => {
  const sources: Record<string, () => PersonalizerOptions['bundle']> = {
    'as bytes': () => bundle,
    'as a view into a larger buffer': () => {
      const larger = new Uint8Array(bundle.length + 7);
      larger.set(bundle, 7);
      return larger.subarray(7);
    },
    'as a buffer': () => bundle.buffer,
    'as a response': () => new Response(bundle),
    'from a URL': () => new URL('https://shop.example/shop.vitrine'),
    'from a string': () => 'https://shop.example/shop.vitrine',
  };
  for (const [name, source] of Object.entries(sources)) {
    it(name, async () => {
      const asked: string[] = [];
      const vitrine = await createPersonalizer({
        bundle: source(),
        wasm,
        fetch: async (url) => {
          asked.push(String(url));
          return new Response(bundle);
        },
      });
      expect(ids(vitrine.recommend({ limit: 1 }))).toEqual(['mug-blue']);
      expect(asked).toHaveLength(name.startsWith('from') ? 1 : 0);
      vitrine.dispose();
    });
  }

  it('from a file, in Node', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vitrine-'));
    try {
      writeFileSync(join(folder, 'shop.vitrine'), bundle);
      const vitrine = await createPersonalizer({
        bundle: pathToFileURL(join(folder, 'shop.vitrine')),
        wasm: wasmFile,
      });
      expect(vitrine.info.itemCount).toBe(8);
      vitrine.dispose();
      const again = await createPersonalizer({
        bundle: pathToFileURL(join(folder, 'shop.vitrine')).href,
        wasm: readFileSync(wasmFile),
      });
      again.dispose();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('by the global fetch unless told otherwise', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(bundle));
    const vitrine = await createPersonalizer({ bundle: 'https://shop.example/a', wasm });
    expect(fetched).toHaveBeenCalledExactlyOnceWith('https://shop.example/a', {});
    vitrine.dispose();
  });

  it('of another frame, whose types are not those of this one', async () => {
    const foreign = runInNewContext('new Uint8Array(bytes)', { bytes: [...bundle] }) as Uint8Array;
    expect(foreign).not.toBeInstanceOf(Uint8Array);
    for (const source of [foreign, foreign.buffer as ArrayBuffer]) {
      const vitrine = await createPersonalizer({ bundle: source, wasm });
      expect(vitrine.info.itemCount).toBe(8);
      vitrine.dispose();
    }
  });

  it('leaves the bytes it was given as they are, and can do without them', async () => {
    const own = bundle.slice();
    const vitrine = await createPersonalizer({ bundle: own, wasm });
    expect(own).toEqual(bundle);
    own.fill(0);
    expect(ids(vitrine.recommend({ limit: 1 }))).toEqual(['mug-blue']);
    vitrine.dispose();
  });
});

describe('createPersonalizer opens a large bundle', () => {
  it('whose item numbers do not fit into 16 bits', async () => {
    const items: TestItem[] = Array.from({ length: 70_000 }, (_, i) => ({
      id: `item-${i}`,
      popularity: 1 - i / 70_000,
    }));
    items[69_999] = { id: 'last', next: { 'item-69998': 0.5, 'item-2': 0.4 } };
    const { personalizer } = await open({ items });
    expect(personalizer.record({ item: 'last' })).toBe(true);
    expect(ids(personalizer.recommend({ limit: 3 }))).toEqual(['item-69998', 'item-2', 'item-0']);
    expect(personalizer.recommend({ limit: 1e9 })).toHaveLength(69_999);
    personalizer.dispose();
  });
});

describe('createPersonalizer keeps personalizers apart', () => {
  it('with sessions of their own over one compiled wasm', async () => {
    const a = await open();
    const b = await open();
    a.personalizer.record({ item: 'mug-red' });
    expect(b.personalizer.history).toEqual([]);
    expect(a.personalizer.recommend()).not.toEqual(b.personalizer.recommend());
    a.personalizer.dispose();
    expect(b.personalizer.recommend()).not.toEqual([]);
    b.personalizer.dispose();
  });
});

describe('createPersonalizer rejects', () => {
  it('with the status of the core when the bytes are no bundle', async () => {
    const changed = bundle.slice();
    changed[200] = (changed[200] ?? 0) ^ 1;
    const newer = bundle.slice();
    newer[16] = 2;
    seal(newer);
    const misnumbered = bundle.slice();
    misnumbered[32] = 9;
    seal(misnumbered);
    const cases: [Uint8Array, string][] = [
      [new Uint8Array(0), 'truncated'],
      [bundle.subarray(0, 40), 'truncated'],
      [bundle.subarray(0, -1), 'truncated'],
      [new TextEncoder().encode('<!doctype html><title>404</title>'), 'bad-magic'],
      [new Uint8Array([...bundle, 0]), 'trailing-bytes'],
      [changed, 'hash-mismatch'],
      [newer, 'unsupported-version'],
    ];
    for (const [bytes, status] of cases) {
      const error = await failure({ bundle: bytes, wasm });
      expect([error.code, error.status]).toEqual(['bundle', status]);
      expect(error.message).toMatch(/bundle/);
    }
    expect((await failure({ bundle: misnumbered, wasm })).code).toBe('bundle');
  });

  it('when metadata or experiments are not what they should be', async () => {
    const texts = [
      { metadata: '{' },
      { experiments: '[]' },
      { experiments: '{"experiments":[{"key":"a","variations":"b"}]}' },
    ];
    for (const text of texts) {
      const error = await failure({ bundle: writeBundle({ ...shop, ...text }), wasm });
      expect([error.code, error.status]).toEqual(['bundle', 'bad-metadata']);
    }
  });

  it('when experiments of the page cannot be used', async () => {
    const definitions = [{ key: 'k', variations: ['a', 'b'], weights: [0.5, 0.4] }];
    const error = await failure({ bundle: writeBundle(shop), wasm, experiments: { definitions } });
    expect(error.code).toBe('usage');
    expect(error.message).toMatch('experiments[0].weights');
  });

  it('when the network fails or the server refuses', async () => {
    const refused = await failure({
      bundle: 'https://shop.example/a',
      wasm,
      fetch: async () => new Response('', { status: 404, statusText: 'Not Found' }),
    });
    expect(refused.code).toBe('network');
    expect(refused.message).toBe(
      'cannot load the bundle from https://shop.example/a: the server answered 404 Not Found',
    );
    const cause = new TypeError('fetch failed');
    const failed = await failure({
      bundle: 'https://shop.example/a',
      wasm,
      fetch: () => Promise.reject(cause),
    });
    expect([failed.code, failed.cause]).toEqual(['network', cause]);
    expect((await failure({ bundle: new URL('file:///no/such/file'), wasm })).code).toBe('network');
    expect((await failure({ bundle: new Response('', { status: 500 }), wasm })).code).toBe(
      'network',
    );
  });

  it('when the wasm is none', async () => {
    const error = await failure({ bundle, wasm: new Uint8Array([1, 2, 3]) });
    expect(error.code).toBe('wasm');
    const other = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    expect((await failure({ bundle, wasm: other })).code).toBe('wasm');
  });

  it('when it is given up, before or while loading', async () => {
    const before = await failure({ bundle, wasm, signal: AbortSignal.abort('reason') });
    expect([before.code, before.cause]).toEqual(['aborted', 'reason']);
    const controller = new AbortController();
    const during = failure({
      bundle: 'https://shop.example/a',
      wasm,
      signal: controller.signal,
      fetch: (_url, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        }),
    });
    controller.abort();
    expect((await during).code).toBe('aborted');
  });

  it('when there is no bundle among the options', async () => {
    expect((await failure(undefined)).code).toBe('usage');
    expect((await failure({ wasm })).message).toContain('the bundle must be');
    expect((await failure({ bundle: 5 as unknown as string, wasm })).code).toBe('usage');
  });
});

describe('onError', () => {
  it('is console.warn by default', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const vitrine = await createPersonalizer({ bundle, wasm });
    vitrine.recommend({ filter: { brand: 'nobody' } });
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.calls[0]?.[0]).toBeInstanceOf(VitrineError);
    vitrine.dispose();
  });
});

describe('status names', () => {
  it('are those of the core, in its order', () => {
    const header = readFileSync(
      new URL('../../../core/include/vitrine/status.h', import.meta.url),
      'utf8',
    );
    const names = [...header.matchAll(/^ {2}k(\w+) = (\d+),/gm)];
    expect(names.length).toBeGreaterThan(10);
    for (const [, name = '', number] of names) {
      const dashed = name.replace(/(?<=.)([A-Z])/g, '-$1').toLowerCase();
      expect(statusNames[Number(number)]).toBe(dashed);
    }
    expect(statusNames).toHaveLength(names.length);
  });
});
