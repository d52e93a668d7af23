import { money } from '../catalogue.js';
import { find, type Html, html, render } from '../html.js';
import { address } from '../parts/card.js';
import { icons } from '../parts/icons.js';
import { picture } from '../parts/picture.js';
import { Row } from '../parts/row.js';
import type { Page, Shop } from '../shop.js';

function lines({ cart }: Shop, ordered: boolean): Html {
  if (cart.lines.length === 0) {
    return ordered
      ? html`<div class="empty"><h2>Thank you</h2><p>This is a demonstration, so nothing was charged and nothing will be sent.</p><p><a class="button" href="/">Look around again</a></p></div>`
      : html`<div class="empty"><h2>Nothing in here yet</h2><p>What you add is kept in this tab until you close it.</p><p><a class="button" href="/">Find something good</a></p></div>`;
  }
  return html`
    <div class="cart">
      <ul class="lines">
        ${cart.lines.map(
          ({ item, quantity }) => html`
            <li class="line" data-line="${item.id}">
              <a class="tile" href="${address(item)}">${picture(item)}</a>
              <div class="line-text">
                <a href="${address(item)}">${item.title}</a>
                <span class="brand">${item.brand}</span>
                <span class="each">${money(item.price)} each</span>
              </div>
              <div class="amount" role="group" aria-label="Quantity of ${item.title}">
                <button type="button" class="round" data-change="-1" aria-label="One less">${icons.minus}</button>
                <output>${quantity}</output>
                <button type="button" class="round" data-change="1" aria-label="One more">${icons.plus}</button>
              </div>
              <p class="line-sum">${money((Math.round(item.price * 100) * quantity) / 100)}</p>
              <button type="button" class="round bare" data-change="all" aria-label="Take ${item.title} out">${icons.close}</button>
            </li>
          `,
        )}
      </ul>
      <aside class="sum" aria-label="Total">
        <p><span>${cart.pieces} ${cart.pieces === 1 ? 'piece' : 'pieces'}</span><span>${money(cart.total)}</span></p>
        <p><span>Shipping</span><span>Free</span></p>
        <p class="total"><span>Total</span><strong data-total>${money(cart.total)}</strong></p>
        <button type="button" class="button wide" data-order>Place the order</button>
        <p class="small">A demonstration: nothing is sold.</p>
      </aside>
    </div>
  `;
}

export function cartPage(shop: Shop): Page {
  const { cart, shopper, catalogue } = shop;
  const row = new Row(shop, {
    name: 'goes-well',
    heading: 'Goes well with it',
    explain: true,
    list: (lists) => {
      if (cart.lines.length === 0) return undefined;
      // A cart is completed by items of other categories than those in it.
      const kinds = new Set(cart.lines.map(({ item }) => item.category));
      const others = catalogue.departments.flatMap(({ name, types }) =>
        types.map((type) => `${name}/${type}`).filter((path) => !kinds.has(path)),
      );
      return lists.forYou({ limit: 8, filter: { category: others } });
    },
  });
  return {
    title: 'Cart | Fennimore',
    content: html`<h1 class="page-title">Cart</h1><div data-lines></div>${row.html()}`,
    mount: (root, signal) => {
      const place = find(root, '[data-lines]');
      let ordered = false;
      const show = (): void => render(place, lines(shop, ordered));
      show();
      cart.addEventListener('change', show, { signal });
      place.addEventListener('click', (event) => {
        const button =
          event.target instanceof Element ? event.target.closest<HTMLElement>('button') : null;
        if (button === null) return;
        if (button.dataset['order'] !== undefined) {
          ordered = true;
          const bought = cart.lines;
          for (const { item } of bought) shopper.note('purchase', item.id);
          cart.clear();
          return;
        }
        const id = button.closest<HTMLElement>('[data-line]')?.dataset['line'];
        const change = button.dataset['change'];
        if (id === undefined || change === undefined) return;
        const quantity = change === 'all' ? 0 : cart.quantity(id) + Number(change);
        cart.set(id, quantity);
        if (quantity <= 0) shopper.note('remove', id);
        place
          .querySelector<HTMLElement>(`[data-line="${CSS.escape(id)}"] [data-change="${change}"]`)
          ?.focus();
      });
      row.mount(root, signal);
    },
  };
}
