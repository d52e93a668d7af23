import type { List } from '../catalogue_lists.js';
import { find, html } from '../html.js';
import { whenIdle } from '../idle.js';
import { card, renderCards } from '../parts/card.js';
import { highlight, type SearchIndex } from '../search_index.js';
import type { Page, Shop } from '../shop.js';

const MOST = 48;

/** Shows all items that match, in the best order for this visitor. */
export async function search(shop: Shop, index: SearchIndex, query: string): Promise<Page> {
  const { catalogue, shopper } = shop;
  const found = index.find(query);
  const count = found.length === 1 ? '1 product' : `${found.length} products`;
  const tryThese = async (): Promise<string[]> => {
    const popular = await shopper.popular({ limit: 12 });
    return [...new Set(popular.flatMap(({ id }) => catalogue.get(id)?.type ?? []))].slice(0, 6);
  };
  const ranked = (): Promise<List> => {
    const ids = found.map(({ id }) => id);
    return shopper.rerank(ids, { limit: MOST, explain: shopper.notes.length > 0 });
  };
  const [words, first] = await Promise.all([found.length === 0 ? tryThese() : [], ranked()]);
  return {
    title: query === '' ? 'Search | Fennimore' : `${query} | Fennimore`,
    content: html`
      <div class="page-head">
        <h1 class="page-title">${query === '' ? 'Search' : html`Results for “${query}”`}</h1>
        ${found.length > 0 && html`<p>${count}, ordered for you</p>`}
      </div>
      ${
        found.length === 0 &&
        html`
          <div class="empty">
            <p>${query === '' ? 'Type a word above: a thing, a colour, a brand.' : 'Nothing matches that. Fewer letters find more.'}</p>
            <p class="chips">${words.map((type) => html`<a class="chip" href="/search?q=${encodeURIComponent(type.toLowerCase())}">${type}</a>`)}</p>
          </div>
        `
      }
      <ul class="cards grid ${shopper.notes.length > 0 && 'explained'}" data-results></ul>
      ${found.length > MOST && html`<p class="small">The first ${MOST} are shown. Another word narrows it down.</p>`}
    `,
    mount: (root, signal) => {
      const draw = (list: List): void => {
        const known = shopper.notes.length > 0;
        const cards = list.flatMap(({ id, reasons }) => {
          const item = catalogue.get(id);
          if (item === undefined) return [];
          const title = highlight(item.title, query);
          return [card(shop, item, { reasons: known ? reasons : undefined, title })];
        });
        renderCards(find(root, '[data-results]'), cards);
      };
      draw(first);
      const show = async (): Promise<void> => {
        const list = await ranked();
        if (!signal.aborted) draw(list);
      };
      shopper.addEventListener('model', () => whenIdle(() => void show(), signal), { signal });
    },
  };
}
