import type { mode } from '../abi.js';

/** An empty list that need not be created again. An item without explanation has these reasons. */
export const none: readonly never[] = Object.freeze([]);

/** A request for a list, as the wasm gets it. */
export interface ListRequest {
  mode: (typeof mode)[keyof typeof mode];
  limit: number;
  minPrice: number;
  maxPrice: number;
  availableOnly: boolean;
  excludeSeen: boolean;
  explain: boolean;
  /** True when all events of the history are in earlier sessions. */
  sessionOver: boolean;
  /** Indices from `find`; unknown ones match nothing. */
  categories: readonly number[];
  brands: readonly number[];
  excluded: readonly number[];
  given: readonly number[];
  /**
   * The categories that the page shows, the item, and the market, or `unknown`. They are used for a
   * shopper without a history.
   */
  shown: readonly number[];
  landing: number;
  market: number;
  plan: Plan | undefined;
}

/**
 * Rules, diversity and exploration in the form of the wasm, with the data for reading the result.
 */
export interface Plan {
  /** The input of `Engine::plan`. */
  words: readonly number[];
  /** The names of the rules, by their index. */
  rules: readonly (string | undefined)[];
  explored: boolean;
}
