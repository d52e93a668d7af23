import type { Recommendation } from './types.js';
import type { SlotOptions } from './vitrine_types.js';

/** What each slot of a page shows, so that none repeats another. */
export class Slots {
  readonly #defaults: Readonly<Record<string, SlotOptions>>;
  readonly #shown = new Map<string, readonly string[]>();

  constructor(defaults: Readonly<Record<string, SlotOptions>> = {}) {
    this.#defaults = defaults;
  }

  /** The options of a slot, with the ids of the other slots among the excluded ones. */
  options(name: string, given: SlotOptions = {}): SlotOptions {
    const defaults = Object.hasOwn(this.#defaults, name) ? this.#defaults[name] : undefined;
    const options = { ...defaults, ...given };
    if (options.dedupe === false) return options;
    const others = [...this.#shown].flatMap(([slot, ids]) => (slot === name ? [] : ids));
    return { ...options, exclude: [...(options.exclude ?? []), ...others] };
  }

  take(name: string, items: readonly Recommendation[]): void {
    this.#shown.set(
      name,
      items.map(({ id }) => id),
    );
  }

  clear(): void {
    this.#shown.clear();
  }
}
