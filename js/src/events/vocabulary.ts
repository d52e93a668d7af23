// Written by `vitrine_events` from model_export/src/data/event_words.h. Do not edit.

/**
 * GA4's names of events with items, and the type that each adds to the history; null adds nothing.
 */
export const historyTypes = {
  view_item: 'view',
  add_to_cart: 'cart',
  purchase: 'purchase',
  view_item_list: null,
  add_to_wishlist: 'favorite',
  remove_from_cart: 'remove',
  view_promotion: null,
  select_promotion: null,
  select_item: null,
  view_cart: null,
  begin_checkout: null,
  add_shipping_info: null,
  add_payment_info: null,
  refund: null,
} as const;

export type ShopEventName = keyof typeof historyTypes;

/**
 * Other names of the same events (Segment's, which PostHog uses too), in lower case without spaces,
 * hyphens and underscores.
 */
export const otherNames: Readonly<Record<string, ShopEventName>> = {
  productviewed: 'view_item',
  productadded: 'add_to_cart',
  ordercompleted: 'purchase',
  productaddedtocart: 'add_to_cart',
  productaddedtowishlist: 'add_to_wishlist',
  productremoved: 'remove_from_cart',
  productremovedfromcart: 'remove_from_cart',
  productlistviewed: 'view_item_list',
  promotionviewed: 'view_promotion',
  promotionclicked: 'select_promotion',
  productclicked: 'select_item',
  cartviewed: 'view_cart',
  checkoutstarted: 'begin_checkout',
  orderrefunded: 'refund',
};
