// Our wasm below the SDK: numbers in, numbers out, through the exports that js/src/ranking/engine.ts calls.
import { bytesOf, place } from './measure.mjs';

/** The package's side of the boundary: its numbers and offsets, and how it starts the wasm and writes a request. */
const boundary = () => import(place('/data/boundary.mjs'));

/** How the SDK starts the wasm, while the bundle is on its way. */
export const sdkStart = async () => (await boundary()).start;

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
  return new Engine(await boundary(), engine, { openMs: opened - opening, loadMs: opened - start });
}

export const loadEngine = async (bundle) =>
  openEngine(await bytesOf('/wasm/vitrine.wasm'), await bytesOf(bundle));

class Engine {
  #abi;
  #engine;
  #words = new Uint32Array(0);
  #wishes = {};

  constructor(abi, engine, times) {
    this.#abi = abi;
    this.#engine = engine;
    Object.assign(this, times);
  }

  get memory() {
    return this.#engine.memory.buffer.byteLength;
  }

  get itemCount() {
    return this.#view()[this.#engine.info() / 4 + this.#abi.infoWords.itemCount];
  }

  #view() {
    const { buffer } = this.#engine.memory;
    if (this.#words.buffer !== buffer) this.#words = new Uint32Array(buffer);
    return this.#words;
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
    const found = this.#engine.find(this.#abi.table[kind], names.length) / 4;
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

  /** Rules and diversity of the lists that follow, or none. Rules move a category or a brand by a factor. */
  plan(wanted) {
    if (!wanted) {
      this.#wishes = {};
      return;
    }
    const { lambda: relevance = 1, perCategory = 0, perBrand = 0, rules = [] } = wanted;
    const maxPrice = Number.POSITIVE_INFINITY;
    const any = { items: [], categories: [], brands: [], minPrice: 0, maxPrice };
    const all = rules.map((rule) => ({ ...any, ...rule }));
    this.#wishes = { planned: true, relevance, perCategory, perBrand, rules: all };
  }

  /** Writes what list() reads, once for many calls of `asked`. Returns the one call across the boundary. */
  prepare(mode, limit, options = {}) {
    const { unknown } = this.#abi;
    const request = {
      ...{ now: 0, mode: this.#abi.mode[mode], limit, landing: unknown, market: unknown },
      ...{ availableOnly: false, excludeSeen: false, explain: false },
      ...{ minPrice: 0, maxPrice: Number.POSITIVE_INFINITY },
      ...{ categories: [], brands: [], excluded: [], given: [], shown: [], pins: [], rules: [] },
      ...{ planned: false, relevance: 1, perCategory: 0, perBrand: 0 },
      ...{ exploration: 0, strength: 0, seedLow: 0, seedHigh: 0 },
      ...this.#wishes,
      ...options,
    };
    const address = this.#engine.input(this.#abi.sizeOfRequest(request));
    const words = this.#view();
    const floats = new Float32Array(words.buffer);
    const doubles = new Float64Array(words.buffer);
    this.#abi.writeRequest(request, { words, floats, doubles }, address / 4);
    const { list } = this.#engine;
    return () => list();
  }

  list(mode, limit, given = []) {
    return this.prepare(mode, limit, { given })();
  }

  similar(item, limit) {
    return this.list('similar', limit, [item]);
  }

  /** The items of the last list. */
  ranked(count) {
    const at = this.#engine.ranked() / 4;
    const all = this.#view();
    const items = new Uint32Array(count);
    const { rankedSize, rankedWords } = this.#abi;
    for (let i = 0; i < count; i++) items[i] = all[at + rankedSize * i + rankedWords.item];
    return items;
  }
}
