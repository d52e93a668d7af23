import type { mode } from '../abi.js';

/** An empty list that need not be made anew: an item that is not explained has these reasons. */
export const none: readonly never[] = Object.freeze([]);

/** A list as the wasm is asked for it. */
export interface ListRequest {
  mode: (typeof mode)[keyof typeof mode];
  limit: number;
  minPrice: number;
  maxPrice: number;
  availableOnly: boolean;
  excludeSeen: boolean;
  explain: boolean;
  /** All of the history lies in earlier sessions. */
  sessionOver: boolean;
  /** Indices, as `find` gave them; unknown ones match nothing. */
  categories: readonly number[];
  brands: readonly number[];
  excluded: readonly number[];
  given: readonly number[];
  /** Categories that the page shows, the item, and the market, or `unknown`: for who has no history. */
  shown: readonly number[];
  landing: number;
  market: number;
  plan: Plan | undefined;
}

/** What the wasm is told of rules, diversity and exploration, and what it needs to be read back. */
export interface Plan {
  /** The input of `Engine::plan`. */
  words: readonly number[];
  /** Names of the rules, by their place. */
  rules: readonly (string | undefined)[];
  explored: boolean;
}
