const cacheName = 'vitrine';

/** The files of a release by address: the bytes of those to store, undefined for those that are stored. */
export type KeptFiles = Map<string, Uint8Array | undefined>;

/**
 * The last release that worked, in Cache Storage: its files under their own addresses, its manifest under the
 * manifest's address. The manifest is put last, so what it names is there. Where nothing is stored (blocked, full,
 * private, no https) everything answers as an empty cache; `keep` says so.
 */
export class KeptRelease {
  readonly #manifestUrl: string;

  constructor(manifestUrl: string) {
    this.#manifestUrl = manifestUrl;
  }

  /** The text of the kept manifest. */
  async manifest(): Promise<string | undefined> {
    return (await this.#match(this.#manifestUrl))?.text();
  }

  async file(url: string): Promise<Uint8Array | undefined> {
    const response = await this.#match(url);
    return response && new Uint8Array(await response.arrayBuffer());
  }

  /** Replaces the kept release. Rejects with what the browser says when it cannot. */
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
