import { describe, statusNames, VitrineError } from './error.js';
import createModule, { type MainModule, type Engine as WasmEngine } from './generated/vitrine.mjs';
import type { Reason, Recommendation } from './types.js';

/** What `find` answers for a name that the bundle does not have. */
export const unknown = 0xffffffff;

/** Numbers that the wasm reads: `Engine::find`, `Engine::list`, `vitrine::EventKind`, `vitrine::ReasonKind`. */
export const table = { items: 0, categories: 1, brands: 2 } as const;
export const mode = { recommend: 0, rerank: 1, similar: 2, popular: 3 } as const;
const flag = { availableOnly: 1, excludeSeen: 2, explain: 4, sessionOver: 8 } as const;
const reasonKinds = ['session', 'embedding', 'popularity', 'other', 'neighbours'] as const;

/** 32-bit words of one `vitrine::Ranked`, and of one reason in it. */
const rankedWords = 15;
const reasonWords = 3;

/** The longest item id of the format, and more than any sensible category path, in bytes. */
const longestName = { 0: 1024, 1: 65535, 2: 65535 } as const;

export interface ListRequest {
  mode: (typeof mode)[keyof typeof mode];
  limit: number;
  minPrice: number;
  maxPrice: number;
  availableOnly: boolean;
  excludeSeen: boolean;
  explain: boolean;
  /** All of the history lies in earlier sessions. */
  sessionOver: boolean;
  /** Indices, as `find` gave them; unknown ones match nothing. */
  categories: readonly number[];
  brands: readonly number[];
  excluded: readonly number[];
  given: readonly number[];
}

/**
 * The wasm side of one personalizer: turns strings into item numbers and back, and reads lists out of wasm memory.
 * No other file makes views of that memory. They are made anew when it grew, and never kept across a call.
 */
export class Engine {
  readonly itemCount: number;
  readonly hash: string;
  readonly metadata: string;
  readonly experiments: string;
  /** Seconds of silence that end a session; 0: it never ends. */
  readonly sessionGap: number;
  readonly #module: MainModule;
  readonly #engine: WasmEngine;
  readonly #ids: (string | undefined)[] = [];
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  #words = new Uint32Array(0);

  /** Copies the bundle into wasm memory and opens it. Throws a VitrineError: `wasm` or `bundle`. */
  static async open(compiled: WebAssembly.Module, bundle: Uint8Array): Promise<Engine> {
    let module: MainModule;
    try {
      module = await instantiate(compiled);
    } catch (cause) {
      throw new VitrineError('wasm', `the wasm does not start: ${describe(cause)}`, { cause });
    }
    return new Engine(module, bundle);
  }

  private constructor(module: MainModule, bundle: Uint8Array) {
    this.#module = module;
    let status: number;
    try {
      this.#engine = new module.Engine();
      const address = this.#engine.reserveBundle(bundle.byteLength);
      this.#bytes().set(bundle, address);
      status = this.#engine.open();
    } catch (cause) {
      const message = `a bundle of ${bundle.byteLength} bytes does not fit into memory: ${describe(cause)}`;
      throw new VitrineError('wasm', message, { cause });
    }
    const engine = this.#engine;
    if (status !== 0) {
      const message = this.#text(engine.message(status), engine.messageSize(status));
      engine.delete();
      throw new VitrineError('bundle', message, { status: statusNames[status] });
    }
    this.itemCount = engine.itemCount();
    this.sessionGap = engine.sessionGap();
    const hex = (word: number) => word.toString(16).padStart(8, '0');
    this.hash = hex(engine.hashHigh()) + hex(engine.hashLow());
    this.metadata = this.#text(engine.metadata(), engine.metadataSize());
    this.experiments = this.#text(engine.experiments(), engine.experimentsSize());
  }

