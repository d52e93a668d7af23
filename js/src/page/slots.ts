import type { SlotList, SlotOptions } from './vitrine_types.js';

/** The lists of all slots of a page, so that no slot repeats an item of another. */
export class Slots {
  readonly #defaults: Readonly<Record<string, SlotOptions>>;
  readonly #shown = new Map<string, SlotList>();

  constructor(defaults: Readonly<Record<string, SlotOptions>> = {}) {
    this.#defaults = defaults;
  }

  /** Returns the options of a slot, with the ids of the other slots excluded. */
  options(name: string, given: SlotOptions = {}): SlotOptions {
    const defaults = Object.hasOwn(this.#defaults, name) ? this.#defaults[name] : undefined;
    const options = { ...defaults, ...given };
    if (options.dedupe === false) return options;
    const others = [...this.#shown.values()].flatMap(({ slot, items }) =>
      slot === name ? [] : items.map(({ id }) => id),
    );
    return { ...options, exclude: [...(options.exclude ?? []), ...others] };
  }

  get lists(): readonly SlotList[] {
    return [...this.#shown.values()];
  }

  take(list: SlotList): SlotList {
    this.#shown.set(list.slot, list);
    return list;
  }

  clear(): void {
    this.#shown.clear();
  }
}
