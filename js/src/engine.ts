import { describe, statusNames, VitrineError } from './error.js';
import { hex } from './id.js';
import type { Plan } from './plan.js';
import type { Reason, Recommendation } from './types.js';
import { start, type WasmExports } from './wasm_exports.js';

/** What `find` answers for a name that the bundle does not have. */
export const unknown = 0xffffffff;

/** Numbers that the wasm reads: `Engine::find`, `Engine::list`, `vitrine::EventKind`, `vitrine::ReasonKind`. */
export const table = { items: 0, categories: 1, brands: 2, markets: 3 } as const;
export const mode = { recommend: 0, rerank: 1, similar: 2, popular: 3 } as const;
const reasonKinds = ['session', 'embedding', 'popularity', 'other', 'neighbours', 'rule'] as const;

/** How many ids the engine knows by heart at most; then it starts anew. Some 100 bytes each. */
const mostNames = 20_000;

/** 32-bit words of one `vitrine::Ranked`, and of one reason in it. */
const rankedWords = 16;
const reasonWords = 3;

/** What every item has that is not explained. */
const none: Reason[] = [];
Object.freeze(none);

/** The longest item id of the format, and more than any other sensible name, in bytes. */
const longestName = 1024;

/** What `Engine::facts` leaves in its output, eight words. */
type Facts = Uint32Array<ArrayBuffer> & {
  readonly [word in 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7]: number;
};

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
  /** Categories that the page shows, the item, and the market, or `unknown`: for who has no history. */
  shown: readonly number[];
  landing: number;
  market: number;
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
  /** Items by id, and ids by item. A page asks for the same ones again and again. */
  readonly #numbers = new Map<string, number>();
  /** 256 in a part, so that none is large and sparse, which takes a millisecond to grow. */
  #ids: (string | undefined)[][] = [];
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  #words = new Uint32Array(0);
  #input = 0;
  #planned = false;
  #memory = new Uint8Array(0);
  #facts!: Facts;
  #list = new Uint32Array(0);
  #listFloats = new Float32Array(0);

  /**
   * Copies the bundle into wasm memory and opens it; `verified`: its SHA-256 was compared, and its own hash need not be.
   * Throws a VitrineError: `wasm` or `bundle`.
   */
  static async open(
    compiled: WebAssembly.Module,
    bundle: Uint8Array,
    verified: boolean,
  ): Promise<Engine> {
    let engine: WasmExports;
    try {
      engine = await start(compiled);
    } catch (cause) {
      throw new VitrineError('wasm', `the wasm does not start: ${describe(cause)}`, { cause });
    }
    return new Engine(engine, bundle, verified);
  }

  private constructor(engine: WasmExports, bundle: Uint8Array, verified: boolean) {
    this.#engine = engine;
    this.#take('bundle', bundle, engine.reserveBundle, () => engine.open(+verified));
    const facts = this.#facts;
    this.sessionGap = facts[3];
    this.hash = hex(new Uint8Array(facts.buffer, 4, 8).reverse());
    this.metadata = this.#text(facts[4], facts[5]);
  }

  /** All items, with those of an overlay. */
  get itemCount(): number {
    return this.#facts[0];
  }

  /** Of the overlay, or where that has none, of the bundle. JSON text. */
  get experiments(): string {
    return this.#text(this.#facts[6], this.#facts[7]);
  }

  /**
   * Takes an overlay in the place of the one before, and forgets the history. Throws a VitrineError, `wasm` or
   * `overlay`, when it does not; then nothing has changed.
   */
  apply(overlay: Uint8Array): void {
    this.#take('overlay', overlay, this.#engine.reserveOverlay, this.#engine.apply);
    this.#numbers.clear();
    this.#ids = [];
    this.#planned = false;
  }

  #take(
    what: 'bundle' | 'overlay',
    file: Uint8Array,
    reserve: (size: number) => number,
    open: () => number,
  ): void {
    let status: number;
    try {
      const address = reserve(file.length);
      this.#bytes().set(file, address);
      status = open();
    } catch (cause) {
      const message = `${file.length} bytes of ${what} do not fit: ${describe(cause)}`;
      throw new VitrineError('wasm', message, { cause });
    }
    if (status > 0) {
      const name = statusNames[status];
      throw new VitrineError(what, `this is no ${what} that can be used: ${name}`, {
        status: name,
      });
    }
    this.#facts = this.#output(this.#engine.facts(), 8) as Facts;
  }

  /** The index of each name, or `unknown`. Names may be anything: what is not a usable string is unknown. */
  find(kind: (typeof table)[keyof typeof table], names: readonly unknown[]): number[] {
    if (names.length === 0) return [];
    if (kind !== table.items) return this.#find(kind, names);
    const found: number[] = [];
    const places: number[] = [];
    for (const name of names) {
      const item = this.#numbers.get(name as string) ?? unknown;
      if (item === unknown) places.push(found.length);
      found.push(item);
    }
    if (places.length === 0) return found;
    const others = this.#find(
      kind,
      places.map((place) => names[place]),
    );
    for (const [i, place] of places.entries()) {
      const item = others[i] ?? unknown;
      if (item === unknown) continue;
      found[place] = item;
      this.#learn(item, names[place] as string);
    }
    return found;
  }

  /** The id of an item. Precondition: item < itemCount. */
  id(item: number): string {
    const known = this.#ids[item >> 8]?.[item & 255];
    if (known !== undefined) return known;
    const address = this.#engine.id(item);
    const id = this.#text(address + 4, this.#output(address, 1)[0] ?? 0);
    this.#learn(item, id);
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
    this.#room(
      lists.reduce((total, { length }) => total + length, 0),
      0,
    );
    let at = this.#input;
    for (const list of lists) {
      this.#words.set(list, at);
      at += list.length;
    }
    const count = this.#engine.list(
      request.mode,
      Math.min(request.limit, this.itemCount),
      +request.availableOnly |
        (+request.excludeSeen << 1) |
        (+request.explain << 2) |
        (+request.sessionOver << 3),
      request.minPrice,
      request.maxPrice,
      categories.length,
      brands.length,
      excluded.length,
      given.length,
      shown.length,
      request.landing,
      request.market,
    );
    this.#bytes();
    const ranked = this.#engine.ranked() / 4;
    // Out of the memory at once: id() may grow it.
    const size = count * rankedWords;
    if (this.#list.length < size) {
      this.#list = new Uint32Array(size);
      this.#listFloats = new Float32Array(this.#list.buffer);
    }
    this.#list.set(this.#words.subarray(ranked, ranked + size));
    const list: Recommendation[] = [];
    for (let i = 0; i < count; i++) list.push(this.#recommendation(i, request.plan));
    return list;
  }

  #tellPlan(plan: Plan | undefined): void {
    if (plan) {
      this.#room(plan.words.length, 0);
      this.#words.set(plan.words, this.#input);
      this.#engine.plan(plan.words.length);
    } else if (this.#planned) {
      this.#engine.plan(0);
    }
    this.#planned = plan !== undefined;
  }

  #recommendation(place: number, plan: Plan | undefined): Recommendation {
    const words = this.#list;
    const floats = this.#listFloats;
    const at = place * rankedWords;
    const reasonCount = words[at + 2] ?? 0;
    const reasons: Reason[] = reasonCount > 0 ? [] : none;
    for (let i = 0, r = at + 3; i < reasonCount; i++, r += reasonWords) {
      const kind = reasonKinds[words[r] ?? 3] ?? 'other';
      const source = words[r + 1] ?? 0;
      const score = floats[r + 2] ?? 0;
      if (kind === 'rule') {
        const names = plan?.rules ?? [];
        const rule = source < names.length ? names[source] : 'context';
        reasons.push({ kind, ...(rule !== undefined && { rule }), score });
      } else {
        const fromItem = kind !== 'popularity' && kind !== 'other';
        reasons.push(fromItem ? { kind, item: this.id(source), score } : { kind, score });
      }
    }
    const recommendation = { id: this.id(words[at] ?? 0), score: floats[at + 1] ?? 0, reasons };
    const propensity = floats[at + rankedWords - 1] ?? 1;
    return plan?.explored ? { ...recommendation, propensity } : recommendation;
  }

  #learn(item: number, id: string): void {
    if (this.#numbers.size >= mostNames) {
      this.#numbers.clear();
      this.#ids = [];
    }
    this.#numbers.set(id, item);
    const part = this.#ids[item >> 8] ?? [];
    part[item & 255] = id;
    this.#ids[item >> 8] = part;
  }

  #find(kind: (typeof table)[keyof typeof table], names: readonly unknown[]): number[] {
    const count = names.length;
    const texts = names.map((name) =>
      typeof name === 'string' && name.length <= longestName ? name : '',
    );
    // Ids are ASCII as a rule: then one text fills as many bytes as it has letters.
    const all = texts.join('');
    let bytes = this.#room(count, all.length);
    let sized: readonly { length: number }[] = texts;
    if (this.#encoder.encodeInto(all, bytes).read !== all.length) {
      const encoded = texts.map((text) => this.#encode(text));
      bytes = this.#room(
        count,
        encoded.reduce((total, text) => total + text.length, 0),
      );
      let at = 0;
      for (const text of encoded) {
        bytes.set(text, at);
        at += text.length;
      }
      sized = encoded;
    }
    this.#words.set(
      sized.map(({ length }) => length),
      this.#input,
    );
    return [...this.#output(this.#engine.find(kind, count), count)];
  }

  /** A copy of the words at an address. */
  #output(address: number, words: number): Uint32Array {
    this.#bytes();
    return this.#words.slice(address / 4, address / 4 + words);
  }

  /** The `size` bytes behind `words` words of the input, which begins at word #input. */
  #room(words: number, size: number): Uint8Array {
    const input = this.#engine.input(words + Math.ceil(size / 4));
    this.#input = input / 4;
    const from = input + 4 * words;
    return this.#bytes().subarray(from, from + size);
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
  #encode(name: string): Uint8Array {
    const bytes = this.#encoder.encode(name);
    // Half a surrogate pair would turn into U+FFFD, and that may be somebody else's name.
    const usable = bytes.length <= longestName && !/\p{Surrogate}/u.test(name);
    return usable ? bytes : new Uint8Array(0);
  }
}
