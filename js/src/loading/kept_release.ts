/**
 * The files of a release by address: the bytes of new files, and undefined for files that are
 * already stored.
 */
export type KeptFiles = Map<string, Uint8Array | undefined>;

/** The largest number of manifests of an origin whose releases are stored. */
const mostKept = 8;

/**
 * The last release of a manifest that worked, in a cache of its own in Cache Storage. Files are
 * stored under their own addresses, the manifest under its address. The manifest is stored last, so
 * that all files it names exist. When storage does not work (blocked, full, private mode, no https),
 * reads behave like an empty cache and `keep` rejects.
 */
export class KeptRelease {
  readonly #manifestUrl: string;
  readonly #prefix: string;
  /** The address of the highest number of a release. It is none that a server has. */
  readonly #highest: string;

  /** `scope` begins the names of the shop's stores. */
  constructor(manifestUrl: string, scope: string) {
    this.#manifestUrl = manifestUrl;
    this.#prefix = `${scope}:`;
    const highest = new URL(manifestUrl);
    highest.searchParams.set('vitrine', 'release');
    this.#highest = highest.href;
  }

  /** Returns the text of the stored manifest. */
  async manifest(): Promise<string | undefined> {
    return (await this.#match(this.#manifestUrl))?.text();
  }

  async file(url: string): Promise<Uint8Array | undefined> {
    const response = await this.#match(url);
    return response && new Uint8Array(await response.arrayBuffer());
  }

  /** Returns the highest number of a release that `raise` was told; 0 when there is none. */
  async highest(): Promise<number> {
    return Number(await (await this.#match(this.#highest))?.text()) || 0;
  }

  async raise(release: number): Promise<void> {
    const cache = await globalThis.caches?.open(this.#name);
    await cache?.put(this.#highest, new Response(`${release}`));
  }

  /** Replaces the stored release. Rejects with the browser's error when storing fails. */
  async keep(manifest: string, files: KeptFiles): Promise<void> {
    const cache = await globalThis.caches?.open(this.#name);
    if (!cache) return;
    for (const [url, bytes] of files) {
      if (bytes) await cache.put(url, new Response(bytes as Uint8Array<ArrayBuffer>));
    }
    await cache.put(this.#manifestUrl, new Response(manifest));
    const wanted = new Set([this.#manifestUrl, this.#highest, ...files.keys()]);
    for (const { url } of await cache.keys()) {
      if (!wanted.has(url)) await cache.delete(url);
    }
    // A shop that changes the address of its manifest must not fill the storage.
    const names = (await caches.keys()).filter((name) => name.startsWith(this.#prefix));
    for (const name of names.slice(0, -mostKept)) {
      if (name !== this.#name) await caches.delete(name);
    }
  }

  get #name(): string {
    return this.#prefix + this.#manifestUrl;
  }

  async #match(url: string): Promise<Response | undefined> {
    try {
      return await globalThis.caches?.match(url, { cacheName: this.#name });
    } catch {
      return undefined;
    }
  }
}
