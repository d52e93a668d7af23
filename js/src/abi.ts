// Written by `vitrine_abi` from wasm/ranking/abi.h: not to be edited.
// To write it anew: cmake --build --preset release --target write_abi

/** The index of a name that the bundle does not have. */
export const unknown = -1;

/** The reasons why a bundle or an overlay was refused, by number. */
export const statusNames = [
  'ok',
  'truncated',
  'bad-magic',
  'unsupported-version',
  'trailing-bytes',
  'hash-mismatch',
  'misaligned',
  'bad-section-table',
  'missing-section',
  'bad-section-size',
  'bad-item-count',
  'bad-ids',
  'bad-id-order',
  'bad-string-table',
  'bad-catalog',
  'bad-popularity',
  'bad-embeddings',
  'bad-session-rows',
  'bad-settings',
  'bad-metadata',
  'bad-session-sample',
  'bad-partitions',
  'wrong-base',
  'bad-overlay',
] as const;

/** The kinds of events, by number. */
export const eventTypes = ['view', 'cart', 'purchase', 'favorite', 'remove', 'other'] as const;

/** The sources of parts of a score, by number. */
export const reasonKinds = [
  'session',
  'embedding',
  'popularity',
  'other',
  'neighbours',
  'rule',
  'trending',
] as const;

/** The sources that name the item that they start from. */
export const itemReasons = ['session', 'embedding', 'neighbours'] as const;

/** Tables of names in a bundle. */
export const table = {
  items: 0,
  categories: 1,
  brands: 2,
  markets: 3,
} as const;

/** Kinds of lists. */
export const mode = {
  recommend: 0,
  rerank: 1,
  similar: 2,
  popular: 3,
} as const;

/** Kinds of exploration. */
export const exploration = {
  none: 0,
  epsilon: 1,
  power: 2,
} as const;

/** Events that the history holds. */
export const historyLength = 100;

/** Rules that a list may have. */
export const mostRules = 16;

/** Pins that a list may have. */
export const mostPins = 16;

/** The highest power of exploration by Plackett-Luce. */
export const highestPower = 32;

/** Bytes of the longest item id. */
export const longestId = 1024;

/** Size of a `info` in words of 32 bits. */
export const infoSize = 7;

/** Fields of a `info` that are whole numbers, by word. */
export const infoWords = {
  itemCount: 0,
  hashLow: 1,
  hashHigh: 2,
  metadata: 3,
  metadataSize: 4,
  experiments: 5,
  experimentsSize: 6,
} as const;

/** Size of a `ranked` in words of 32 bits. */
export const rankedSize = 16;

/** Fields of a `ranked` that are whole numbers, by word. */
export const rankedWords = {
  item: 0,
  reasonCount: 2,
  reasons: 3,
} as const;

/** Fields of a `ranked` that are 32-bit floats, by word. */
export const rankedFloats = {
  score: 1,
  propensity: 15,
} as const;

/** Size of a `reason` in words of 32 bits. */
export const reasonSize = 3;

/** Fields of a `reason` that are whole numbers, by word. */
export const reasonWords = {
  kind: 0,
  item: 1,
} as const;

/** Fields of a `reason` that are 32-bit floats, by word. */
export const reasonFloats = {
  score: 2,
} as const;

/** Size of a `request` in words of 32 bits. */
export const requestSize = 26;

/** Fields of a `request` that are whole numbers, by word. */
export const requestWords = {
  mode: 2,
  limit: 3,
  availableOnly: 4,
  excludeSeen: 5,
  explain: 6,
  landing: 9,
  market: 10,
  planned: 11,
  perCategory: 13,
  perBrand: 14,
  exploration: 15,
  seedLow: 17,
  seedHigh: 18,
  pins: 19,
  rules: 20,
  categories: 21,
  brands: 22,
  excluded: 23,
  given: 24,
  shown: 25,
} as const;

/** Fields of a `request` that are 32-bit floats, by word. */
export const requestFloats = {
  minPrice: 7,
  maxPrice: 8,
  relevance: 12,
  strength: 16,
} as const;

/** Fields of a `request` that are 64-bit floats, by double word. */
export const requestDoubles = {
  now: 0,
} as const;

/** Size of a `pin` in words of 32 bits. */
export const pinSize = 2;

/** Fields of a `pin` that are whole numbers, by word. */
export const pinWords = {
  place: 0,
  item: 1,
} as const;

/** Size of a `rule` in words of 32 bits. */
export const ruleSize = 6;

/** Fields of a `rule` that are whole numbers, by word. */
export const ruleWords = {
  items: 3,
  categories: 4,
  brands: 5,
} as const;

/** Fields of a `rule` that are 32-bit floats, by word. */
export const ruleFloats = {
  factor: 0,
  minPrice: 1,
  maxPrice: 2,
} as const;

/** Size of a `draw` in words of 32 bits. */
export const drawSize = 8;

/** Fields of a `draw` that are whole numbers, by word. */
export const drawWords = {
  version: 2,
  variations: 3,
  numbers: 4,
  ranged: 5,
  seedUnits: 6,
  valueUnits: 7,
} as const;

/** Fields of a `draw` that are 64-bit floats, by double word. */
export const drawDoubles = {
  coverage: 0,
} as const;

/** The functions that the module exports; `wasm/ranking/abi.h` says what each does. */
export interface WasmFunctions {
  reserveBundle(size: number): number;
  open(verified: number): number;
  reserveOverlay(size: number): number;
  apply(): number;
  input(words: number): number;
  info(): number;
  find(table: number, count: number): number;
  id(item: number): number;
  clear(): void;
  record(item: number, kind: number, time: number): void;
  list(): number;
  ranked(): number;
  bucket(): number;
  variation(): number;
  useRelaxedScan(slot: number): number;
}

/** Their names. */
export const wasmFunctions = [
  'reserveBundle',
  'open',
  'reserveOverlay',
  'apply',
  'input',
  'info',
  'find',
  'id',
  'clear',
  'record',
  'list',
  'ranked',
  'bucket',
  'variation',
  'useRelaxedScan',
] as const;
