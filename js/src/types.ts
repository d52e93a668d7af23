/// <reference lib="esnext.disposable" preserve="true" />
import type { VitrineError } from './error.js';
import type { Assignment } from './experiments/assign.js';
import type { ExperimentOptions } from './experiments/experiment_set.js';
import type { ExposedList } from './experiments/exposure.js';

/** Where a file is, or the file itself. */
export type BytesSource = string | URL | ArrayBuffer | Uint8Array;

export interface PersonalizerOptions {
  /** The model file that `vitrine train` wrote. A string is a URL, relative ones to the page. */
  bundle: BytesSource | Response;
  /** The WebAssembly of this package. Default: `vitrine.wasm` beside the module. */
  wasm?: BytesSource | Response | WebAssembly.Module;
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
export type EventType = 'view' | 'cart' | 'purchase' | 'favorite' | 'remove' | 'other';

export interface ShopperEvent {
  /** Id of the item. */
  item: string;
  /** Default: `view`. What is none of the types counts as `other`. */
  type?: EventType;
  /** When it was, in milliseconds since 1970. Default: now. Long silence before it begins a session. */
  time?: number;
}

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
}

export type RerankOptions = ListOptions;

/** Where a part of a score comes from. */
export interface Reason {
  /**
   * - `session`: shoppers went on from `item` to this one
   * - `embedding`: shoppers treat `item` and this one alike
   * - `neighbours`: shoppers whose sessions had `item` had this one too
   * - `popularity`: much seen of late
   * - `other`: the sum of what is too small to be listed
   */
  kind: 'session' | 'embedding' | 'neighbours' | 'popularity' | 'other';
  /** Id of the item that this follows from; for `session`, `embedding` and `neighbours`. */
  item?: string;
  score: number;
}

export interface Recommendation {
  id: string;
  /** Higher is better; comparable within one list. */
  score: number;
  /** Largest first, at most 4. They add up to the score. */
  reasons: readonly Reason[];
}

export interface BundleInfo {
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
  [Symbol.dispose](): void;
}
