/// <reference lib="esnext.disposable" preserve="true" />
import type { eventTypes, reasonKinds } from '../abi.js';
import type { VitrineError } from '../error.js';
import type { Assignment } from '../experiments/assign.js';
import type { ExperimentOptions } from '../experiments/experiment_set.js';
import type { ExposedList } from '../experiments/exposure.js';
import type { BytesSource } from '../loading/load.js';

/** What {@link createPersonalizer} takes. */
export interface PersonalizerOptions {
  /** The model file that `vitrine train` wrote. A string is a URL, relative ones to the page. */
  bundle: BytesSource | Response;
  /** The WebAssembly of this package. Default: `vitrine.wasm` beside the module. */
  wasm?: BytesSource | Response | WebAssembly.Module;
  /** Bytes of an overlay, as for {@link Personalizer.apply}: counts, with its experiments, from the start. Default: none. */
  overlay?: ArrayBuffer | Uint8Array;
  /**
   * Who takes part in experiments: a visitor id that stays the same between visits. Default: none, and nobody is in
   * an experiment.
   */
  unit?: string;
  /** What assignment depends on beside `unit`, experiments of the page, and who hears of exposures. Default: nothing. */
  experiments?: ExperimentOptions;
  /** Fetches `bundle` and `wasm` when they are URLs. Default: the global `fetch`. */
  fetch?: typeof fetch;
  /** Gives the creation up. Default: none. */
  signal?: AbortSignal;
  /** Hears of everything that went wrong after creation. Default: `console.warn`. */
  onError?: (error: VitrineError) => void;
}

/** What a shopper did with an item. */
export type EventType = (typeof eventTypes)[number];

/** What a shopper did. */
export interface ShopperEvent {
  /** Id of the item. */
  item: string;
  /** Default: `view`. What is none of the types counts as `other`. */
  type?: EventType;
  /** When it was, in milliseconds since 1970. Default: now. Long silence before it begins a session. */
  time?: number;
}

/** An event as the history has it. */
export type RecordedEvent = Readonly<Required<ShopperEvent>>;

/** Which items may be shown. What the catalogue in the bundle says nothing about does not pass. */
export interface ItemFilter {
  /** Paths such as `Kitchen/Mugs`; what lies below one passes too. Default: all, as for an empty list. */
  category?: string | readonly string[];
  /** Default: all, as for an empty list. */
  brand?: string | readonly string[];
  /** Default: 0. */
  minPrice?: number;
  /** Default: no limit. */
  maxPrice?: number;
  /** Whether items that are not in stock may be shown. Default: false; true for `rerank`. */
  includeUnavailable?: boolean;
}

/** What a list may hold, and in which order. */
export interface ListOptions {
  /** How many items at most. Default: 12; for `rerank`: all. */
  limit?: number;
  /** Default: whatever is available. */
  filter?: ItemFilter;
  /** Ids that are never shown. Default: none. */
  exclude?: readonly string[];
  /** Leave out what this session has had. Default: true for `recommend`, false elsewhere. */
  excludeSeen?: boolean;
  /** Fill in `reasons`. Default: true. */
  explain?: boolean;
  /** What the shop wants more or less of, 16 at most. Default: none. */
  rules?: readonly Rule[];
  /** Keeps a list from showing the same thing many times. Default: not. */
  diversity?: Diversity;
  /** Lets chance change the order, so that what is shown less is learned about too. Default: not. */
  explore?: Exploration;
  /** What the page knows of a shopper who has no history yet, for `recommend` and `rerank`. Default: nothing. */
  context?: PageContext;
}

/** Ranks for a first visit. Who has a history is ranked by that alone. */
export interface PageContext {
  /** Id of the product that the page shows: counts as a view. Default: none. */
  landingProduct?: string;
  /** A category, or several, that the page shows: theirs come first, without a known `landingProduct`. Default: none. */
  category?: string | readonly string[];
  /** Where the shopper is, as the log of training names it: what is best known there comes first. Default: none. */
  country?: string;
}

/**
 * Items that have all of what is named here are moved: up by `boost`, down by `bury`, or to a place by `pin`. A rule
 * that fits changes the score, and says so among the reasons.
 */
export interface Rule {
  /** Stands in the reasons. Default: none. */
  name?: string;
  /** The score is multiplied by this. Default: 1. */
  boost?: number;
  /** The score is divided by this. Default: 1. */
  bury?: number;
  /** The place, from 0, of the first of `items`; the others follow. At most 16 pins count. Default: none. */
  pin?: number;
  /** Any of these ids. Default: all. */
  items?: readonly string[];
  /** As in {@link ItemFilter}. Default: all. */
  category?: string | readonly string[];
  /** Default: all. */
  brand?: string | readonly string[];
  /** Default: 0. */
  minPrice?: number;
  /** Default: no limit. */
  maxPrice?: number;
}

