import { type Report, tell, VitrineError } from '../error.js';
import { checkHash, checkSignature, readKeys } from './integrity.js';
import { type KeptFiles, KeptRelease } from './kept_release.js';
import { load, mostBytes } from './load.js';
import { type Manifest, type ManifestFile, parseManifest } from './manifest.js';

export interface ReleaseOptions {
  /** The absolute address of the manifest. */
  manifest: string;
  /**
   * The public keys: a manifest must be signed with one of them. Default: signatures are not
   * checked.
   */
  publicKey?: string | readonly string[] | undefined;
  /**
   * The shop that a manifest must name. Default: the page's origin for signed manifests, and any
   * shop for others.
   */
  shop?: string | undefined;
  /** The beginning of the names of the shop's stores. */
  scope: string;
  fetch?: typeof fetch | undefined;
  signal?: AbortSignal | undefined;
  /**
   * The time in milliseconds that the network may take when there is a stored release to use
   * instead.
   */
  networkTimeout: number;
  report: Report;
}

/** The files of a release. Each file has been compared with the hash in the manifest. */
export interface Release {
  bundle: Uint8Array;
  wasm: Uint8Array | undefined;
  overlay: Uint8Array | undefined;
  /** The manifest; undefined for the preview. */
  manifest: Manifest | undefined;
}

type Origin = 'network' | 'kept';

/** The largest size of a manifest in bytes. */
const longestManifest = 64 << 10;

/** The context that every step of loading needs. */
interface Loading {
  options: ReleaseOptions;
  kept: KeptRelease;
  /** Undefined when signatures are not checked. */
  keys: readonly CryptoKey[] | undefined;
}

async function begin(options: ReleaseOptions): Promise<Loading> {
  const { publicKey, manifest, scope } = options;
  const keys = publicKey === undefined ? undefined : await readKeys(publicKey);
  return { options, kept: new KeptRelease(manifest, scope), keys };
}

/**
 * Opens the release that the manifest names. When it does not come in time, is damaged or does not
 * open, opens the stored release instead. A release that was opened from the network is stored for
 * the next page. If it came too late for this page, `discard` receives it. Rejects with the
 * network's error when neither release opens.
 *
 * While the bundle is loaded from the network, its preview is opened and given to `take`, if there
 * is one.
 */
export async function openRelease<T>(
  options: ReleaseOptions,
  open: (release: Release) => Promise<T>,
  take: (opened: T) => void,
  discard: (opened: T) => void,
): Promise<T> {
  const loading = await begin(options);
  const fromNetwork = async () => {
    const { text, manifest } = await loadManifest(loading);
    const { release, files } = await read(manifest, 'network', loading, (preview) =>
      open(preview).then(take),
    );
    const opened = await open(release);
    await keep(text, files, loading);
    return opened;
  };
  const fromKept = async () => {
    const text = await loading.kept.manifest();
    if (text === undefined) return undefined;
    const { release } = await read(await check(text, loading), 'kept', loading);
    return { opened: await open(release) };
  };

  const network = fromNetwork();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const first = await Promise.race([
    network.then(
      (opened) => ({ opened }),
      (error: unknown) => ({ error }),
    ),
    new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, options.networkTimeout, undefined);
    }),
  ]);
  clearTimeout(timer);
  if (first && 'opened' in first) return first.opened;
  const last = await fromKept().catch((error: unknown) => {
    tell(options.report, error, 'network');
    return undefined;
  });
  if (!last) return network;
  network.then(first ? () => {} : discard, (error: unknown) =>
    tell(options.report, error, 'network'),
  );
  return last.opened;
}

/**
 * Asks the manifest for a new overlay: one for the same `bundle` whose SHA-256 is not `taken`.
 * Gives it to `apply`, and stores it when that returns true. Returns its SHA-256, or undefined when
 * no overlay was applied. A new bundle is left to the next page. Rejects with a VitrineError.
 */
export async function refreshOverlay(
  options: ReleaseOptions,
  current: ManifestFile,
  taken: string | undefined,
  apply: (overlay: Uint8Array) => boolean,
): Promise<string | undefined> {
  const loading = await begin(options);
  const { text, manifest } = await loadManifest(loading);
  const { bundle, overlay, wasm } = manifest;
  if (!overlay || overlay.sha256 === taken || bundle.sha256 !== current.sha256) return undefined;
  const bytes = await fetchFile(overlay, 'network', loading);
  if (!apply(bytes)) return undefined;
  const files: KeptFiles = new Map([[overlay.url, bytes]]);
  for (const file of [bundle, wasm]) if (file) files.set(file.url, undefined);
  await keep(text, files, loading);
  return overlay.sha256;
}

