import { type Report, tell, VitrineError } from '../error.js';
import { checkHash, checkSignature } from './integrity.js';
import { type KeptFiles, KeptRelease } from './kept_release.js';
import { load } from './load.js';
import { type Manifest, type ManifestFile, parseManifest } from './manifest.js';

export interface ReleaseOptions {
  /** The absolute address of the manifest. */
  manifest: string;
  /**
   * Base64 of the public key (SPKI) with which manifests must be signed. Default: signatures are
   * not checked.
   */
  publicKey?: string | undefined;
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

/**
 * Opens the release that the manifest names. When it does not come in time, is damaged or does not
 * open, opens the stored release instead. A release that was opened from the network is stored for
 * the next page. If it came too late for this page, `discard` receives it. Rejects with the
 * network's error when neither release opens.
 *
 * While the bundle is loaded from the network, its preview is opened and given to `begin`, if there
 * is one.
 */
export async function openRelease<T>(
  options: ReleaseOptions,
  open: (release: Release) => Promise<T>,
  begin: (opened: T) => void,
  discard: (opened: T) => void,
): Promise<T> {
  const kept = new KeptRelease(options.manifest);
  const fromNetwork = async () => {
    const { text, manifest } = await loadManifest(options);
    const { release, files } = await read(manifest, 'network', options, kept, (preview) =>
      open(preview).then(begin),
    );
    const opened = await open(release);
    await keep(text, files, options, kept);
    return opened;
  };
  const fromKept = async () => {
    const text = await kept.manifest();
    if (text === undefined) return undefined;
    const { release } = await read(await check(text, options), 'kept', options, kept);
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
  const { text, manifest } = await loadManifest(options);
  const { bundle, overlay, wasm } = manifest;
  if (!overlay || overlay.sha256 === taken || bundle.sha256 !== current.sha256) return undefined;
  const bytes = await fetchFile(overlay, 'network', options);
  if (!apply(bytes)) return undefined;
  const files: KeptFiles = new Map([[overlay.url, bytes]]);
  for (const file of [bundle, wasm]) if (file) files.set(file.url, undefined);
  await keep(text, files, options, new KeptRelease(options.manifest));
  return overlay.sha256;
}

async function keep(
  manifest: string,
  files: KeptFiles,
  options: ReleaseOptions,
  kept: KeptRelease,
): Promise<void> {
  await kept.keep(manifest, files).catch((cause: unknown) => {
    tell(options.report, cause, 'storage', 'the release is not kept: ');
  });
}

async function loadManifest(
  options: ReleaseOptions,
): Promise<{ text: string; manifest: Manifest }> {
  const text = new TextDecoder().decode(await load('manifest', options.manifest, options));
  return { text, manifest: await check(text, options) };
}

async function check(text: string, options: ReleaseOptions): Promise<Manifest> {
  const manifest = parseManifest(text, options.manifest);
  if (options.publicKey) await checkSignature(manifest, options.publicKey);
  return manifest;
}

async function read(
  manifest: Manifest,
  origin: Origin,
  options: ReleaseOptions,
  kept: KeptRelease,
  begin?: (preview: Release) => Promise<void>,
): Promise<{ release: Release; files: KeptFiles }> {
  const files: KeptFiles = new Map();
  const one = async (file: ManifestFile | undefined, before?: () => Promise<unknown>) => {
    if (!file) return undefined;
    const there = await keptFile(file, kept);
    if (!there) await before?.();
    const bytes = there ?? (await fetchFile(file, origin, options));
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
    const bundle = await fetchFile(preview, origin, options);
    early
      .then((wasm) => begin({ bundle, wasm, overlay: undefined, manifest: undefined }))
      .catch(failed);
  };
  const [bundle, wasm, overlay] = await Promise.all([
    one(manifest.bundle, () => start().catch(failed)),
    early,
    // A bundle can be used without its overlay, but not the other way round.
    one(manifest.overlay).catch((error: unknown) => {
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
  options: ReleaseOptions,
): Promise<Uint8Array> {
  if (origin === 'kept') {
    throw new VitrineError('integrity', `the kept copy of ${file.url} is gone or damaged`);
  }
  const bytes = await load('file', file.url, options);
  await checkHash(bytes, file);
  return bytes;
}