  /** The index of each name, or `unknown`. Names may be anything: what is not a usable string is unknown. */
  find(kind: (typeof table)[keyof typeof table], names: readonly unknown[]): number[] {
    if (names.length === 0) return [];
    const encoded = names.map((name) => this.#encode(name, longestName[kind]));
    const size = encoded.reduce((total, bytes) => total + bytes.length, 0);
    const input = this.#engine.input(names.length + Math.ceil(size / 4));
    const bytes = this.#bytes();
    let at = input + 4 * names.length;
    encoded.forEach((text, i) => {
      this.#words[input / 4 + i] = text.length;
      bytes.set(text, at);
      at += text.length;
    });
    this.#engine.find(kind, names.length);
    this.#bytes();
    const output = this.#engine.output() / 4;
    const found = Array.from(this.#words.subarray(output, output + names.length));
    if (kind === table.items) {
      found.forEach((item, i) => {
        if (item !== unknown) this.#ids[item] = names[i] as string;
      });
    }
    return found;
  }

  /** The id of an item. Precondition: item < itemCount. */
  id(item: number): string {
    const known = this.#ids[item];
    if (known !== undefined) return known;
    const size = this.#engine.id(item);
    const id = this.#text(this.#engine.output(), size);
    this.#ids[item] = id;
    return id;
  }

  /** Adds to the history. `kind`: a `vitrine::EventKind`. */
  record(item: number, kind: number, startsSession: boolean): void {
    this.#engine.record(item, kind, startsSession);
  }

  /** Forgets the history. */
  clear(): void {
    this.#engine.clear();
  }

  list(request: ListRequest): Recommendation[] {
    const { categories, brands, excluded, given } = request;
    const lists = [categories, brands, excluded, given];
    const input = this.#engine.input(lists.reduce((total, list) => total + list.length, 0));
    this.#bytes();
    let at = input / 4;
    for (const list of lists) {
      this.#words.set(list, at);
      at += list.length;
    }
    const count = this.#engine.list(
      request.mode,
      Math.min(request.limit, this.itemCount),
      (request.availableOnly ? flag.availableOnly : 0) |
        (request.excludeSeen ? flag.excludeSeen : 0) |
        (request.explain ? flag.explain : 0) |
        (request.sessionOver ? flag.sessionOver : 0),
      request.minPrice,
      request.maxPrice,
      categories.length,
      brands.length,
      excluded.length,
      given.length,
    );
    this.#bytes();
    const ranked = this.#engine.ranked() / 4;
    // Out of the memory at once: id() may grow it.
    const words = this.#words.slice(ranked, ranked + count * rankedWords);
    const floats = new Float32Array(words.buffer);
    return Array.from({ length: count }, (_, i) => this.#recommendation(words, floats, i));
  }

  dispose(): void {
    this.#engine.delete();
  }

  #recommendation(words: Uint32Array, floats: Float32Array, place: number): Recommendation {
    const at = place * rankedWords;
    const reasons: Reason[] = [];
    const end = at + 3 + reasonWords * (words[at + 2] ?? 0);
    for (let r = at + 3; r < end; r += reasonWords) {
      const kind = reasonKinds[words[r] ?? 3] ?? 'other';
      const score = floats[r + 2] ?? 0;
      reasons.push(
        kind === 'popularity' || kind === 'other'
          ? { kind, score }
          : { kind, item: this.id(words[r + 1] ?? 0), score },
      );
    }
    return { id: this.id(words[at] ?? 0), score: floats[at + 1] ?? 0, reasons };
  }

  /** All of wasm memory. Renews the other views when it grew. */
  #bytes(): Uint8Array {
    const bytes: Uint8Array<ArrayBuffer> = this.#module.HEAPU8;
    if (this.#words.buffer !== bytes.buffer) {
      this.#words = new Uint32Array(bytes.buffer);
    }
    return bytes;
  }

  #text(address: number, size: number): string {
    return this.#decoder.decode(this.#bytes().subarray(address, address + size));
  }

  /** UTF-8; nothing, which no table has, for what cannot be a name. */
  #encode(name: unknown, longest: number): Uint8Array {
    if (typeof name !== 'string' || name.length > longest) return new Uint8Array(0);
    const bytes = this.#encoder.encode(name);
    // Half a surrogate pair would turn into U+FFFD, and that may be somebody else's name.
    const usable = bytes.length <= longest && !/\p{Surrogate}/u.test(name);
    return usable ? bytes : new Uint8Array(0);
  }
}

/** A fresh instance, with memory of its own. Rejects, as Emscripten's own way would not, when there is no room. */
function instantiate(compiled: WebAssembly.Module): Promise<MainModule> {
  return new Promise((resolve, reject) => {
    createModule({
      instantiateWasm(
        imports: WebAssembly.Imports,
        receive: (instance: WebAssembly.Instance) => void,
      ) {
        WebAssembly.instantiate(compiled, imports).then(receive).catch(reject);
        return {};
      },
    }).then(resolve, reject);
  });
}
