import { statusNames } from '../abi.js';
import { VitrineError } from '../error.js';
import type { MainModule as Module, Opened } from './insights_module.js';
import type { BundleFacts, BundleItem, BundleSection, SessionEvaluation } from './types.js';

/** An open bundle: its info, sections and items. */
export class BundleInspector {
  readonly #module: Module;
  /** The address in the module. */
  #inspector: number | undefined;

  /** Copies the bytes. Throws a {@link VitrineError} `bundle` for what is no whole bundle. */
  constructor(module: Module, bytes: Uint8Array) {
    this.#module = module;
    const inspector = module.createInspector();
    module.reserveBundle(inspector, bytes.length).set(bytes);
    const opened = module.openBundle(inspector);
    if (opened.status !== 0) {
      module.deleteInspector(inspector);
      throw refused(opened);
    }
    this.#inspector = inspector;
  }

  /** The info of the bundle. */
  get info(): BundleFacts {
    const { sections, hash, ...info } = this.#module.info(this.#open);
    return { hash: String(hash), ...info };
  }

  /** The table of sections, in the order of the file. */
  get sections(): BundleSection[] {
    return Array.from({ length: this.#module.info(this.#open).sections }, (_, index) => {
      const { name, offset, size } = this.#module.section(this.#open, index);
      return { name: String(name), offset, size };
    });
  }

  /** The choices of training: weights of the signals, and how history counts. */
  get settings(): Record<string, unknown> {
    return JSON.parse(this.#module.settings(this.#open), rounded) as Record<string, unknown>;
  }

  /** Of training; undefined when the bundle has none. */
  get metadata(): unknown {
    const text = this.#module.metadata(this.#open);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** The bundle's definitions, as `explain` takes them; an empty list when there are none. */
  get experiments(): unknown[] {
    const text = this.#module.experiments(this.#open);
    const value: unknown = text === '' ? [] : JSON.parse(text);
    const list = Array.isArray(value) ? value : (value as { experiments?: unknown }).experiments;
    return Array.isArray(list) ? list : [];
  }

  /** Checks what a page leaves to the writer. Throws a {@link VitrineError} `bundle` where it does not hold. */
  verify(): void {
    const verified = this.#module.verifyBundle(this.#open);
    if (verified.status !== 0) throw refused(verified);
  }

  /** The number of an item; undefined when the bundle does not have it. */
  find(id: string): number | undefined {
    return this.#module.findItem(this.#open, id);
  }

  /** An item by its id or number; undefined when the bundle does not have it. */
  describe(item: string | number): BundleItem | undefined {
    const number = typeof item === 'number' ? item : this.find(item);
    if (number === undefined || !(number >= 0 && number < this.info.items)) return undefined;
    const { id, category, brand, price, available, popularity } = this.#module.describeItem(
      this.#open,
      number,
    );
    const row = Array.from(this.#module.sessionRow(this.#open, number));
    const next: BundleItem['next'] = [];
    for (let i = 0; i + 1 < row.length; i += 2) {
      const target = this.#module.describeItem(this.#open, row[i] as number);
      next.push({ id: String(target.id), weight: single(row[i + 1] as number) });
    }
    return {
      id: String(id),
      ...(category !== '' && { category: String(category) }),
      ...(brand !== '' && { brand: String(brand) }),
      ...(price !== undefined && { price: single(price) }),
      available,
      popularity,
      next,
    };
  }

  /** Ids of the best-known items. */
  mostPopular(count: number): string[] {
    const items = Array.from(this.#module.mostPopular(this.#open, count));
    return items.map((item) => String(this.#module.describeItem(this.#open, item).id));
  }

  /**
   * Predicts the next item of each session, from the items before it, in lists of `limit`. Sessions are lists of item
   * ids or numbers, oldest first; ids that the bundle does not have are misses.
   */
  evaluate(sessions: readonly (readonly (string | number)[])[], limit = 20): SessionEvaluation {
    const unknown = 0xffffffff;
    let end = 0;
    const ends = sessions.map((session) => (end += session.length));
    const items = sessions.flatMap((session) =>
      session.map((item) => (typeof item === 'number' ? item : (this.find(item) ?? unknown))),
    );
    this.#module.reserveWords(ends.length + items.length).set([...ends, ...items]);
    return this.#module.evaluate(this.#open, ends.length, limit);
  }

  /** Frees the bundle's memory. */
  dispose(): void {
    if (this.#inspector !== undefined) this.#module.deleteInspector(this.#inspector);
    this.#inspector = undefined;
  }

  get #open(): number {
    if (this.#inspector === undefined)
      throw new VitrineError('disposed', 'the bundle was disposed of');
    return this.#inspector;
  }
}

function refused({ status, message }: Opened): VitrineError {
  return new VitrineError('bundle', String(message), { status: statusNames[status] });
}

const rounded = (_name: string, value: unknown) =>
  typeof value === 'number' ? single(value) : value;

/** A float without the digits that it has only as a double. */
function single(value: number): number {
  return Number(value.toPrecision(7));
}
