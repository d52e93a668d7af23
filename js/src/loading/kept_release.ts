const cacheName = 'vitrine';

/**
 * The files of a release by address: the bytes of new files, and undefined for files that are
 * already stored.
 */
export type KeptFiles = Map<string, Uint8Array | undefined>;

/**
 * The last release that worked, in Cache Storage. Files are stored under their own addresses, the
 * manifest under its address. The manifest is stored last, so that all files it names exist. When
 * storage does not work (blocked, full, private mode, no https), reads behave like an empty cache
 * and `keep` rejects.
 */
export class KeptRelease {
  readonly #manifestUrl: string;

  constructor(manifestUrl: string) {
    this.#manifestUrl = manifestUrl;
  }

  /** Returns the text of the stored manifest. */
  async manifest(): Promise<string | undefined> {
    return (await this.#match(this.#manifestUrl))?.text();
  }

  async file(url: string): Promise<Uint8Array | undefined> {
    const response = await this.#match(url);
    return response && new Uint8Array(await response.arrayBuffer());
  }

  /** Replaces the stored release. Rejects with the browser's error when storing fails. */
  async keep(manifest: string, files: KeptFiles): Promise<void> {
    const cache = await globalThis.caches?.open(cacheName);
    if (!cache) return;
    for (const [url, bytes] of files) {
      if (bytes) await cache.put(url, new Response(bytes as Uint8Array<ArrayBuffer>));
    }
    await cache.put(this.#manifestUrl, new Response(manifest));
    const wanted = new Set([this.#manifestUrl, ...files.keys()]);
    for (const { url } of await cache.keys()) {
      if (!wanted.has(url)) await cache.delete(url);
    }
  }

  async #match(url: string): Promise<Response | undefined> {
    try {
      const cache = await globalThis.caches?.open(cacheName);
      return await cache?.match(url);
    } catch {
      return undefined;
    }
  }
}
