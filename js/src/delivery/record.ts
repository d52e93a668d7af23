/** An item of a delivered event, with GA4's names. */
export interface DeliveredItem {
  /** The item's id, as in the bundle. */
  item_id: string;
  /** The position in the list, from 0. */
  index?: number;
  /** The number of pieces. */
  quantity?: number;
  /** The price of one piece, in the currency of the event. */
  price?: number;
  /** The probability with which the item got this position, if the list was explored. */
  propensity?: number;
}

/** An event as it is sent to the shop's endpoint. */
export interface DeliveredEvent {
  /** A random id. An event that arrives twice has the same id both times. */
  readonly id: string;
  /** GA4's event name, such as `view_item` or `view_item_list`. */
  event: string;
  /** Milliseconds since 1970, by the clock of the browser. */
  time: number;
  /** The items of the event. */
  items?: DeliveredItem[];
  /** The slot or list of the items. */
  item_list_id?: string;
  /** The content hash of the bundle that ranked the items. */
  bundle?: string;
  /** Fields that the shop or an experiment added. */
  [more: string]: unknown;
}

/**
 * The largest size of an event as JSON, in UTF-16 code units. A page that is being closed can still
 * send such an event.
 */
export const longestEvent = 20_000;

/**
 * Returns true when a value from storage can be sent. Another script of the origin may have stored
 * anything, and one value without JSON would hold up all others.
 */
export function isDeliverable(value: unknown): value is DeliveredEvent {
  const { id, event, time } = (value ?? {}) as Record<string, unknown>;
  try {
    return (
      typeof id === 'string' &&
      typeof event === 'string' &&
      Number.isFinite(time) &&
      JSON.stringify(value).length <= longestEvent
    );
  } catch {
    return false;
  }
}

/**
 * The result of sending a batch. `sent`: it was accepted. `refused`: it was not accepted, and
 * another attempt would not help. `later`: try again after at least this many milliseconds.
 */
export type DeliveryResult = 'sent' | 'refused' | { later: number };

/**
 * Transports batches of events to the shop. After a transport has thrown, it is called again later.
 */
export interface Transport {
  /**
   * Sends a batch. `leaving` is true when the page is being closed; events that are not handed over
   * at once may then be lost.
   */
  send(
    events: readonly DeliveredEvent[],
    how: { leaving: boolean },
  ): DeliveryResult | Promise<DeliveryResult>;
}
