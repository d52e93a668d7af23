import { describe, VitrineError } from '../error.js';

/** One file of a release. */
export interface ManifestFile {
  /**
   * The address of the file. It is relative to the manifest in the text, and absolute after
   * parsing. The content of an address never changes.
   */
  url: string;
  /** The number of bytes. */
  size: number;
  /** The SHA-256 of the content as 64 lower-case hex digits. */
  sha256: string;
}

/** The kinds of parts that this package reads. It passes over parts of other kinds. */
const kinds = ['bundle', 'wasm', 'overlay', 'preview'] as const;

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
  /** The name or origin of the shop. */
  shop: unknown;
  /** A number that rises with each release. */
  release: unknown;
  /** The time after which the manifest is no longer taken from the network, in ISO 8601. */
  expires: unknown;
  /** The text that is signed, in UTF-8: the manifest without its signatures, without white space. */
  signedText: string;
  /** The signatures: base64 of ECDSA over P-256 with SHA-256; r and s have 32 bytes each. */
  signatures: readonly string[];
}

/** Parses a manifest that was loaded from `base`. Throws a VitrineError `manifest`. */
export function parseManifest(text: string, base: string): Manifest {
  try {
    const { signatures, ...signed } = Object(JSON.parse(text)) as Record<string, unknown>;
    const { format, shop, release, expires } = signed;
    if (format !== 2) throw new Error(`its format is ${format}; this package reads format 2`);
    const parts = list(signed.parts);
    const files: Partial<Record<(typeof kinds)[number], ManifestFile>> = {};
    for (const kind of kinds) {
      const part = parts.find((part) => part.kind === kind);
      if (part) files[kind] = readPart(part, base);
    }
    const { bundle, ...others } = files;
    if (!bundle) throw new Error('it names no bundle');
    return {
      bundle,
      ...others,
      ...{ shop, release, expires },
      signatures: list(signatures).map(({ value }) => `${value}`),
      signedText: JSON.stringify(signed),
    };
  } catch (cause) {
    const message = `the manifest ${base} cannot be used: ${describe(cause)}`;
    throw new VitrineError('manifest', message, { cause });
  }
}

/** Returns the objects of a list; anything else counts as an empty list. */
function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(Object) : [];
}

function readPart({ kind, url, size, sha256 }: Record<string, unknown>, base: string) {
  if (
    typeof url !== 'string' ||
    !Number.isSafeInteger(size) ||
    Number(size) < 0 ||
    !/^[0-9a-f]{64}$/.test(`${sha256}`)
  ) {
    throw new Error(`"${kind}" needs a url, a size and a sha256`);
  }
  const { href, protocol } = new URL(url, base);
  // A manifest of the network must not make a server read its own files.
  if (protocol !== 'https:' && protocol !== new URL(base).protocol) {
    throw new Error(`"${kind}" must not be at a ${protocol} address`);
  }
  return { url: href, size: Number(size), sha256: `${sha256}` };
}
