import { defineListElement } from './element.js';

/** What a list shows of a product: the answer of Shopify's Ajax API. */
async function item(handle) {
  const answer = await fetch(`${Shopify.routes.root}products/${encodeURIComponent(handle)}.js`);
  if (!answer.ok) return undefined; // left out
  const { title, url, featured_image } = await answer.json();
  return { title, url, image: featured_image ?? undefined };
}

vitrine.push((live) => defineListElement(live, { item }));

document.addEventListener('visitorConsentCollected', ({ detail }) => {
  vitrine.push(({ consent }) => (detail.preferencesAllowed ? consent.grant() : consent.deny()));
});
