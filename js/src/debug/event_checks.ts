import { nearest } from './nearest.js';

/** The members of `ecommerce` of Universal Analytics, with GA4's event for each. */
const universal: Readonly<Record<string, string>> = {
  impressions: 'view_item_list',
  detail: 'view_item',
  click: 'select_item',
  add: 'add_to_cart',
  remove: 'remove_from_cart',
  checkout: 'begin_checkout',
  purchase: 'purchase',
  refund: 'refund',
};

/**
 * Returns a sentence about an event that is none of the known ones, but was probably meant to be:
 * one in the form of Universal Analytics, or one with a misspelt name. Undefined for other events,
 * such as those of a tag manager. `known` has the names to give by all names that are read.
 */
export function checkEvent(
  name: unknown,
  parameters: unknown,
  known: Readonly<Record<string, string>>,
): string | undefined {
  if (typeof name !== 'string' || name.length > 100) return undefined;
  const { ecommerce = parameters } = Object(parameters) as Record<string, unknown>;
  for (const [member, event] of Object.entries(universal)) {
    const part = (Object(ecommerce) as Record<string, unknown>)[member];
    const isPart =
      Array.isArray(part) || Array.isArray((Object(part) as { products?: unknown }).products);
    if (isPart) {
      return (
        `"${name}" has the form of Universal Analytics (ecommerce.${member}), which is not read: ` +
        `push GA4's "${event}" with { items: [{ item_id }] }`
      );
    }
  }
  const meant = nearest(name.toLowerCase().replace(/[\s_.-]+/g, ''), Object.keys(known));
  return meant && `"${name}" is no known event; did you mean "${known[meant]}"?`;
}
