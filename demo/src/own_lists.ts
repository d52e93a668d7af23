import type { ListOptions, Recommendation } from 'vitrine';
import type { Catalogue, Item } from './catalogue.js';

/** What fills a row. */
export interface Lists {
  forYou(options: ListOptions): readonly Recommendation[];
  similar(id: string, options: ListOptions): readonly Recommendation[];
  popular(options: ListOptions): readonly Recommendation[];
}

export const unranked = (ids: readonly string[]): Recommendation[] =>
  ids.map((id) => ({ id, score: 0, reasons: [] }));

/** The shop's own order: that of the catalogue. */
export class OwnLists implements Lists {
  constructor(readonly catalogue: Catalogue) {}

  forYou(options: ListOptions): readonly Recommendation[] {
    return first(this.catalogue.items, options);
  }

  /** What is of the same kind. */
  similar(id: string, options: ListOptions): readonly Recommendation[] {
    const item = this.catalogue.get(id);
    if (item === undefined) return this.popular(options);
    const alike = this.catalogue.within(item.department, item.type);
    return first(
      alike.filter((one) => one !== item),
      options,
    );
  }

  popular(options: ListOptions): readonly Recommendation[] {
    return first(this.catalogue.items, options);
  }
}

function first(
  items: readonly Item[],
  { limit = 12, filter, exclude = [] }: ListOptions,
): Recommendation[] {
  const paths = [filter?.category ?? []].flat();
  const within = ({ category }: Item): boolean =>
    paths.length === 0 || paths.some((path) => `${category}/`.startsWith(`${path}/`));
  const fitting = items.filter(
    (item) => item.available && within(item) && !exclude.includes(item.id),
  );
  return unranked(fitting.slice(0, limit).map(({ id }) => id));
}
