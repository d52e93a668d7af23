import type { ListOptions, Recommendation } from 'vitrine';
import type { Catalogue, Item } from './catalogue.js';

export type List = readonly Recommendation[];

/** A source of lists, which are given at once or as promises. */
export interface Lists<Answer> {
  forYou(options: ListOptions): Answer;
  similar(id: string, options: ListOptions): Answer;
  popular(options: ListOptions): Answer;
}

export const unranked = (ids: readonly string[]): Recommendation[] =>
  ids.map((id) => ({ id, score: 0, reasons: [] }));

/** Lists in the shop's own order, which is that of the catalogue. */
export class CatalogueLists implements Lists<List> {
  constructor(readonly catalogue: Catalogue) {}

  forYou(options: ListOptions): List {
    return first(this.catalogue.items, options);
  }

  /** Returns items of the same category. */
  similar(id: string, options: ListOptions): List {
    const item = this.catalogue.get(id);
    if (item === undefined) return this.popular(options);
    const alike = this.catalogue.within(item.department, item.type);
    return first(
      alike.filter((one) => one !== item),
      options,
    );
  }

  popular(options: ListOptions): List {
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
