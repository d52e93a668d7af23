import { VitrineError } from '../error.js';

/** One file of a release. */
export interface ManifestFile {
  /**
   * The address of the file. It is relative to the manifest in the text, and absolute after
   * parsing. The content of an address never changes.
   */
  url: string;
  /** The SHA-256 of the content as 64 lower-case hex digits. */
  sha256: string;
}

/** The files that a release may have, in the order in which they are signed. */
export const manifestFiles = ['bundle', 'wasm', 'overlay', 'preview'] as const;
export type ManifestFileName = (typeof manifestFiles)[number];

/**
 * A manifest names the files that belong together. A shop publishes it under an address with a
 * short cache time.
 */
export interface Manifest {
  bundle: ManifestFile;
  /** The WebAssembly file. Default: the one of the package or script. */
  wasm?: ManifestFile;
  /** The hourly changes of stock, prices and trends. Default: none. */
  overlay?: ManifestFile;
  /** A small bundle of the best-known items that is loaded first. Default: none. */
  preview?: ManifestFile;
  /** The text that is signed, in UTF-8. */
  signedText: string;
  /** The signature: base64 of ECDSA over P-256 with SHA-256; r and s have 32 bytes each. */
  signature: string | undefined;
}

/** Parses a manifest that was loaded from `base`. Throws a VitrineError `manifest`. */
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
