import { defineListElement } from './element.js';

/** What a list shows of a product: the answer of WooCommerce's Store API. */
async function item(id) {
  const answer = await fetch(`/wp-json/wc/store/v1/products/${encodeURIComponent(id)}`);
  if (!answer.ok) return undefined; // left out
  const { name, permalink, images } = await answer.json();
  return { title: name, url: permalink, image: images[0]?.src };
}

vitrine.push((live) => defineListElement(live, { item }));

globalThis.jQuery?.(document.body).on('added_to_cart', (_event, _fragments, _hash, button) => {
  const item_id = button?.data('product_id');
  vitrine.push((live) => live.track('add_to_cart', { items: [{ item_id }] }));
});

document.addEventListener('wp_listen_for_consent_change', ({ detail }) => {
  if (!detail.preferences) return;
  vitrine.push(({ consent }) =>
    detail.preferences === 'allow' ? consent.grant() : consent.deny(),
  );
});
