import type { Reason } from 'vitrine';
import { type Item, money } from '../catalogue.js';
import { Html, html, render } from '../html.js';
import type { Shop } from '../shop.js';
import { icons } from './icons.js';
import { picture } from './picture.js';
import { why } from './why.js';

export const address = (item: Item): string => `/item/${encodeURIComponent(item.id)}`;

/** Describes the picture in words. */
export const altText = (item: Item): string => `${item.title}, ${item.color}`;

export interface CardOptions {
  readonly reasons?: readonly Reason[] | undefined;
  /** The title with the matching parts marked, for search results. */
  readonly title?: Html;
}

/**
 * Makes the card of one product, for a row or grid. Its buttons have data-act; actions.ts handles
 * them.
 */
export function card(shop: Shop, item: Item, { reasons, title }: CardOptions = {}): Html {
  const liked = shop.shopper.isFavorite(item.id);
  return html`
    <li class="card" data-id="${item.id}">
      <a class="card-link" href="${address(item)}">
        <span class="tile">${picture(item, altText(item))}</span>
        <span class="card-title">${title ?? item.title}</span>
        <span class="card-details"><span class="brand">${item.brand}</span> <span class="price">${money(item.price)}</span></span>
      </a>
      ${!item.available && html`<span class="badge">Sold out</span>`}
      <div class="card-acts">
        <button type="button" class="round" data-act="like" aria-pressed="${liked ? 'true' : 'false'}" aria-label="Like ${item.title}">${icons.heart}</button>
        ${item.available && html`<button type="button" class="round" data-act="add" aria-label="Add ${item.title} to the cart">${icons.plus}</button>`}
      </div>
      ${reasons !== undefined && html`<p class="why">${why(shop, reasons)}</p>`}
    </li>
  `;
}

/** The HTML from which each element of a list was made. */
const made = new WeakMap<Element, string>();

/**
 * Replaces the content of a list by `cards`. A card that is already there stays the same element,
 * so it keeps the focus.
 */
export function renderCards(list: Element, cards: readonly Html[]): void {
  const active = list.contains(document.activeElement) ? document.activeElement : null;
  const focused = active?.closest<HTMLElement>('.card')?.dataset['id'];
  const act = active?.getAttribute('data-act');
  const there = new Map([...list.children].map((one) => [made.get(one), one]));
  const texts = cards.map(({ text }) => text);
  const missing = texts.filter((text) => !there.has(text));
  const fresh = document.createElement('ul');
  render(fresh, new Html(missing.join('')));
  for (const [i, one] of [...fresh.children].entries()) {
    const text = missing[i] ?? '';
    made.set(one, text);
    there.set(text, one);
  }
  const left = list.children.length > 0 ? list.scrollLeft : undefined;
  list.replaceChildren(...texts.flatMap((text) => there.get(text) ?? []));
  // Without this, the browser would scroll the shelf to follow the card it was snapped to.
  if (left !== undefined) list.scrollLeft = left;
  if (focused === undefined) return;
  const card = `[data-id="${CSS.escape(focused)}"]`;
  const target = act ? `${card} [data-act="${act}"]` : `${card} a`;
  list.querySelector<HTMLElement>(target)?.focus({ preventScroll: true });
}
