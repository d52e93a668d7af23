/** An item of a delivered event, with the names of GA4. */
export interface DeliveredItem {
  /** Id of the item, as in the bundle. */
  item_id: string;
  /** Place in the list, from 0. */
  index?: number;
  /** Pieces. */
  quantity?: number;
  /** Of one piece, in the currency of the event. */
  price?: number;
  /** Probability with which the item stood at this place, where the list was explored. */
  propensity?: number;
}

/** One event as it goes to the shop's endpoint. */
export interface DeliveredEvent {
  /** Random; the same when an event arrives twice. */
  readonly id: string;
  /** GA4's name, such as `view_item` or `view_item_list`. */
  event: string;
  /** Milliseconds since 1970, by the clock of the browser. */
  time: number;
  /** What the event is about. */
  items?: DeliveredItem[];
  /** The slot or list that the items stood in. */
  item_list_id?: string;
  /** Content hash of the bundle that ranked. */
  bundle?: string;
  /** What the shop or an experiment added. */
  [more: string]: unknown;
}

/**
 * What became of a batch: `sent`; `refused`, which another attempt would not change; or `later`, after so many
 * milliseconds at least.
 */
export type DeliveryResult = 'sent' | 'refused' | { later: number };

/** Takes batches of events to where the shop wants them. An adapter that throws is asked again later. */
export interface DeliveryAdapter {
  /** With `leaving` the page goes away: what is not handed over at once may be lost. */
  send(
    events: readonly DeliveredEvent[],
    how: { leaving: boolean },
  ): DeliveryResult | Promise<DeliveryResult>;
}
