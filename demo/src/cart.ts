import type { Catalogue, Item } from './catalogue.js';
import { recall, remember } from './tab_storage.js';

export interface Line {
  readonly item: Item;
  readonly quantity: number;
}

const isLines = (value: unknown): value is [string, number][] =>
  Array.isArray(value) &&
  value.every(
    (line) =>
      Array.isArray(line) &&
      typeof line[0] === 'string' &&
      Number.isInteger(line[1]) &&
      line[1] > 0,
  );

const MOST = 99;

/** The cart of this tab. It emits "change". */
export class Cart extends EventTarget {
  readonly #quantities: Map<string, number>;

  constructor(readonly catalogue: Catalogue) {
    super();
    const kept = recall('cart', isLines) ?? [];
    this.#quantities = new Map(kept.filter(([id]) => catalogue.get(id) !== undefined));
  }

  get lines(): readonly Line[] {
    return [...this.#quantities].flatMap(([id, quantity]) => {
      const item = this.catalogue.get(id);
      return item === undefined ? [] : [{ item, quantity }];
    });
  }

  get pieces(): number {
    return this.lines.reduce((sum, line) => sum + line.quantity, 0);
  }

  /** The total in euros. It is summed in cents, so that it equals the sum of the lines. */
  get total(): number {
    return (
      this.lines.reduce(
        (sum, { item, quantity }) => sum + Math.round(item.price * 100) * quantity,
        0,
      ) / 100
    );
  }

  quantity(id: string): number {
    return this.#quantities.get(id) ?? 0;
  }

  /** Sets the quantity of an item; 0 removes the line. */
  set(id: string, quantity: number): void {
    const wanted = Math.min(MOST, Math.max(0, Math.floor(quantity)));
    if (wanted > 0) this.#quantities.set(id, wanted);
    else this.#quantities.delete(id);
    this.#changed();
  }

  clear(): void {
    this.#quantities.clear();
    this.#changed();
  }

  #changed(): void {
    remember('cart', [...this.#quantities]);
    this.dispatchEvent(new Event('change'));
  }
}
