import { describe, VitrineError } from '../error.js';
import { hex } from '../id.js';
import type { Manifest, ManifestFile } from './manifest.js';

/** Throws a VitrineError `integrity` unless `bytes` have the SHA-256 of the manifest. */
export async function checkHash(bytes: Uint8Array, { url, sha256 }: ManifestFile): Promise<void> {
  const digest = await subtle().digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  const found = hex(new Uint8Array(digest));
  if (found === sha256) return;
  const message = `${url} has SHA-256 ${found}, the manifest says ${sha256}: publish both`;
  throw new VitrineError('integrity', message);
}

/**
 * Throws a VitrineError `integrity` unless the manifest is signed with the private key that belongs
 * to `publicKey`.
 */
export async function checkSignature(manifest: Manifest, publicKey: string): Promise<void> {
  let valid = false;
  try {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const key = await subtle().importKey('spki', base64(publicKey), algorithm, false, ['verify']);
    const text = new TextEncoder().encode(manifest.signedText);
    const how = { name: 'ECDSA', hash: 'SHA-256' };
    valid = await subtle().verify(how, key, base64(manifest.signature ?? ''), text);
  } catch (cause) {
    const message = `the signature cannot be checked: ${describe(cause)}`;
    throw new VitrineError('integrity', message, { cause });
  }
  if (!valid) throw new VitrineError('integrity', 'the manifest is not signed by the given key');
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
