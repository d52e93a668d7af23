import { describe, VitrineError } from '../error.js';
import { hex } from '../id.js';
import type { Manifest, ManifestFile } from './manifest.js';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Throws a VitrineError `integrity` unless `bytes` have the SHA-256 of the manifest. */
export async function checkHash(bytes: Uint8Array, { url, sha256 }: ManifestFile): Promise<void> {
  const digest = await subtle().digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  const found = hex(new Uint8Array(digest));
  if (found === sha256) return;
  const message = `${url} has SHA-256 ${found}, the manifest says ${sha256}: publish both`;
  throw new VitrineError('integrity', message);
}

/**
 * Reads public keys: base64 of their SubjectPublicKeyInfo, in a list or in one text with spaces or
 * commas between them. Throws a VitrineError `usage` when there is none, or when one is no key: an
 * empty variable in a template must not turn the check off.
 */
export async function readKeys(given: string | readonly string[]): Promise<CryptoKey[]> {
  const texts = [given].flat().flatMap((text) => `${text}`.split(/[\s,]+/).filter(Boolean));
  const crypto = subtle();
  try {
    if (texts.length === 0) throw new Error('it is empty');
    return await Promise.all(
      texts.map((text) => crypto.importKey('spki', base64(text), algorithm, false, ['verify'])),
    );
  } catch (cause) {
    const message = `the option \`publicKey\` has no keys of \`vitrine keygen\`: ${describe(cause)}`;
    throw new VitrineError('usage', message, { cause });
  }
}

/**
 * Throws a VitrineError `integrity` unless one of the manifest's signatures was made with the
 * private key of one of `keys`.
 */
export async function checkSignature(
  { signatures, signedText }: Manifest,
  keys: readonly CryptoKey[],
): Promise<void> {
  const text = new TextEncoder().encode(signedText);
  for (const signature of signatures) {
    for (const key of keys) {
      try {
        if (await subtle().verify(algorithm, key, base64(signature), text)) return;
      } catch {
        // This signature is not base64; another one may be valid.
      }
    }
  }
  throw new VitrineError('integrity', 'the manifest is not signed by a key of `publicKey`');
}

function subtle(): SubtleCrypto {
  const found = globalThis.crypto?.subtle;
  if (!found) {
    throw new VitrineError('integrity', 'a manifest needs https to be checked');
  }
  return found;
}

function base64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
