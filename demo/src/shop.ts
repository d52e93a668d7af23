import type { Cart } from './cart.js';
import type { Catalogue } from './catalogue.js';
import type { Html } from './html.js';
import type { Shopper } from './shopper.js';

/** The objects that every page works with. */
export interface Shop {
  readonly catalogue: Catalogue;
  readonly shopper: Shopper;
  readonly cart: Cart;
}

export interface Page {
  readonly title: string;
  readonly content: Html;
  /**
   * Called when the content is in the document. `signal` aborts when the visitor leaves the page.
   */
  mount?(root: HTMLElement, signal: AbortSignal): void;
}

/** Puts an item into the cart and records it for the ranking. */
export function addToCart(shop: Shop, id: string): void {
  shop.cart.set(id, shop.cart.quantity(id) + 1);
  shop.shopper.note('cart', id);
}
