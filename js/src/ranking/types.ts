/// <reference lib="esnext.disposable" preserve="true" />
import type { eventTypes, reasonKinds } from '../abi.js';
import type { VitrineError } from '../error.js';
import type { Assignment } from '../experiments/assign.js';
import type { AssignmentCheck } from '../experiments/draw.js';
import type { ExperimentOptions } from '../experiments/experiment_set.js';
import type { ExposedList } from '../experiments/exposure.js';
import type { BytesSource } from '../loading/load.js';

/** The options of {@link createPersonalizer}. */
export interface PersonalizerOptions {
  /**
   * The model file that `vitrine train` wrote. A string is a URL; it may be relative to the page.
   */
  bundle: BytesSource | Response;
  /** The WebAssembly of this package. Default: `vitrine.wasm` beside the module. */
  wasm?: BytesSource | Response | WebAssembly.Module;
  /**
   * The bytes of an overlay, as for {@link Personalizer.apply}. It is applied from the start, with
   * its experiments. Default: none.
   */
  overlay?: ArrayBuffer | Uint8Array;
  /**
   * The visitor id for experiments. It must stay the same between visits. Default: none; then
   * nobody is in an experiment.
   */
  visitorId?: string;
  /**
   * The experiments of the page, the context of assignment in addition to `visitorId`, and the receiver
   * of exposures. Default: none.
   */
  experiments?: ExperimentOptions;
  /**
   * The function that loads `bundle` and `wasm` when they are URLs. Default: the global `fetch`.
   */
  fetch?: typeof fetch;
  /** A signal that cancels the creation. Default: none. */
  signal?: AbortSignal;
  /**
   * Prints hints in the console: options without effect, and the first id that the bundle does not
   * have. Compares each assignment to an experiment, which JavaScript computes, with the assignment
   * of the compiled core; `onError` gets a difference, with the code `assignment`. Default: false.
   */
  debug?: boolean;
  /** Called with every error after creation. Default: `console.warn`. */
  onError?: (error: VitrineError) => void;
}

/** The id of an item. A number counts as its decimal digits: 101 is "101". */
export type ItemId = string | number;

/** The kind of an event. */
export type EventType = (typeof eventTypes)[number];

/** An action of the shopper with an item. */
export interface ShopperEvent {
  /** The id of the item. */
  item: ItemId;
  /** The kind of the event. An unknown kind counts as `other`. Default: `view`. */
  type?: EventType;
  /**
   * The time of the event in milliseconds since 1970. An event after a long silence starts a
   * session. Default: now.
   */
  time?: number;
}

/** An event in the history. */
export interface RecordedEvent extends Readonly<Required<ShopperEvent>> {
  /** The id of the item, as text. */
  readonly item: string;
}

/**
 * Conditions for items of a list. An item whose value the catalogue does not have does not pass.
 */
export interface ItemFilter {
  /**
   * Category paths such as `Kitchen/Mugs`; items of subcategories pass too. Default: all, also for
   * an empty list.
   */
  category?: string | readonly string[];
  /** Brands. Default: all, also for an empty list. */
  brand?: string | readonly string[];
  /** The lowest price that passes. Default: 0. */
  minPrice?: number;
  /** The highest price that passes. Default: no limit. */
  maxPrice?: number;
  /** Include items that are not in stock. Default: false; true for `rerank`. */
  includeUnavailable?: boolean;
}

/** Options for the content and the order of a list. */
export interface ListOptions {
  /** The largest number of items. Default: 12; for `rerank`: all. */
  limit?: number;
  /** Conditions for the items. Default: available items. */
  filter?: ItemFilter;
  /** Ids that are never shown. Default: none. */
  exclude?: readonly ItemId[];
  /** Leave out items of the running session. Default: true for `recommend`, false elsewhere. */
  excludeSeen?: boolean;
  /** Fill in `reasons`. Default: true. */
  explain?: boolean;
  /** Rules that move items; at most 16. Default: none. */
  rules?: readonly Rule[];
  /** Avoids lists of similar items. Default: off. */
  diversity?: Diversity;
  /**
   * Changes the order at random, so that the shop also learns about items that are rarely shown.
   * Default: off.
   */
  explore?: Exploration;
  /** The page's knowledge about a first visit, for `recommend` and `rerank`. Default: none. */
  context?: PageContext;
}

/** The context of a first visit. It has no effect for a shopper with a history. */
export interface PageContext {
  /** The id of the product that the page shows; it counts as a view. Default: none. */
  landingProduct?: ItemId;
  /**
   * The category of the page, or several. Without a known `landingProduct` its items come first.
   * Default: none.
   */
  category?: string | readonly string[];
  /**
   * The country of the shopper, as written in the training log. Its best-known items come first.
   * Default: none.
   */
  country?: string;
}

/**
 * A rule moves the items that fulfil all its conditions: up by `boost`, down by `demote`, or to a
 * place by `pin`. The change of the score is one of the reasons.
 */
export interface Rule {
  /** The name of the rule in the reasons. Default: none. */
  name?: string;
  /** The score is multiplied by this. Default: 1. */
  boost?: number;
  /** The score is divided by this. Default: 1. */
  demote?: number;
  /**
   * The place, from 0, of the first of `items`; the others follow. At most 16 items may be pinned.
   * Default: none.
   */
  pin?: number;
  /** The ids to which the rule applies. Default: all. */
  items?: readonly ItemId[];
  /** As in {@link ItemFilter}. Default: all. */
  category?: string | readonly string[];
  /** As in {@link ItemFilter}. Default: all. */
  brand?: string | readonly string[];
  /** As in {@link ItemFilter}. Default: 0. */
  minPrice?: number;
  /** As in {@link ItemFilter}. Default: no limit. */
  maxPrice?: number;
}

