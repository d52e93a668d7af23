import {
  exploration,
  infoSize,
  infoWords,
  itemReasons,
  longestId,
  rankedFloats,
  rankedSize,
  rankedWords,
  reasonFloats,
  reasonKinds,
  reasonSize,
  reasonWords,
  statusNames,
  table,
  unknown,
} from '../abi.js';
import { describe, VitrineError } from '../error.js';
import type { Draw } from '../experiments/draw.js';
import { idText } from '../id.js';
import { type ListRequest, none } from './list_request.js';
import { sizeOfDraw, sizeOfRequest, type Views, writeDraw, writeRequest } from './request_block.js';
import type { Reason, Recommendation } from './types.js';
import type { WasmExports } from './wasm_exports.js';

type Table = (typeof table)[keyof typeof table];

/**
 * The largest number of names of a table that the engine remembers; then it starts again. Each
 * takes some 100 bytes.
 */
const mostNames = 20_000;

/**
 * The wasm side of one personalizer. It converts strings to item numbers and back, and reads lists
 * from wasm memory. No other file makes views of that memory. Each call may make the memory grow;
 * then the views are made again.
 */
export class Engine {
  readonly hash: string;
  readonly metadata: string;
  readonly #engine: WasmExports;
  /**
   * Indices by name with a map for each table, and ids by item. A page asks for the same ones
   * repeatedly.
   */
  readonly #numbers = Object.values(table).map(() => new Map<string, number>());
  /** Each part has 256 ids. One large and sparse array would take a millisecond to grow. */
  #ids: (string | undefined)[][] = [];
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  /** All of wasm memory, in four ways. */
  #bytes = new Uint8Array(0);
  #views: Views = viewsOf(new ArrayBuffer(0));
  #info!: Uint32Array<ArrayBuffer>;

  /**
   * Copies the bundle into wasm memory and opens it. With `verified` its SHA-256 has been compared,
   * so its own hash is not computed. Throws a VitrineError: `wasm` or `bundle`.
   */
  constructor(engine: WasmExports, bundle: Uint8Array, verified: boolean) {
    this.#engine = engine;
    this.#take('bundle', bundle, engine.reserveBundle, () => engine.open(+verified));
    this.hash = [this.#field('hashHigh'), this.#field('hashLow')]
      .map((half) => half.toString(16).padStart(8, '0'))
      .join('');
    this.metadata = this.#text(this.#field('metadata'), this.#field('metadataSize'));
  }

  /** The number of items, including those of an overlay. */
  get itemCount(): number {
    return this.#field('itemCount');
  }

  /** The experiments of the overlay or, if it has none, of the bundle, as JSON text. */
  get experiments(): string {
    return this.#text(this.#field('experiments'), this.#field('experimentsSize'));
  }

  /**
   * Applies an overlay in place of the previous one, and clears the history. Throws a VitrineError,
   * `wasm` or `overlay`, when that fails; then nothing has changed.
   */
  apply(overlay: Uint8Array): void {
    this.#take('overlay', overlay, this.#engine.reserveOverlay, this.#engine.apply);
    this.#forget();
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
      this.#renew();
      this.#bytes.set(file, address);
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
    const info = this.#engine.info() / 4;
    this.#renew();
    this.#info = this.#views.words.slice(info, info + infoSize);
  }

  #field(name: keyof typeof infoWords): number {
    return this.#info[infoWords[name]] ?? 0;
  }

  /**
   * Returns the index of each name, or `unknown`. A number is the name of its digits. A value that cannot be a name is
   * unknown.
   */
  find(kind: Table, names: readonly unknown[]): number[] {
    const known = this.#numbers[kind] as Map<string, number>;
    const found = new Array<number>(names.length);
    let left = 0;
    for (let i = 0; i < found.length; i++) {
      const index = known.get(names[i] as string) ?? unknown;
      found[i] = index;
      if (index === unknown) left++;
    }
    if (left > 0) this.#findOthers(kind, names, found, left);
    return found;
  }

  /** As `find`, for one name. */
  index(kind: Table, name: unknown): number {
    return name === undefined ? unknown : (this.find(kind, [name])[0] ?? unknown);
  }

  /** Returns the id of an item. Precondition: item < itemCount. */
  id(item: number): string {
    const known = this.#ids[item >> 8]?.[item & 255];
    if (known !== undefined) return known;
    const address = this.#engine.id(item);
    this.#renew();
    const id = this.#text(address + 4, this.#views.words[address / 4] ?? 0);
    this.#learn(table.items, item, id);
    return id;
  }

  /** Returns the ids of all items, in the order of their numbers. */
  *ids(): Generator<string> {
    for (let item = 0; item < this.itemCount; item++) yield this.id(item);
  }

  /** Adds to the history. `kind`: a `vitrine::EventKind`; `time` in milliseconds. */
  record(item: number, kind: number, time: number): void {
    this.#engine.record(item, kind, time);
  }

  /** Clears the history. */
  clear(): void {
    this.#engine.clear();
  }

