import type { DeliveredEvent, Transport } from '../delivery/record.js';
import type { VitrineError } from '../error.js';
import type { DataLayer } from '../events/data_layer.js';
import type { Assignment } from '../experiments/assign.js';
import type { ExperimentOptions } from '../experiments/experiment_set.js';
import type {
  ItemId,
  ListOptions,
  Personalizer,
  PersonalizerOptions,
  Recommendation,
  RerankOptions,
  ShopperEvent,
} from '../ranking/types.js';
import type { Consent, ConsentState, PrivacySignals } from '../session/consent.js';
import type { HistoryEvent } from '../session/history.js';

/** The options of {@link createVitrine}. */
export interface VitrineOptions extends PrivacySignals {
  /** The address of the manifest, relative to the page. This or `bundle` is required. */
  manifest?: string | URL;
  /**
   * The public key that `vitrine keygen` printed, or several in a list or separated by spaces or
   * commas. A manifest that is not signed with one of them is refused, and so is everything when a
   * key is empty or damaged. Default: signatures are not checked.
   */
  publicKey?: string | readonly string[];
  /**
   * The shop that the manifest must name. Default: with `publicKey` the page's origin, otherwise any.
   */
  shop?: string;
  /** The model file without a manifest. It is not compared with a SHA-256 and not stored. */
  bundle?: PersonalizerOptions['bundle'];
  /**
   * The WebAssembly file, if the manifest names none. Default: `vitrine.wasm` beside the module or
   * script.
   */
  wasm?: PersonalizerOptions['wasm'];
  /** Milliseconds after which the page continues in its own order. Default: 3000. */
  timeout?: number;
  /**
   * Milliseconds after which loading is aborted. A model that comes after `timeout` still ranks, and
   * is stored for the next page. Default: 60000.
   */
  loadTimeout?: number;
  /** See {@link PersonalizerOptions.visitorId}. Default: none. */
  visitorId?: string;
  /**
   * See {@link PersonalizerOptions.experiments}. Exposures are also delivered, as `exposure`.
   * Default: none.
   */
  experiments?: ExperimentOptions;
  /** The function that loads and posts. Default: the global `fetch`. */
  fetch?: typeof fetch;
  /**
   * The name of this shop's stores, for several shops on one origin: answer, history, waiting events
   * and the channel between tabs. Default: one for the whole origin.
   */
  scope?: string;
  /** The state until the shopper has answered. Default: `pending`. */
  consent?: ConsentState;
  /** The largest number of events in the history, up to 100. Default: 100. */
  historyEvents?: number;
  /** The days for which the history is stored. Default: 30. */
  historyDays?: number;
  /**
   * The receiver of events, with consent: an address, a transport, or a function such as its `send`.
   * Default: none.
   */
  transport?: string | URL | Transport | Transport['send'];
  /**
   * Called with each event before it waits for delivery. It may change the event, or drop it by
   * returning null. It may also return a promise of either; then an event that still waits for it
   * is lost with the page. Default: none.
   */
  beforeSend?: (event: DeliveredEvent) => DeliveredEvent | null | Promise<DeliveredEvent | null>;
  /**
   * Returns the id in the bundle of an item of a tracked event, for pages that name items otherwise
   * than the training log; undefined leaves the item out. Default: `item_id` or `product_id`.
   */
  itemId?: (item: Readonly<Record<string, unknown>>) => ItemId | undefined;
  /** The options of each slot by its name. Default: none. */
  slots?: Readonly<Record<string, SlotOptions>>;
  /**
   * Print problems of events and of options in the console, and see {@link PersonalizerOptions.debug}. Default: true
   * on localhost, and when the inspector is open.
   */
  debug?: boolean;
  /**
   * Let `?vitrine_debug` in the address open the inspector. Default: true.
   */
  inspector?: boolean;
  /** Called with every error. Default: `console.warn`. */
  onError?: (error: VitrineError) => void;
}

/** Options for the list that a call of {@link Vitrine} gives without a model. */
export interface FallbackOptions {
  /** The shop's own order, which is shown while there is no model. Default: none. */
  fallback?: readonly ItemId[];
}

/** The options of a slot. */
export interface SlotOptions extends ListOptions, FallbackOptions {
  /** The kind of list. Default: `similar` when `item` is given, else `recommend`. */
  list?: 'recommend' | 'similar' | 'popular';
  /** The item for `similar`. Default: none. */
  item?: ItemId;
  /** Leave out items that other slots of this page show. Default: true. */
  dedupe?: boolean;
}

/** Options of the lists of components. */
export interface LiveOptions {
  /** Follow every event of the shopper; the list may then move under their eyes. Default: false. */
  live?: boolean;
}

/** The list of a slot. */
export interface SlotList {
  /** The name of the slot. */
  readonly slot: string;
  /** The items, best first. */
  readonly items: readonly Recommendation[];
  /** False when the items are in the shop's own order. */
  readonly personalized: boolean;
}

