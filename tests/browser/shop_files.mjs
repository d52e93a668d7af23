// A small shop for the browser tests: bundles, and manifests as `vitrine manifest` writes them.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBundle, writeOverlay } from '../js/load_bundle_writer.mjs';
import { root } from './harness.mjs';

/** The shop's own order in the test pages. */
export const shopOrder = ['jug', 'lamp', 'mug-red', 'teapot', 'mug-blue'];

/**
 * Makes a bundle whose most popular item is `popular`; this distinguishes one bundle from another.
 * `more` has other parts of the bundle.
 */
export function shopBundle(popular = 'teapot', more = {}) {
  return writeBundle({ ...shopContents(popular), ...more });
}

function shopContents(popular) {
  const items = shopOrder.map((id) => ({ id, popularity: id === popular ? 1 : 0.1 }));
  items[2].next = { 'mug-blue': 0.9 };
  return { items };
}

/**
 * Makes an overlay that turns `popular` into the best-known item of the bundle whose best-known
 * item is `of`. `more` has other changes.
 */
export function shopOverlay(popular, of = 'teapot', more = {}) {
  const changes = { ...more, popularity: { [popular]: 0xffff }, shift: 2048 };
  return writeOverlay(shopContents(of), shopBundle(of), changes);
}

export const wasm = readFileSync(join(root, 'js/dist/vitrine.wasm'));

/** Makes a key pair in the form of `vitrine keygen`. */
export function keys() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privateKey,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * Returns the pages of a server for one release: the manifest, and bundle and wasm under names that
 * contain their hash. With `code: null` the manifest names no wasm. `facts` are further members of
 * the manifest, such as its shop; `privateKeys` sign it.
 */
export function release({
  bundle,
  overlay,
  preview,
  privateKey,
  privateKeys = privateKey ? [privateKey] : [],
  facts = {},
  code = wasm,
  lie = false,
  folder = '/r/',
}) {
  const pages = {};
  const part = (kind, stem, ending, bytes) => {
    const url = `${stem}.${sha256(bytes).slice(0, 16)}.${ending}`;
    const type = ending === 'wasm' ? 'application/wasm' : 'application/octet-stream';
    pages[folder + url] = { body: Buffer.from(bytes), type };
    return { kind, url, size: bytes.length, sha256: sha256(lie ? `not ${url}` : bytes) };
  };
  const parts = [part('bundle', 'shop', 'vitrine', bundle)];
  if (code) parts.push(part('wasm', 'vitrine', 'wasm', code));
  if (overlay) parts.push(part('overlay', 'shop', 'overlay', overlay));
  if (preview) parts.push(part('preview', 'preview', 'vitrine', preview));
  const signed = {
    format: 2,
    ...(privateKeys.length > 0 && { shop: 'shop', release: 1 }),
    ...facts,
    parts,
  };
  const signatures = privateKeys.map((privateKey) => {
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' };
    const value = sign('sha256', Buffer.from(JSON.stringify(signed)), key).toString('base64');
    return { value };
  });
  const manifest = { ...signed, ...(signatures.length > 0 && { signatures }) };
  return {
    [`${folder}manifest.json`]: { body: JSON.stringify(manifest), type: 'application/json' },
    ...pages,
  };
}

/**
 * Returns a page with the script tag as described in docs/sdk.md; `data` are further attributes of
 * the tag.
 */
export function scriptPage(data = '', manifest = '/r/manifest.json') {
  return {
    type: 'text/html; charset=utf-8',
    body: `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">
<script src="/queue.js"></script>
<script async src="/package/vitrine.js" data-manifest="${manifest}" ${data}></script>
<main><h1>Shop</h1></main>`,
  };
}

/** The lines that a page contains before the script is loaded. */
export const queueScript = {
  type: 'text/javascript; charset=utf-8',
  body: `window.errors = [];
window.vitrine = window.vitrine || [];
vitrine.options = { onError: (error) => errors.push(error.code) };
vitrine.push((live) => live.record({ item: 'mug-red' }));`,
};
