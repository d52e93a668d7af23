import type { Reason } from 'vitrine';
import type { Shop } from '../shop.js';
import { type EventType, mainReason } from '../shopper.js';

const VERB: Readonly<Record<EventType, string>> = {
  view: 'Because you viewed',
  cart: 'Because you added',
  purchase: 'Because you bought',
  favorite: 'Because you like',
  remove: 'Because you viewed',
};

/** Returns one line that says why an item is in a list. */
export function why(shop: Shop, reasons: readonly Reason[]): string {
  const main = mainReason(reasons);
  if (main === undefined) return '';
  const source = main.item === undefined ? undefined : shop.catalogue.get(main.item);
  if (source === undefined)
    return main.kind === 'popularity' ? 'Popular right now' : 'Fits what you looked at';
  const note = shop.shopper.notes.findLast(({ item }) => item === source.id);
  return `${VERB[note?.type ?? 'view']} ${source.title}`;
}