/** All data that this browser holds about the shopper. */
export interface ExportedData {
  /** The valid state of consent. */
  consent: ConsentState;
  /** The visitor id that the page gave. */
  visitorId: string | undefined;
  /** The events, oldest first. */
  history: readonly HistoryEvent[];
  /** See {@link Personalizer.unknownItems}. */
  unknownItems: readonly string[];
  /** The events that wait for delivery. */
  waiting: readonly DeliveredEvent[];
}

/**
 * The personalization of a shop in one page: it loads the model, keeps the session, and delivers
 * events. It can be used from the first moment: a list that cannot be ranked is in the shop's own
 * order. No call throws, and no promise rejects.
 */
export interface Vitrine {
  /**
   * Resolves to true once lists are ranked, or to false when they stay in the shop's own order; at
   * the latest after `timeout`.
   */
  readonly ready: Promise<boolean>;
  /**
   * Resolves to true once the complete model is ready, or to false when it is not ready within
   * `timeout`. Before that the manifest's preview may rank, which has only the best-known items and
   * no experiments.
   */
  readonly fullyReady: Promise<boolean>;
  /** The model, when there is one. It may also come after `ready` has resolved to false. */
  readonly personalizer: Personalizer | undefined;
  /** The events of the shopper, oldest first. After each change it is a new array. */
  readonly history: readonly HistoryEvent[];
  /** The shopper's answer about storage and delivery. */
  readonly consent: Consent;
  /** A number that changes whenever lists may have changed. */
  readonly version: number;
  /**
   * The number of times that the browser showed this page again after a way back. Lists are then
   * drawn anew, also those that do not follow every event.
   */
  readonly restores: number;
  /** Calls `listener` after each change of `version`. Returns a function that stops it. */
  subscribe(listener: () => void): () => void;
  /**
   * Records an event with GA4's, Segment's or PostHog's name and form. Returns true when it was a
   * valid shop event. An order with a `transaction_id` that the history has counts once.
   */
  track(name: string, parameters?: object): boolean;
  /** Adds an event to the history. Returns true when it was valid. */
  record(event: ShopperEvent): boolean;
  /**
   * Reads the events of a GA4 dataLayer, including those already in it. Returns a function that
   * stops it.
   */
  connect(dataLayer: DataLayer): () => void;
  /** Returns items for this shopper, best first. */
  recommend(options?: ListOptions & FallbackOptions): Recommendation[];
  /**
   * Returns the given items in the best order for this shopper; see {@link Personalizer.rerank}.
   */
  rerank(ids: readonly ItemId[], options?: RerankOptions): Recommendation[];
  /** Returns items like `id`, without it. */
  similar(id: ItemId, options?: ListOptions & FallbackOptions): Recommendation[];
  /** Returns the items that were seen often recently, the same for every shopper. */
  popular(options?: ListOptions & FallbackOptions): Recommendation[];
  /** Returns the variation of `visitorId`; nobody is in an experiment before the model is ready. */
  experiment(key: string): Assignment;
  /**
   * Tells that the visitor sees the variation and `list`. Delivered once, as `exposure`. Returns
   * true when it was reported.
   */
  expose(key: string, list?: SlotList): boolean;
  /**
   * Returns the list of a slot. `options` override the slot's defaults. Items that other slots of
   * the page show are left out.
   */
  slot(name: string, options?: SlotOptions): SlotList;
  /** Reports that the list came into view. Delivered as `view_item_list`. */
  trackView(list: SlotList): void;
  /** Reports that the shopper clicked an item of the list. Delivered as `select_item`. */
  trackClick(list: SlotList, id: ItemId): void;
  /**
   * Tells that a new page of a one-page application begins, in which no slot shows anything yet.
   */
  newPage(): void;
  /** Delivers an event that is not a shop event. Nothing happens without `transport` and consent. */
  send(event: string, data?: object): void;
  /**
   * Loads the manifest again and applies its overlay if it is a new one: stock, prices, trends and
   * new items change at once. A new bundle is left to the next page. Resolves to true when an
   * overlay was applied.
   */
  refresh(): Promise<boolean>;
  /** Sends the waiting events. */
  flush(): Promise<void>;
  /** Returns all data that the browser holds about the shopper. */
  export(): Promise<ExportedData>;
  /** Removes these data. The answer about consent stays. */
  erase(): Promise<void>;
  /**
   * Calls each `callback` with this object, so that calls which the page made before the script was
   * loaded still work.
   */
  push(...callbacks: ((vitrine: Vitrine) => void)[]): void;
  /** Ends everything: loading, delivery and all listeners. */
  dispose(): void;
  /** As {@link Vitrine.dispose}. */
  [Symbol.dispose](): void;
}
