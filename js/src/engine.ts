import { describe, statusNames, VitrineError } from './error.js';
import type { Plan } from './plan.js';
import type { Reason, Recommendation } from './types.js';
import { start, type WasmExports } from './wasm_exports.js';

/** What `find` answers for a name that the bundle does not have. */
export const unknown = 0xffffffff;

/** Numbers that the wasm reads: `Engine::find`, `Engine::list`, `vitrine::EventKind`, `vitrine::ReasonKind`. */
export const table = { items: 0, categories: 1, brands: 2 } as const;
export const mode = { recommend: 0, rerank: 1, similar: 2, popular: 3 } as const;
const flag = { availableOnly: 1, excludeSeen: 2, explain: 4, sessionOver: 8 } as const;
const reasonKinds = ['session', 'embedding', 'popularity', 'other', 'neighbours', 'rule'] as const;

/** 32-bit words of one `vitrine::Ranked`, and of one reason in it. */
const rankedWords = 16;
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
  /** Categories that the page shows, and the item, or `unknown`: for who has no history. */
  shown: readonly number[];
  landing: number;
  plan: Plan | undefined;
}

/**
 * The wasm side of one personalizer: turns strings into item numbers and back, and reads lists out of wasm memory.
 * No other file makes views of that memory. They are made anew when it grew, and never kept across a call.
 */
export class Engine {
  readonly hash: string;
  readonly metadata: string;
  /** Seconds of silence that end a session; 0: it never ends. */
  readonly sessionGap: number;
  readonly #engine: WasmExports;
  readonly #ids: (string | undefined)[] = [];
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  /** Items of the bundle itself; what an overlay adds comes after them. */
  readonly #known: number;
  #words = new Uint32Array(0);
  #planned = false;
  #memory = new Uint8Array(0);

  /** Copies the bundle into wasm memory and opens it. Throws a VitrineError: `wasm` or `bundle`. */
  static async open(compiled: WebAssembly.Module, bundle: Uint8Array): Promise<Engine> {
    let engine: WasmExports;
    try {
      engine = await start(compiled);
    } catch (cause) {
      throw new VitrineError('wasm', `the wasm does not start: ${describe(cause)}`, { cause });
    }
    return new Engine(engine, bundle);
  }

  private constructor(engine: WasmExports, bundle: Uint8Array) {
    this.#engine = engine;
    this.#take('bundle', bundle);
    this.#known = engine.itemCount();
    this.sessionGap = engine.sessionGap();
    const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
    this.hash = hex(engine.hashHigh()) + hex(engine.hashLow());
    this.metadata = this.#text(engine.metadata(), engine.metadataSize());
  }

  /** All items, with those of an overlay. */
  get itemCount(): number {
    return this.#engine.itemCount();
  }

  /** Of the overlay, or where that has none, of the bundle. JSON text. */
  get experiments(): string {
    return this.#text(this.#engine.experiments(), this.#engine.experimentsSize());
  }

  /**
   * Takes an overlay in the place of the one before, and forgets the history. Throws a VitrineError, `wasm` or
   * `overlay`, when it does not; then nothing has changed.
   */
  apply(overlay: Uint8Array): void {
    this.#take('overlay', overlay);
    this.#ids.length = Math.min(this.#ids.length, this.#known);
    this.#planned = false;
  }

  #take(what: 'bundle' | 'overlay', file: Uint8Array): void {
    const engine = this.#engine;
    let status: number;
    try {
      const address = engine[what === 'bundle' ? 'reserveBundle' : 'reserveOverlay'](file.length);
      this.#bytes().set(file, address);
      status = engine[what === 'bundle' ? 'open' : 'apply']();
    } catch (cause) {
      const message = `${file.length} bytes of ${what} do not fit into memory: ${describe(cause)}`;
      throw new VitrineError('wasm', message, { cause });
    }
    if (status === 0) return;
    const name = statusNames[status];
    throw new VitrineError(what, `this is no ${what} that can be used: ${name}`, { status: name });
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
    this.#engine.record(item, kind, Number(startsSession));
  }

  /** Forgets the history. */
  clear(): void {
    this.#engine.clear();
  }

  list(request: ListRequest): Recommendation[] {
    this.#tellPlan(request.plan);
    const { categories, brands, excluded, given, shown } = request;
    const lists = [categories, brands, excluded, given, shown];
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
      shown.length,
      request.landing,
    );
    this.#bytes();
    const ranked = this.#engine.ranked() / 4;
    // Out of the memory at once: id() may grow it.
    const words = this.#words.slice(ranked, ranked + count * rankedWords);
    const floats = new Float32Array(words.buffer);
    return Array.from({ length: count }, (_, i) =>
      this.#recommendation(words, floats, i, request.plan),
    );
  }

  #tellPlan(plan: Plan | undefined): void {
    if (plan) {
      const input = this.#engine.input(plan.words.length);
      this.#bytes();
      this.#words.set(plan.words, input / 4);
      this.#engine.plan(plan.words.length);
    } else if (this.#planned) {
      this.#engine.plan(0);
    }
    this.#planned = plan !== undefined;
  }

  #recommendation(
    words: Uint32Array,
    floats: Float32Array,
    place: number,
    plan: Plan | undefined,
  ): Recommendation {
    const at = place * rankedWords;
    const reasons: Reason[] = [];
    const end = at + 3 + reasonWords * (words[at + 2] ?? 0);
    for (let r = at + 3; r < end; r += reasonWords) {
      const kind = reasonKinds[words[r] ?? 3] ?? 'other';
      const source = words[r + 1] ?? 0;
      const score = floats[r + 2] ?? 0;
      if (kind === 'rule') {
        const names = plan?.rules ?? [];
        const rule = source === names.length ? 'context' : names[source];
        reasons.push(rule === undefined ? { kind, score } : { kind, rule, score });
      } else {
        const fromItem = kind !== 'popularity' && kind !== 'other';
        reasons.push(fromItem ? { kind, item: this.id(source), score } : { kind, score });
      }
    }
    const recommendation = { id: this.id(words[at] ?? 0), score: floats[at + 1] ?? 0, reasons };
    const propensity = floats[at + rankedWords - 1] ?? 1;
    return plan?.explored ? { ...recommendation, propensity } : recommendation;
  }

  /** All of wasm memory. Renews the other views when it grew. */
  #bytes(): Uint8Array {
    const { buffer } = this.#engine.memory;
    if (this.#words.buffer !== buffer) {
      this.#words = new Uint32Array(buffer);
      this.#memory = new Uint8Array(buffer);
    }
    return this.#memory;
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
