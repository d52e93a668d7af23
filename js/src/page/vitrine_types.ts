import type { DeliveredEvent, DeliveryAdapter } from '../delivery/record.js';
import type { VitrineError } from '../error.js';
import type { DataLayer } from '../events/data_layer.js';
import type { Assignment } from '../experiments/assign.js';
import type { ExperimentOptions } from '../experiments/experiment_set.js';
import type {
  ListOptions,
  Personalizer,
  PersonalizerOptions,
  Recommendation,
  RerankOptions,
  ShopperEvent,
} from '../ranking/types.js';
import type { Consent, ConsentState, PrivacySignals } from '../session/consent.js';
import type { HistoryEvent } from '../session/history.js';

/** What {@link createVitrine} takes. */
export interface VitrineOptions extends PrivacySignals {
  /** Address of the manifest, relative to the page. Either this or `bundle`. */
  manifest?: string | URL;
  /** Public key that `vitrine keygen` printed: a manifest that is not signed by it is refused. Default: none. */
  publicKey?: string;
  /** The model file without a manifest: not checked, not kept. */
  bundle?: PersonalizerOptions['bundle'];
  /** Where the manifest names none. Default: `vitrine.wasm` beside the module or script. */
  wasm?: PersonalizerOptions['wasm'];
  /** Milliseconds after which the page goes on with its own order. Default: 3000. */
  timeout?: number;
  /** See {@link PersonalizerOptions.unit}. Default: none. */
  unit?: string;
  /** See {@link PersonalizerOptions.experiments}. Exposures are delivered too, as `exposure`. Default: nothing. */
  experiments?: ExperimentOptions;
  /** Default: the global `fetch`. */
  fetch?: typeof fetch;
  /** What counts until the shopper has answered. Default: `pending`. */
  consent?: ConsentState;
  /** Events of the history that are kept at most, up to 100. Default: 100. */
  historyEvents?: number;
  /** Days for which the history is kept. Default: 30. */
  historyDays?: number;
  /** Where events go, with consent: an address, an adapter, or a function as its `send`. Default: nowhere. */
  deliver?: string | URL | DeliveryAdapter | DeliveryAdapter['send'];
  /** Sees each event before it waits for delivery; may change it, or drop it by returning null. Default: none. */
  beforeSend?: (event: DeliveredEvent) => DeliveredEvent | null;
  /** Options of each slot by its name. Default: none. */
  slots?: Readonly<Record<string, SlotOptions>>;
  /** Tell in the console what is wrong with events. Default: true on localhost. */
  debug?: boolean;
  /** Hears of everything that went wrong. Default: `console.warn`. */
  onError?: (error: VitrineError) => void;
}

/** What a call of {@link Vitrine} shows without a model. */
export interface FallbackOptions {
  /** The shop's own order, shown while there is no model. Default: none. */
  fallback?: readonly string[];
}

/** What a slot shows. */
export interface SlotOptions extends ListOptions, FallbackOptions {
  /** Which list the slot shows. Default: `similar` when `item` is given, else `recommend`. */
  list?: 'recommend' | 'similar' | 'popular';
  /** What `similar` starts from. */
  item?: string;
  /** Leave out what other slots of this page show. Default: true. */
  dedupe?: boolean;
}

/** Whether a list of a component follows the session. */
export interface LiveOptions {
  /** Follow every event of the shopper; the list may move under their eyes. Default: false. */
  live?: boolean;
}

/** A list as a slot shows it. */
export interface SlotList {
  /** Name of the slot. */
  readonly slot: string;
  /** Best first. */
  readonly items: readonly Recommendation[];
  /** False when these are the shop's own order. */
  readonly personalized: boolean;
}

/** All that is known of the shopper in this browser. */
export interface ExportedData {
  /** The answer that counts. */
  consent: ConsentState;
  /** The visitor id that the page gave. */
  unit: string | undefined;
  /** Oldest first. */
  history: readonly HistoryEvent[];
  /** Events that wait for delivery. */
  waiting: readonly DeliveredEvent[];
}

/**
 * A shop's personalization in one page: loads the model, keeps the session, and hands events on. Lives from the first
 * moment: what it cannot rank yet, or ever, stays in the shop's own order. No call throws, no promise rejects.
 */
export interface Vitrine {
  /** True once lists are ranked; false when they stay in the shop's own order, at the latest after `timeout`. */
  readonly ready: Promise<boolean>;
  /**
   * True once the whole model is there, false when it does not come within `timeout`. Until then the manifest's starter
   * may rank, which knows the best-known items alone, and no experiments.
   */
  readonly whole: Promise<boolean>;
  /** The model, while there is one. It may come after `ready` said false, for the calls from then on. */
  readonly personalizer: Personalizer | undefined;
  /** What the shopper did, oldest first. A new array after each change. */
  readonly history: readonly HistoryEvent[];
  /** The shopper's answer about storage and delivery. */
  readonly consent: Consent;
  /** Changes whenever lists may have changed. */
  readonly version: number;
  /** Calls `listener` after each change of `version`. Returns a function that ends it. */
  subscribe(listener: () => void): () => void;
  /** An event by GA4's, Segment's or PostHog's name and shape. Returns whether it was one of a shop's and usable. */
  track(name: string, parameters?: object): boolean;
  /** Adds to the history. Returns whether it was usable. */
  record(event: ShopperEvent): boolean;
  /** Takes events from a GA4 dataLayer, those already in it too. Returns a function that ends it. */
  connect(dataLayer: DataLayer): () => void;
  /** Items for this shopper, best first. */
  recommend(options?: ListOptions & FallbackOptions): Recommendation[];
  /** The given items in the best order for this shopper: {@link Personalizer.rerank}. */
  rerank(ids: readonly string[], options?: RerankOptions): Recommendation[];
  /** Items like `id`, without it. */
  similar(id: string, options?: ListOptions & FallbackOptions): Recommendation[];
  /** What is much seen of late, the same for every shopper. */
  popular(options?: ListOptions & FallbackOptions): Recommendation[];
  /** Which variation `unit` gets; nobody is in an experiment before the model is there. */
  experiment(key: string): Assignment;
  /** The visitor sees their variation, and `list`. Delivered as `exposure`, once. Returns whether it was reported. */
  expose(key: string, list?: SlotList): boolean;
  /** The list of a slot, by its defaults and `options`, without what other slots of the page show. */
  slot(name: string, options?: SlotOptions): SlotList;
  /** The list came into view. Delivered as `view_item_list`. */
  shown(list: SlotList): void;
  /** The shopper chose an item of the list. Delivered as `select_item`. */
  chosen(list: SlotList, id: string): void;
  /** A page of a one-page application begins: no slot shows anything. */
  newPage(): void;
  /** Hands an event to delivery, for what is none of a shop's. Nothing happens without `deliver` and consent. */
  deliver(event: string, data?: object): void;
  /**
   * Asks the manifest again, and takes the overlay it names when that is another: stock, prices, trends and new items
   * change in place. A new bundle waits for the next page. Resolves to whether anything was taken.
   */
  refresh(): Promise<boolean>;
  /** Sends what waits. */
  flush(): Promise<void>;
  /** What the browser holds about the shopper. */
  export(): Promise<ExportedData>;
  /** Removes it. The answer about consent stays. */
  erase(): Promise<void>;
  /** Calls `callback` with this: what a page wrote before the script was there goes on to work. */
  push(...callbacks: ((vitrine: Vitrine) => void)[]): void;
  /** Ends everything: loading, delivery and what listens. */
  dispose(): void;
  /** As {@link Vitrine.dispose}. */
  [Symbol.dispose](): void;
}
