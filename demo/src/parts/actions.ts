import { tell } from '../announce.js';
import { addToCart, type Shop } from '../shop.js';

/** Handles the buttons of all cards, like and add, with one listener for the whole page. */
export function listenForActions(shop: Shop): void {
  document.addEventListener('click', (event) => {
    const button =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-act]') : null;
    const id = button?.closest<HTMLElement>('[data-id]')?.dataset['id'];
    const item = id === undefined ? undefined : shop.catalogue.get(id);
    if (button === null || item === undefined) return;
    if (button.dataset['act'] === 'add') {
      addToCart(shop, item.id);
      tell(`${item.title} is in your cart`);
    }
    if (button.dataset['act'] === 'like') {
      const liked = shop.shopper.isFavorite(item.id);
      shop.shopper.note(liked ? 'remove' : 'favorite', item.id);
    }
  });
  shop.shopper.addEventListener('change', () => {
    for (const button of document.querySelectorAll<HTMLElement>('[data-act="like"]')) {
      const id = button.closest<HTMLElement>('[data-id]')?.dataset['id'];
      if (id !== undefined)
        button.setAttribute('aria-pressed', String(shop.shopper.isFavorite(id)));
    }
  });
}
