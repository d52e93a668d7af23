// Our wasm below the SDK: numbers in, numbers out, through the exports that js/src/ranking/engine.ts calls.
import { bytesOf, place } from './measure.mjs';

/** 32-bit words of one `vitrine::Ranked`, of which the first is the item; as in js/src/ranking/engine.ts. */
const rankedWords = 16;
const none = 0xffffffff;
const kinds = { items: 0, categories: 1, brands: 2 };
export const mode = { recommend: 0, rerank: 1, similar: 2, popular: 3 };

/** How the SDK starts the wasm, while the bundle is on its way. */
export const sdkStart = async () => (await import(place('/data/wasm_exports.mjs'))).start;

/**
 * Instantiates `code` and opens `bundle`; both are bytes in hand. `verified`: as the SDK opens a manifest's bundle, whose
 * SHA-256 the browser has compared beside the page.
 */
export async function openEngine(code, bundle, verified = false) {
  const startEngine = await sdkStart();
  const start = performance.now();
  const engine = await startEngine(await WebAssembly.compile(code));
  const address = engine.reserveBundle(bundle.length);
  new Uint8Array(engine.memory.buffer).set(bundle, address);
  const opening = performance.now();
  const status = engine.open(+verified);
  if (status !== 0) throw new Error(`bundle refused: status ${status}`);
  const opened = performance.now();
  return new Engine(engine, { openMs: opened - opening, loadMs: opened - start });
}

export const loadEngine = async (bundle) =>
  openEngine(await bytesOf('/wasm/vitrine.wasm'), await bytesOf(bundle));

class Engine {
  #engine;
  #words = new Uint32Array(0);

  constructor(engine, times) {
    this.#engine = engine;
    Object.assign(this, times);
  }

  get memory() {
    return this.#engine.memory.buffer.byteLength;
  }

  get itemCount() {
    return this.#view()[this.#engine.facts() / 4];
  }

  #view() {
    const { buffer } = this.#engine.memory;
    if (this.#words.buffer !== buffer) this.#words = new Uint32Array(buffer);
    return this.#words;
  }

  #put(words) {
    const address = this.#engine.input(words.length);
    this.#view().set(words, address / 4);
  }

  /** The number of each name. */
  find(kind, names) {
    const texts = names.map((name) => new TextEncoder().encode(name));
    const bytes = texts.reduce((sum, text) => sum + text.length, 0);
    const address = this.#engine.input(names.length + Math.ceil(bytes / 4));
    const words = this.#view();
    words.set(
      texts.map((text) => text.length),
      address / 4,
    );
    let at = address + 4 * names.length;
    for (const text of texts) {
      new Uint8Array(words.buffer).set(text, at);
      at += text.length;
    }
    const found = this.#engine.find(kinds[kind], names.length) / 4;
    return [...this.#view().subarray(found, found + names.length)];
  }

  id(item) {
    const address = this.#engine.id(item);
    const size = this.#view()[address / 4];
    return new TextDecoder().decode(new Uint8Array(this.#engine.memory.buffer, address + 4, size));
  }

  clear() {
    this.#engine.clear();
  }

  record(item, kind = 0) {
    this.#engine.record(item, kind, 0);
  }

  /** Rules and diversity of the lists that follow, or none; see `Engine::plan`. Rules move a category or a brand by a factor. */
  plan(wanted) {
    if (!wanted) return this.#engine.plan(0);
    const { lambda = 1, perCategory = 0, perBrand = 0, rules = [] } = wanted;
    const words = [bits(lambda), perCategory, perBrand, 0, 0, 0, 0, 0, rules.length];
    for (const { factor, categories = [], brands = [] } of rules) {
      words.push(bits(factor), 0, bits(Number.POSITIVE_INFINITY));
      words.push(0, categories.length, brands.length, ...categories, ...brands);
    }
    this.#put(words);
    this.#engine.plan(words.length);
  }

  /** Writes what list() reads, once for many calls of `asked`. Returns the one call across the boundary. */
  prepare(
    kind,
    limit,
    { flags = 0, maxPrice = Number.POSITIVE_INFINITY, categories = [], given = [] } = {},
  ) {
    this.#put([...categories, ...given]);
    const { list } = this.#engine;
    const [c, g] = [categories.length, given.length];
    return () => list(kind, limit, flags, 0, maxPrice, c, 0, 0, g, 0, none, none);
  }

  list(kind, limit, given = [], flags = 0) {
    this.#put(given);
    const { length } = given;
    return this.#engine.list(
      ...[kind, limit, flags, 0, Number.POSITIVE_INFINITY, 0, 0, 0, length, 0, none, none],
    );
  }

  similar(item, limit) {
    return this.list(mode.similar, limit, [item]);
  }

  /** The items of the last list. */
  ranked(count) {
    const at = this.#engine.ranked() / 4;
    const all = this.#view();
    const items = new Uint32Array(count);
    for (let i = 0; i < count; i++) items[i] = all[at + rankedWords * i];
    return items;
  }
}

const float = new Float32Array(1);
function bits(value) {
  float[0] = value;
  return new Uint32Array(float.buffer)[0];
}