  list(request: ListRequest): Recommendation[] {
    const start = this.#room(sizeOfRequest(request));
    writeRequest(request, this.#views, start);
    const list = new Array<Recommendation>(this.#engine.list());
    let row = this.#engine.ranked() / 4;
    this.#renew();
    for (let i = 0; i < list.length; i++, row += rankedSize) {
      list[i] = this.#recommendation(row, request);
    }
    return list;
  }

  /** Returns the variation that the core draws in an experiment, or -1. */
  variation(draw: Draw): number {
    const start = this.#room(sizeOfDraw(draw));
    writeDraw(draw, this.#views, start);
    return this.#engine.variation();
  }

  /** Of the `vitrine::Ranked` at a word of the memory. It stays there, but id() may grow the memory around it. */
  #recommendation(at: number, request: ListRequest): Recommendation {
    const { words, floats } = this.#views;
    const count = words[at + rankedWords.reasonCount] ?? 0;
    const score = floats[at + rankedFloats.score] ?? 0;
    const propensity = floats[at + rankedFloats.propensity] ?? 1;
    const reasons = this.#reasons(at + rankedWords.reasons, count, request);
    const id = this.id(words[at + rankedWords.item] ?? 0);
    const recommendation: Recommendation = { id, score, reasons };
    if (request.exploration !== exploration.none) recommendation.propensity = propensity;
    return recommendation;
  }

  #reasons(at: number, count: number, request: ListRequest): readonly Reason[] {
    if (count === 0) return none;
    const reasons = new Array<Reason>(count);
    for (let i = 0; i < count; i++) {
      reasons[i] = this.#reason(at + i * reasonSize, request);
    }
    return reasons;
  }

  #reason(at: number, { rules }: ListRequest): Reason {
    const kind = reasonKinds[this.#views.words[at + reasonWords.kind] ?? 0] ?? 'other';
    const source = this.#views.words[at + reasonWords.item] ?? 0;
    const score = this.#views.floats[at + reasonFloats.score] ?? 0;
    if (kind === 'rule') {
      const rule = source < rules.length ? rules[source]?.name : 'context';
      return rule === undefined ? { kind, score } : { kind, rule, score };
    }
    return (itemReasons as readonly string[]).includes(kind)
      ? { kind, item: this.id(source), score }
      : { kind, score };
  }

  /** Asks the wasm for the `count` names that `found` does not have, and remembers the answers. */
  #findOthers(kind: Table, names: readonly unknown[], found: number[], count: number): void {
    const others = new Array<string>(count);
    for (let i = 0, at = 0; at < count; i++) {
      if (found[i] !== unknown) continue;
      const name = idText(names[i]);
      others[at++] = name.length <= longestId ? name : '';
    }
    let answer = this.#ask(kind, others, 1);
    for (let i = 0, at = 0; at < count; i++) {
      if (found[i] !== unknown) continue;
      const index = (this.#views.words[answer++] ?? unknown) | 0;
      found[i] = index;
      if (index !== unknown) this.#learn(kind, index, others[at] as string);
      at++;
    }
  }

  #learn(kind: Table, index: number, name: string): void {
    const numbers = this.#numbers[kind] as Map<string, number>;
    if (numbers.size >= mostNames) this.#forget();
    numbers.set(name, index);
    if (kind !== table.items) return;
    this.#ids[index >> 8] ??= [];
    (this.#ids[index >> 8] as string[])[index & 255] = name;
  }

  #forget(): void {
    for (const numbers of this.#numbers) numbers.clear();
    this.#ids = [];
  }

  /**
   * Asks the wasm for names of at most `longestId` UTF-16 code units, which take up to `width`
   * bytes each. Returns the word of the memory at which their indices begin.
   */
  #ask(kind: Table, names: readonly string[], width: number): number {
    const { length } = names;
    let letters = 0;
    for (const name of names) letters += name.length;
    let sizes = this.#room(length + Math.ceil((letters * width) / 4));
    let at = 4 * (sizes + length);
    for (const name of names) {
      const from = at;
      for (let i = 0; i < name.length; i++) {
        const letter = name.charCodeAt(i);
        if (letter > 127) {
          // Ids are usually ASCII. For other ids the call starts again, with enough room for UTF-8.
          if (width < 3) return this.#ask(kind, names, 3);
          at = this.#encode(name, from);
          break;
        }
        this.#bytes[at++] = letter;
      }
      this.#views.words[sizes++] = at - from;
    }
    const found = this.#engine.find(kind, length) / 4;
    this.#renew();
    return found;
  }

  /**
   * Writes the UTF-8 of a name at an address. A value that cannot be a name becomes an empty name,
   * which no table has. Returns the end.
   */
  #encode(name: string, at: number): number {
    // Half of a surrogate pair would become U+FFFD, which may be part of another name.
    if (/\p{Surrogate}/u.test(name)) return at;
    return at + this.#encoder.encodeInto(name, this.#bytes.subarray(at)).written;
  }

  /** Returns the word of the memory at which an input of `words` words begins. */
  #room(words: number): number {
    const input = this.#engine.input(words);
    this.#renew();
    return input / 4;
  }

  /** Makes new views where the memory has grown. */
  #renew(): void {
    const { buffer } = this.#engine.memory;
    if (this.#bytes.buffer === buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#views = viewsOf(buffer);
  }

  #text(address: number, size: number): string {
    this.#renew();
    return this.#decoder.decode(this.#bytes.subarray(address, address + size));
  }
}

function viewsOf(buffer: ArrayBuffer): Views {
  return {
    words: new Uint32Array(buffer),
    floats: new Float32Array(buffer),
    doubles: new Float64Array(buffer),
  };
}
