/**
 * The buckets of units, computed as in GrowthBook's SDKs (specification 0.8.0). The order of
 * additions matters for the last bit and must not change.
 */

export type BucketRange = readonly [start: number, end: number];

/**
 * `[id, start, end]`: the range from `start` (included) to `end` (excluded) of the namespace `id`.
 */
export type Namespace = readonly [id: string, start: number, end: number];

/** The initial value of FNV-1a with 32 bits. */
const basis = 0x811c9dc5 | 0;
const prime = 0x01000193;

/**
 * Computes FNV-1a with 32 bits over UTF-16 code units. Each unit is XORed as a whole; UTF-8 bytes
 * are not used. `hash` is the hash of the text before, to continue from.
 */
export function fnv1a32(text: string, hash = basis): number {
  let result = hash | 0;
  for (let i = 0; i < text.length; i++) {
    result = Math.imul(result ^ text.charCodeAt(i), prime);
  }
  return result >>> 0;
}

/**
 * Hashes a text to [0, 1), in steps of 2^-32: `fnv1a32` followed by the last step of MurmurHash3,
 * which moves similar texts far apart.
 */
export function placeOf(text: string): number {
  let hash = fnv1a32(text);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

let lastSeed = '';
let lastHash = fnv1a32(lastSeed);

/** Returns `fnv1a32` of a seed. The hash of the last seed is kept. */
function hashOfSeed(seed: string): number {
  if (seed !== lastSeed) {
    lastHash = fnv1a32(seed);
    lastSeed = seed;
  }
  return lastHash;
}

/**
 * Hashes `value` with `seed` to a bucket number: below 10000 for version 2, below 1000 for version
 * 1, and -1 for any other version. It is a whole number because JavaScript passes whole numbers
 * between functions faster than fractions.
 */
export function bucketStep(seed: string, value: string, version: number): number {
  if (version === 2) return fnv1a32(`${fnv1a32(value, hashOfSeed(seed))}`) % 10000;
  if (version === 1) return fnv1a32(seed, fnv1a32(value)) % 1000;
  return -1;
}

/** Returns the bucket as a number in [0, 1), or undefined for an unknown version. */
export function bucket(seed: string, value: string, version: number): number | undefined {
  const step = bucketStep(seed, value, version);
  return step < 0 ? undefined : placeOfStep(step, version);
}

export function placeOfStep(step: number, version: number): number {
  return step / (version === 2 ? 10000 : 1000);
}

/** Returns `count` equal shares, or none for a count below 1. */
export function equalWeights(count: number): number[] {
  return count < 1 ? [] : new Array<number>(count).fill(1 / count);
}

/**
 * Returns the bucket range of each variation. `coverage` is limited to [0, 1]. `weights` are
 * replaced by equal ones when their number is not `count` or their sum is outside 0.99 .. 1.01.
 */
export function bucketRanges(
  count: number,
  coverage: number,
  weights?: readonly number[] | null,
): BucketRange[] {
  // A coverage that is not a number excludes everybody.
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

/** Returns the first range that contains `place`, or -1. */
export function chooseVariation(place: number, ranges: readonly BucketRange[]): number {
  return ranges.findIndex(([start, end]) => place >= start && place < end);
}

/** Returns the same as `chooseVariation` of `bucketRanges`, without creating the ranges. */
export function chooseByWeight(
  place: number,
  count: number,
  coverage: number,
  weights?: readonly number[] | null,
): number {
  if (weights) return chooseVariation(place, bucketRanges(count, coverage, weights));
  const share = coverage > 0 ? Math.min(coverage, 1) : 0;
  const weight = 1 / count;
  let start = 0;
  for (let i = 0; i < count; i++) {
    if (place >= start && place < start + share * weight) return i;
    start += weight;
  }
  return -1;
}

/**
 * Returns true when the hash of `value` lies in this range of the namespace. Experiments with
 * separate ranges share no units.
 */
export function inNamespace(value: string, [id, start, end]: Namespace): boolean {
  const place = bucket(`__${id}`, value, 1);
  return place !== undefined && place >= start && place < end;
}
