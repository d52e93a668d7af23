import { tell } from '../announce.js';
import { money } from '../catalogue.js';
import { html } from '../html.js';
import { breadcrumbs } from '../parts/breadcrumbs.js';
import { altText } from '../parts/card.js';
import { icons } from '../parts/icons.js';
import { picture } from '../parts/picture.js';
import { Row } from '../parts/row.js';
import { addToCart, type Page, type Shop } from '../shop.js';
import { notFound } from './not_found.js';

export function product(shop: Shop, id: string): Page {
  const item = shop.catalogue.get(id);
  if (item === undefined) return notFound('This product is not in the shop');
  const { shopper, cart } = shop;
  const before = shopper.lastViewed(id);
  const previous = before === undefined ? undefined : shop.catalogue.get(before);
  const similar = new Row(shop, {
    name: `similar-${id}`,
    heading: 'Similar',
    list: (lists) => lists.similar(id, { limit: 8 }),
  });
  const rows = [
    similar,
    new Row(shop, {
      name: 'for-you',
      heading: 'For you',
      note: 'Changed by what you just opened.',
      explain: true,
      list: (lists) => lists.forYou({ limit: 10, exclude: [id] }),
    }),
  ];
  if (previous !== undefined) {
    rows.splice(
      1,
      0,
      new Row(shop, {
        name: `before-${previous.id}`,
        heading: `Because you viewed ${previous.title}`,
        list: (lists) => lists.similar(previous.id, { limit: 8, exclude: [id, ...similar.ids] }),
      }),
    );
  }
  const details: [string, string][] = [
    ['Brand', item.brand],
    ['Material', item.material],
    ['Colour', item.color.slice(0, 1).toUpperCase() + item.color.slice(1)],
    ['Number', item.id],
  ];
  return {
    title: `${item.title} | Fennimore`,
    content: html`
      ${breadcrumbs(item.department, item.type, item.title)}
      <article class="product" data-id="${item.id}">
        <div class="product-picture tile">${picture(item, altText(item))}</div>
        <div class="product-text">
          <p class="brand">${item.brand}</p>
          <h1>${item.title}</h1>
          <p class="product-price">${money(item.price)}</p>
          <p class="lead">${item.description}</p>
          <div class="product-acts">
            ${
              item.available
                ? html`<button type="button" class="button" data-buy>${icons.bag} Add to cart</button>`
                : html`<button type="button" class="button" disabled>Sold out</button>`
            }
            <button type="button" class="round large" data-act="like" aria-pressed="${shopper.isFavorite(id) ? 'true' : 'false'}" aria-label="Like ${item.title}">${icons.heart}</button>
          </div>
          <dl class="details">${details.map(([name, value]) => value !== '' && html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
        </div>
      </article>
      ${rows.map((row) => row.html())}
    `,
    mount: (root, signal) => {
      root.querySelector('[data-buy]')?.addEventListener('click', () => {
        addToCart(shop, id);
        tell(`${item.title} is in your cart, ${cart.pieces} in all`);
      });
      // A row first shows the order from before this click. Then it moves its cards to the new
      // order.
      for (const row of rows) row.mount(root, signal);
      if (shopper.notes.at(-1)?.item !== id || shopper.notes.at(-1)?.type !== 'view')
        shopper.note('view', id);
    },
  };
}
