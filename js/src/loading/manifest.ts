import { VitrineError } from '../error.js';

/** One file of a release. */
export interface ManifestFile {
  /** Absolute once parsed; in the manifest relative to it. The content under it never changes. */
  url: string;
  /** SHA-256 of the content, 64 lower-case hex digits. */
  sha256: string;
}

/** The files a release may have, in the order in which they are signed. */
export const manifestFiles = ['bundle', 'wasm', 'overlay', 'starter'] as const;
export type ManifestFileName = (typeof manifestFiles)[number];

/** Names the files that belong together: what a shop publishes under a short-lived address. */
export interface Manifest {
  bundle: ManifestFile;
  /** Default: the wasm of the package or script. */
  wasm?: ManifestFile;
  /** Hourly changes of stock, prices and trends. Default: none. */
  overlay?: ManifestFile;
  /** A first bundle of the best-known items, small. Default: none. */
  starter?: ManifestFile;
  /** What a signature is over, as UTF-8. */
  signedText: string;
  /** Base64 of ECDSA over P-256 with SHA-256, r and s of 32 bytes each. */
  signature: string | undefined;
}

/** Reads a manifest that was loaded from `base`. Throws a VitrineError: `manifest`. */
export function parseManifest(text: string, base: string): Manifest {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    return refuse(`the manifest ${base} is not JSON`, cause);
  }
  const given = Object(document) as Record<string, unknown>;
  if (given.format !== 1) {
    refuse(`the manifest ${base} has format ${given.format}; this package reads format 1`);
  }
  const lines = ['vitrine manifest 1'];
  const files: Partial<Record<ManifestFileName, ManifestFile>> = {};
  for (const name of manifestFiles) {
    if (given[name] === undefined) continue;
    const { url, sha256 } = Object(given[name]) as Record<string, unknown>;
    if (typeof url !== 'string' || !/^\S+$/.test(url) || !/^[0-9a-f]{64}$/.test(`${sha256}`)) {
      return refuse(`"${name}" of ${base} needs a url and a sha256`);
    }
    lines.push(`${name} ${sha256} ${url}`);
    files[name] = { url: resolve(url, base), sha256: `${sha256}` };
  }
  const { bundle, ...others } = files;
  if (!bundle) return refuse(`the manifest ${base} names no bundle`);
  const signature = typeof given.signature === 'string' ? given.signature : undefined;
  return { bundle, ...others, signature, signedText: `${lines.join('\n')}\n` };
}

function resolve(url: string, base: string): string {
  try {
    return new URL(url, base).href;
  } catch (cause) {
    return refuse(`"${url}" of ${base} is no address`, cause);
  }
}

function refuse(message: string, cause?: unknown): never {
  throw new VitrineError('manifest', message, { cause });
}
