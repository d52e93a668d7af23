import { find, html } from '../html.js';
import { whenIdle } from '../idle.js';
import { card, renderCards } from '../parts/card.js';
import { highlight, type SearchIndex } from '../search_index.js';
import type { Page, Shop } from '../shop.js';

const MOST = 48;

/** Everything that matches, in the order that suits this visitor. */
export function search(shop: Shop, index: SearchIndex, query: string): Page {
  const { catalogue, shopper } = shop;
  const found = index.find(query);
  const count = found.length === 1 ? '1 product' : `${found.length} products`;
  const tryThese = (): string[] => {
    const popular = shopper.popular({ limit: 12 });
    return [...new Set(popular.flatMap(({ id }) => catalogue.get(id)?.type ?? []))].slice(0, 6);
  };
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
            <p class="chips">${tryThese().map((type) => html`<a class="chip" href="/search?q=${encodeURIComponent(type.toLowerCase())}">${type}</a>`)}</p>
          </div>
        `
      }
      <ul class="cards grid ${shopper.notes.length > 0 && 'explained'}" data-results></ul>
      ${found.length > MOST && html`<p class="small">The first ${MOST} are shown. Another word narrows it down.</p>`}
    `,
    mount: (root, signal) => {
      const show = (): void => {
        const known = shopper.notes.length > 0;
        const cards = shopper
          .rerank(
            found.map(({ id }) => id),
            { limit: MOST, explain: known },
          )
          .flatMap(({ id, reasons }) => {
            const item = catalogue.get(id);
            if (item === undefined) return [];
            const title = highlight(item.title, query);
            return [card(shop, item, { reasons: known ? reasons : undefined, title })];
          });
        renderCards(find(root, '[data-results]'), cards);
      };
      show();
      shopper.addEventListener('model', () => whenIdle(show, signal), { signal });
    },
  };
}
