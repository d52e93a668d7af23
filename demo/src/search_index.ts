import type { Catalogue, Item } from './catalogue.js';
import { Html, html } from './html.js';

const words = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** Finds items by the beginnings of the words in their title, type, brand, colour and material. */
export class SearchIndex {
  readonly #entries: readonly (readonly [item: Item, words: readonly string[]])[];

  constructor(catalogue: Catalogue) {
    this.#entries = catalogue.items.map((item) => {
      const text = [
        item.title,
        item.type,
        item.department,
        item.brand,
        item.color,
        item.material,
      ].join(' ');
      return [item, words(text)];
    });
  }

  /**
   * Returns the items in which every word of `query` is the beginning of a different word, in the
   * order of the catalogue.
   */
  find(query: string): readonly Item[] {
    const asked = words(query).sort((a, b) => b.length - a.length);
    if (asked.length === 0) return [];
    return this.#entries.filter(([, itemWords]) => matches(asked, itemWords)).map(([item]) => item);
  }
}

/**
 * The longest word is matched first, so that "steel st" asks for a second word that begins with
 * "st".
 */
function matches(asked: readonly string[], itemWords: readonly string[]): boolean {
  const free = [...itemWords];
  return asked.every((word) => {
    const at = free.findIndex((one) => one.startsWith(word));
    if (at >= 0) free.splice(at, 1);
    return at >= 0;
  });
}

/** Returns `title` with the beginnings that match `query` marked. */
export function highlight(title: string, query: string): Html {
  const asked = words(query);
  const parts = title.split(/([\p{L}\p{N}]+)/u).map((part) => {
    const word = words(part)[0] ?? '';
    const hit = asked.filter((one) => word.startsWith(one)).sort((a, b) => b.length - a.length)[0];
    return hit === undefined || word.length !== part.length
      ? html`${part}`
      : html`<mark>${part.slice(0, hit.length)}</mark>${part.slice(hit.length)}`;
  });
  return new Html(parts.map(({ text }) => text).join(''));
}
