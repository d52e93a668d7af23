import { checkEvent } from './event_checks.js';
import { lookAlikes } from './nearest.js';
import { checkOptions, listOptions, pageOptions, slotOptions } from './option_checks.js';

/** The largest number of different hints, so that a faulty page does not fill the console. */
const mostHints = 100;

/** Prints hints for the developer of a page in the console, each once. */
export class Hints {
  readonly #told = new Set<string>();
  #toldItem = false;

  /** Tells which options of `createVitrine` have no effect, and which options of its slots. */
  page(options: { readonly slots?: unknown }): void {
    this.#tell(checkOptions('createVitrine', options, pageOptions));
    for (const [name, slot] of Object.entries(Object(options.slots))) {
      this.#tell(checkOptions(`the slot "${name}"`, slot, slotOptions));
    }
  }

  /** Tells which options of a list have no effect. */
  list(call: string, options: unknown): void {
    this.#tell(checkOptions(call, options, call === 'slot' ? slotOptions : listOptions));
  }

  /** Tells about an event that is none of `known`, but was probably meant to be. */
  event(name: unknown, parameters: unknown, known: Readonly<Record<string, string>>): void {
    const hint = checkEvent(name, parameters, known);
    if (hint) this.#tell([hint]);
  }

  /** Tells about the first id that the bundle does not have, with ids of the bundle that look like it. */
  unknownItem(id: string, ids: Iterable<string>): void {
    if (this.#toldItem) return;
    this.#toldItem = true;
    const alike = lookAlikes(id, ids).map((one) => `"${one}"`);
    this.#tell([
      `the bundle has no item "${id}"${alike.length > 0 ? `; it has ${alike.join(', ')}` : ''}. ` +
        'If the page names items otherwise than the training log, give createVitrine the option ' +
        '`itemId`, a function from an item of an event to the id in the log. Further unknown ids ' +
        'are counted in `personalizer.unknownItems`',
    ]);
  }

  #tell(hints: readonly string[]): void {
    for (const hint of hints) {
      if (this.#told.has(hint) || this.#told.size >= mostHints) continue;
      this.#told.add(hint);
      console.warn(`vitrine: ${hint}`);
    }
  }
}