async function keep(manifest: string, files: KeptFiles, { options, kept }: Loading) {
  await kept.keep(manifest, files).catch((cause: unknown) => {
    tell(options.report, cause, 'storage', 'the release is not kept: ');
  });
}

/**
 * Loads the manifest. Rejects with `stale` when its time is over, or, with keys, when a later one
 * was seen before: whoever controls the server could otherwise bring back an old release.
 */
async function loadManifest(loading: Loading): Promise<{ text: string; manifest: Manifest }> {
  const { options, kept, keys } = loading;
  const [bytes, highest] = await Promise.all([
    load('manifest', options.manifest, options, longestManifest),
    keys ? kept.highest() : 0,
  ]);
  const text = new TextDecoder().decode(bytes);
  const manifest = await check(text, loading);
  const { expires } = manifest;
  if (expires !== undefined && !(Date.parse(`${expires}`) > Date.now())) {
    throw new VitrineError('stale', `the manifest was valid until ${expires}: sign it again`);
  }
  if (keys) {
    const release = Number(manifest.release);
    if (release < highest) {
      const message = `the manifest has release ${release}, but ${highest} was there: publish the old files with a new release`;
      throw new VitrineError('stale', message);
    }
    if (release > highest) await kept.raise(release).catch(() => {}); // `keep` tells of the storage
  }
  return { text, manifest };
}

async function check(text: string, { options, keys }: Loading): Promise<Manifest> {
  const manifest = parseManifest(text, options.manifest);
  if (keys) {
    await checkSignature(manifest, keys);
    if (!Number.isSafeInteger(manifest.release)) {
      throw new VitrineError('manifest', 'the manifest is signed, but it has no release');
    }
  }
  const shop = options.shop ?? (keys && globalThis.location?.origin);
  if ((keys || shop !== undefined) && manifest.shop !== shop) {
    const message = `the manifest is of the shop "${manifest.shop}", and the option \`shop\` says "${shop}"`;
    throw new VitrineError('integrity', message);
  }
  return manifest;
}

async function read(
  manifest: Manifest,
  origin: Origin,
  loading: Loading,
  begin?: (preview: Release) => Promise<void>,
): Promise<{ release: Release; files: KeptFiles }> {
  const { options, kept, keys } = loading;
  const files: KeptFiles = new Map();
  const one = async (file: ManifestFile | undefined, before?: () => Promise<unknown>) => {
    if (!file) return undefined;
    const there = await keptFile(file, kept);
    if (!there) await before?.();
    const bytes = there ?? (await fetchFile(file, origin, loading));
    files.set(file.url, there ? undefined : bytes);
    return bytes;
  };
  const early = one(manifest.wasm);
  const failed = (error: unknown) => tell(options.report, error, 'network', 'no preview: ');
  // The preview is loaded alone, because two downloads would share the bandwidth. It is opened
  // while the bundle is loaded.
  const start = async () => {
    const { preview } = manifest;
    if (!preview || !begin) return;
    const bundle = await fetchFile(preview, origin, loading);
    early
      .then((wasm) => begin({ bundle, wasm, overlay: undefined, manifest: undefined }))
      .catch(failed);
  };
  const [bundle, wasm, overlay] = await Promise.all([
    one(manifest.bundle, () => start().catch(failed)),
    early,
    // A bundle can be used without its overlay, but not the other way round. Where signatures are
    // checked, nobody may hold back the overlay alone: old prices would come back.
    one(manifest.overlay).catch((error: unknown) => {
      if (keys) throw error;
      tell(options.report, error, 'network', 'the overlay is not taken: ');
      return undefined;
    }),
  ]);
  return { release: { bundle: bundle as Uint8Array, wasm, overlay, manifest }, files };
}

async function keptFile(file: ManifestFile, kept: KeptRelease): Promise<Uint8Array | undefined> {
  const bytes = await kept.file(file.url);
  return (
    bytes &&
    checkHash(bytes, file).then(
      () => bytes,
      () => undefined,
    )
  );
}

async function fetchFile(
  file: ManifestFile,
  origin: Origin,
  { options, keys }: Loading,
): Promise<Uint8Array> {
  if (origin === 'kept') {
    throw new VitrineError('integrity', `the kept copy of ${file.url} is gone or damaged`);
  }
  // A size that nobody has signed may be anything.
  const size = keys ? file.size : Math.min(file.size, mostBytes);
  const bytes = await load('file', file.url, options, size);
  await checkHash(bytes, file);
  return bytes;
}
