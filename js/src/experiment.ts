/**
 * Assignment to experiments as GrowthBook SDKs do it (specification 0.8.0), so that a shop can move running ones.
 * Needs no wasm: a page must not wait for it before it draws.
 */
export interface Experiment {
  key: string;
  /** What the hash starts from. Default: `key`. */
  seed?: string;
  /** Default: 2. */
  hashVersion?: number;
  /** Share of units that take part, 0 to 1. Default: 1. */
  coverage?: number;
  /** Share of each variation, adding up to 1. Default: equal shares. */
  weights?: readonly number[];
  /** Names, the control first. */
  variations: readonly string[];
  /** [id, start, end]: takes part only where the unit's place in the namespace is in [start, end). Default: all. */
  namespace?: readonly [string, number, number];
}

export interface Assignment {
  key: string;
  /** Index into the variations; -1 when not in the experiment. */
  variation: number;
  /** Name of the variation; undefined when not in the experiment. */
  name: string | undefined;
  inExperiment: boolean;
}

export type BucketRange = readonly [start: number, end: number];

/** FNV-1a, 32 bit, over UTF-16 code units, each XORed whole: not over UTF-8 bytes. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * Where `value` falls in [0, 1) under `seed`. Version 2 in steps of 1/10000, version 1 of 1/1000; undefined for any
 * other version.
 */
export function bucket(seed: string, value: string, version: number): number | undefined {
  if (version === 2) return (fnv1a32(`${fnv1a32(seed + value)}`) % 10000) / 10000;
  if (version === 1) return (fnv1a32(value + seed) % 1000) / 1000;
  return undefined;
}

/** `count` equal shares; none for a count below 1. */
export function equalWeights(count: number): number[] {
  return count < 1 ? [] : new Array<number>(count).fill(1 / count);
}

/**
 * The range of buckets of each variation. `coverage` is cut to [0, 1]; `weights` are replaced by equal ones when
 * their number is not `count` or their sum is outside 0.99 .. 1.01.
 */
export function bucketRanges(
  count: number,
  coverage: number,
  weights?: readonly number[] | null,
): BucketRange[] {
  // A coverage that is not a number lets nobody in.
  const share = coverage > 0 ? Math.min(coverage, 1) : 0;
  const sum = weights?.reduce((total, weight) => total + weight, 0) ?? 0;
  const usable = weights?.length === count && sum >= 0.99 && sum <= 1.01;
  let start = 0;
  return (usable ? weights : equalWeights(count)).map((weight) => {
    const range: BucketRange = [start, start + share * weight];
    start += weight;
    return range;
  });
}

/** The first range that holds `place`, or -1. */
export function chooseVariation(place: number, ranges: readonly BucketRange[]): number {
  return ranges.findIndex(([start, end]) => place >= start && place < end);
}

/** Whether `value` lies in the part [start, end) of a namespace, which keeps experiments apart. */
export function inNamespace(
  value: string,
  [id, start, end]: readonly [string, number, number],
): boolean {
  const place = bucket(`__${id}`, value, 1);
  return place !== undefined && place >= start && place < end;
}

/** Which variation of `experiment` the unit gets. No unit, fewer than 2 variations: not in the experiment. */
export function assign(experiment: Experiment, unit: string | undefined): Assignment {
  const { key, seed, hashVersion = 2, coverage = 1, weights, variations, namespace } = experiment;
  let variation = -1;
  if (unit && variations.length >= 2 && (!namespace || inNamespace(unit, namespace))) {
    const place = bucket(seed || key, unit, hashVersion);
    if (place !== undefined) {
      variation = chooseVariation(place, bucketRanges(variations.length, coverage, weights));
    }
  }
  return { key, variation, name: variations[variation], inExperiment: variation >= 0 };
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isText = (value: unknown): value is string => typeof value === 'string';
const optional = (value: unknown, check: (value: unknown) => boolean): boolean =>
  value === undefined || value === null || check(value);

/** Whether a value out of a bundle's JSON can be assigned from. */
function isExperiment(value: unknown): value is Experiment {
  if (typeof value !== 'object' || value === null) return false;
  const { key, seed, hashVersion, coverage, weights, variations, namespace } = value as Record<
    keyof Experiment,
    unknown
  >;
  return (
    isText(key) &&
    optional(seed, isText) &&
    optional(hashVersion, isNumber) &&
    optional(coverage, isNumber) &&
    optional(weights, (list) => Array.isArray(list) && list.every(isNumber)) &&
    Array.isArray(variations) &&
    variations.every(isText) &&
    optional(
      namespace,
      (place) =>
        Array.isArray(place) && isText(place[0]) && isNumber(place[1]) && isNumber(place[2]),
    )
  );
}

/**
 * The experiments of a bundle by key, from `{"experiments": [...]}`; the empty text has none. Null stands for an
 * absent setting. Throws an Error that names the first entry that is not an experiment.
 */
export function parseExperiments(json: string): Map<string, Experiment> {
  const found = new Map<string, Experiment>();
  if (json === '') return found;
  const document: unknown = JSON.parse(json);
  const list =
    typeof document === 'object' && document !== null && 'experiments' in document
      ? document.experiments
      : undefined;
  if (!Array.isArray(list)) throw new Error('there is no list "experiments"');
  list.forEach((entry: unknown, index) => {
    if (!isExperiment(entry)) throw new Error(`experiments[${index}] is malformed`);
    const given = Object.entries(entry).filter(([, value]) => value !== null);
    found.set(entry.key, Object.fromEntries(given) as unknown as Experiment);
  });
  return found;
}