/** How much a list may repeat itself. */
export interface Diversity {
  /**
   * Maximal marginal relevance: 1 looks at scores alone, 0 only at how unlike an item is to those before it.
   * Default: 1.
   */
  lambda?: number;
  /** Items of one category at most, while there are others. Default: any number. */
  perCategory?: number;
  /** Items of one brand at most, while there are others. Default: any number. */
  perBrand?: number;
}

/** How much chance a list has in it. */
export interface Exploration {
  /** Share of places, 0 to 1, that take any candidate. Default: none. */
  epsilon?: number;
  /**
   * Plackett-Luce: places are drawn with probabilities proportional to scores to this power, 1 to 32; the higher,
   * the closer to the best order. Comes before `epsilon`. Default: none.
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

/** Where a part of a score comes from. */
export interface Reason {
  /**
   * - `session`: shoppers went on from `item` to this one
   * - `embedding`: shoppers treat `item` and this one alike
   * - `neighbours`: shoppers whose sessions had `item` had this one too
   * - `popularity`: much seen of late
   * - `rule`: what a rule added, or took
   * - `other`: the sum of what is too small to be listed
   */
  kind: (typeof reasonKinds)[number];
  /** Id of the item that this follows from; for `session`, `embedding` and `neighbours`. */
  item?: string;
  /** The `name` of the rule, for `rule`; `context` for what lies in its category. */
  rule?: string;
  /** Its part of the score of the list's item; below 0 where a rule took. */
  score: number;
}

/** One item of a list. */
export interface Recommendation {
  /** Id of the item. */
  id: string;
  /** Higher is better; comparable within one list. */
  score: number;
  /** Largest first, at most 4. They add up to the score. */
  reasons: readonly Reason[];
  /** With `explore`: the probability of this item at its place, given the items before it. */
  propensity?: number;
}

/** Which bundle ranks. */
export interface BundleInfo {
  /** With those that an overlay adds. */
  readonly itemCount: number;
  /** Content hash, 16 hex digits: equal hashes mean equal bundles. */
  readonly hash: string;
  /** What the exporter wrote down: training data, settings, metrics, versions. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * The shop's recommender in this page. No call throws: what goes wrong is told to `onError`, and the call falls back
 * to an empty list, or to the shop's own order for `rerank`. All calls are synchronous and stay in the page.
 */
export interface Personalizer {
  /** Which bundle ranks; a new object after {@link Personalizer.apply}. */
  readonly info: BundleInfo;
  /**
   * The last 100 recorded events, oldest first: all that rankings start from. Those of earlier sessions count less.
   * A new array after each change.
   */
  readonly history: readonly RecordedEvent[];
  /** Returns false, and records nothing, when the bundle does not know the item. */
  record(event: ShopperEvent): boolean;
  /** Forgets the history. */
  clear(): void;
  /**
   * Takes the bytes of an overlay, changes to this bundle, in the place of the one before. Returns false, and changes
   * nothing, when they are none of this bundle. Experiments change with it only before the first one was asked for.
   */
  apply(overlay: ArrayBuffer | Uint8Array): boolean;
  /** Items for this shopper, best first. As many as asked for whenever so many are eligible. */
  recommend(options?: ListOptions): Recommendation[];
  /**
   * The given items in the best order for this shopper: first those the bundle knows, then the others in the order
   * given, with score 0. Each id comes once. Left out is only what `filter` or `exclude` leave out; a filter by
   * category, brand or price leaves out items that the bundle does not know, since nothing is known of them.
   */
  rerank(ids: readonly string[], options?: RerankOptions): Recommendation[];
  /** Items like `id`, without it. Popular items when the bundle does not know `id`. */
  similar(id: string, options?: ListOptions): Recommendation[];
  /** What is much seen of late, the same for every shopper. */
  popular(options?: ListOptions): Recommendation[];
  /** Which variation `unit` gets. An experiment that the bundle does not have has nobody in it. */
  experiment(key: string): Assignment;
  /**
   * Reports to `experiments.onExposure` that `unit` sees its variation, with the list that it sees, once. Call it when
   * it is on screen. Returns whether it was reported.
   */
  expose(key: string, list?: ExposedList): boolean;
  /** Frees the memory. A second call does nothing. */
  dispose(): void;
  /** As {@link Personalizer.dispose}. */
  [Symbol.dispose](): void;
}
