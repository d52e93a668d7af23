import type { DeliveredItem } from '../delivery/record.js';
import { idText } from '../id.js';
import type { EventType } from '../ranking/types.js';
import { historyTypes, otherNames, type ShopEventName } from './vocabulary.js';

export type { ShopEventName } from './vocabulary.js';

/** The largest number of items in one event. A faulty page must not fill the memory. */
const mostItems = 200;
const longestId = 1024;

export interface ShopEvent {
  name: ShopEventName;
  /** The type of history event that each item adds. */
  type: EventType | null;
  items: DeliveredItem[];
  list: string | undefined;
  /** Fields of an order, as far as they were given: `value`, `currency` and `transaction_id`. */
  order: Record<string, string | number>;
}

/** Returns the id of an item of an event. */
export type ItemIdOf = (item: Readonly<Record<string, unknown>>) => unknown;

/** Returns GA4's name of each event that is read, by its names in lower case without underscores. */
export const shopEventNames = (): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.keys(historyTypes).map((name) => [name.replaceAll('_', ''), name])),
  ...otherNames,
});

/** The parsed event, or only its problems. An event that is not about shopping gives undefined. */
export type ParsedEvent = { event: ShopEvent; problems: string[] } | { problems: string[] };

/**
 * Parses an event with GA4's name and form (`items` with `item_id`), or Segment's (`products` or
 * the properties themselves, with `product_id`). Problems tell a developer what to change. Items
 * without an id are left out. `itemId` reads the id of an item.
 */
export function parseShopEvent(
  name: unknown,
  parameters: unknown,
  itemId: ItemIdOf = (item) => item.item_id ?? item.product_id ?? item.sku,
): ParsedEvent | undefined {
  const known = shopEventName(name);
  if (!known) return undefined;
  const given = object(parameters);
  const problems: string[] = [];
  const items: DeliveredItem[] = [];
  const listed = listOf(given);
  if (!listed) return { problems: [`"${name}" has no items: give { items: [{ item_id }] }`] };
  for (const [place, one] of listed.slice(0, mostItems).entries()) {
    const item = readItem(one, itemId);
    if (item) items.push(item);
    else problems.push(`"${name}": item ${place} needs an item_id of 1 to ${longestId} characters`);
  }
  if (listed.length > mostItems) {
    problems.push(`"${name}" has ${listed.length} items; the first ${mostItems} count`);
  }
  if (items.length === 0) {
    return { problems: problems.length > 0 ? problems : [`"${name}" has an empty list of items`] };
  }
  const list = given.item_list_id ?? given.list_id ?? object(listed[0]).item_list_id;
  const event = {
    name: known,
    type: historyTypes[known],
    items,
    list: typeof list === 'string' ? list.slice(0, longestId) : undefined,
    order: readOrder(given),
  };
  return { event, problems };
}

function shopEventName(name: unknown): ShopEventName | undefined {
  if (typeof name !== 'string' || name.length > 100) return undefined;
  if (Object.hasOwn(historyTypes, name)) return name as ShopEventName;
  const plain = name.toLowerCase().replace(/[\s_.-]+/g, '');
  return Object.hasOwn(otherNames, plain) ? otherNames[plain] : undefined;
}

function listOf(given: Record<string, unknown>): unknown[] | undefined {
  for (const list of [given.items, given.products]) {
    if (Array.isArray(list)) return list;
  }
  return (given.item_id ?? given.product_id) === undefined ? undefined : [given];
}

function readItem(value: unknown, itemId: ItemIdOf): DeliveredItem | undefined {
  const given = object(value);
  const text = idText(itemId(given));
  if (text.length === 0 || text.length > longestId) return undefined;
  const item: DeliveredItem = { item_id: text };
  const numbers = {
    index: given.index ?? given.position,
    quantity: given.quantity,
    price: given.price,
    propensity: given.propensity,
  };
  for (const [name, value] of Object.entries(numbers)) {
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) {
      item[name as keyof typeof numbers] = number;
    }
  }
  return item;
}

function readOrder(given: Record<string, unknown>): Record<string, string | number> {
  const order: Record<string, string | number> = {};
  const { value = given.revenue, currency, transaction_id = given.order_id } = given;
  for (const [name, part] of Object.entries({ value, currency, transaction_id })) {
    if (typeof part === 'number') order[name] = part;
    if (typeof part === 'string') order[name] = part.slice(0, longestId);
  }
  return order;
}

function object(value: unknown): Record<string, unknown> {
  return Object(value) as Record<string, unknown>;
}