/** Options that avoid lists of similar items. */
export interface Diversity {
  /**
   * Maximal marginal relevance: 1 uses scores only, 0 uses only the difference to the items before.
   * Default: 1.
   */
  lambda?: number;
  /** The largest number of items of one category, while there are others. Default: no limit. */
  perCategory?: number;
  /** The largest number of items of one brand, while there are others. Default: no limit. */
  perBrand?: number;
}

/** Options that change the order at random. */
export interface Exploration {
  /** The share of places, 0 to 1, that are given to any candidate. Default: none. */
  epsilon?: number;
  /**
   * Plackett-Luce: candidates are drawn with probabilities proportional to their score to this
   * power, 1 to 32. A higher power gives an order closer to the best one. It has priority over
   * `epsilon`. Default: none.
   */
  power?: number;
  /** The same seed gives the same list. Default: random. */
  seed?: number;
}

/** Options of {@link Personalizer.rerank}. */
export interface RerankOptions extends ListOptions {
  /** Leaves out the given ids for which it returns false. Default: none. */
  where?: (id: string) => boolean;
}

/** The source of a part of a score. */
export interface Reason {
  /**
   * - `session`: shoppers went on from `item` to this one
   * - `embedding`: shoppers treat `item` and this one alike
   * - `neighbours`: shoppers whose sessions had `item` had this one too
   * - `popularity`: the item was seen often recently
   * - `trending`: the item is seen more often now than before
   * - `rule`: the part that a rule added or took away
   * - `other`: the sum of all parts that are too small to be listed
   */
  kind: (typeof reasonKinds)[number];
  /** The id of the source item; for `session`, `embedding` and `neighbours`. */
  item?: string;
  /**
   * The `name` of the rule, for `rule`. It is `context` for the items of the context's category.
   */
  rule?: string;
  /** The part of the score; negative when a rule took it away. */
  score: number;
}

/** One item of a list. */
export interface Recommendation {
  /** The id of the item. */
  id: string;
  /** The score; higher is better. It is comparable only within one list. */
  score: number;
  /** The reasons, largest first, at most 4. They add up to the score. */
  reasons: readonly Reason[];
  /**
   * With `explore`: the probability with which the item got its place, given the items before it.
   */
  propensity?: number;
}

/** Data about the bundle that ranks. */
export interface BundleInfo {
  /** The number of items, including those that an overlay adds. */
  readonly itemCount: number;
  /** The content hash, 16 hex digits: equal hashes mean equal bundles. */
  readonly hash: string;
  /** The metadata of the exporter: training data, settings, metrics, versions. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * The recommender of the shop in this page. No call throws: `onError` gets the error, and the call
 * returns an empty list, or for `rerank` the shop's own order. All calls are synchronous, and no
 * data leave the page.
 */
export interface Personalizer {
  /** Data about the bundle; a new object after {@link Personalizer.apply}. */
  readonly info: BundleInfo;
  /**
   * The last 100 recorded events, oldest first. Rankings use only these; events of earlier sessions
   * count less. After each change it is a new array.
   */
  readonly history: readonly RecordedEvent[];
  /**
   * Records an event. Returns false, and records nothing, when the bundle does not know the item.
   */
  record(event: ShopperEvent): boolean;
  /** The first 100 ids that were recorded, or asked for similar items, and that the bundle does not have. */
  readonly unknownItems: readonly string[];
  /** Clears the history. */
  clear(): void;
  /**
   * Applies the bytes of an overlay, in place of the previous one. Returns false, and changes
   * nothing, when the overlay is not valid for this bundle. Experiments change only when none has
   * been asked for yet.
   */
  apply(overlay: ArrayBuffer | Uint8Array): boolean;
  /**
   * Returns items for this shopper, best first. The list is full whenever enough items are
   * eligible.
   */
  recommend(options?: ListOptions): Recommendation[];
  /**
   * Returns the given items in the best order for this shopper: first those the bundle knows, then
   * the others in the given order with score 0. Each id comes once. Only `filter` and `exclude`
   * leave items out. A filter by category, brand or price leaves out items that the bundle does not
   * know, because their values are not known.
   */
  rerank(ids: readonly ItemId[], options?: RerankOptions): Recommendation[];
  /**
   * Returns items like `id`, without it. Returns popular items when the bundle does not know `id`.
   */
  similar(id: ItemId, options?: ListOptions): Recommendation[];
  /** Returns the items that were seen often recently, the same for every shopper. */
  popular(options?: ListOptions): Recommendation[];
  /** Returns the variation of `visitorId`. Nobody is in an experiment that does not exist. */
  experiment(key: string): Assignment;
  /**
   * Reports once to `experiments.onExposure` that `visitorId` sees the variation, with the list that it
   * sees. Call it when the list is on screen. Returns true when it was reported.
   */
  expose(key: string, list?: ExposedList): boolean;
  /** The compared assignments with the option `debug`: the last one of each experiment. */
  readonly checks: readonly AssignmentCheck[];
  /** Frees the memory. A second call does nothing. */
  dispose(): void;
  /** As {@link Personalizer.dispose}. */
  [Symbol.dispose](): void;
}
