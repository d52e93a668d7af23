/** Where units fall, as GrowthBook's SDKs compute it (specification 0.8.0). Doubles are added in exactly this order. */

export type BucketRange = readonly [start: number, end: number];

/** `[id, start, end]`: the part from `start` to before `end` of the namespace `id`. */
export type Namespace = readonly [id: string, start: number, end: number];

/** Of FNV-1a with 32 bits. */
const basis = 0x811c9dc5 | 0;
const prime = 0x01000193;

/** FNV-1a, 32 bit, over UTF-16 code units, each XORed whole: not over UTF-8 bytes. `hash`: of what stands before. */
export function fnv1a32(text: string, hash = basis): number {
  let result = hash | 0;
  for (let i = 0; i < text.length; i++) {
    result = Math.imul(result ^ text.charCodeAt(i), prime);
  }
  return result >>> 0;
}

/**
 * Where a text falls in [0, 1), in steps of 2^-32: `fnv1a32` with the last step of MurmurHash3, which makes of near
 * texts far places.
 */
export function placeOf(text: string): number {
  let hash = fnv1a32(text);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * `fnv1a32` of a whole number below 2^32 as a text. The hash takes the highest digit first, and divisions would give it
 * last: each half of five digits is a fixed-point number with one before the point and 28 bits behind it, and ten times
 * the rest is the next. A half must not be too small, nor too large by one of its last digit, 26843.
 */
export function hashOfDigits(value: number): number {
  const high = (value * 1e-5) | 0; // as a double 1e-5 is a little more, so whole ones do not fall short
  let rest = Math.imul(high, 26844); // 2^28 / 10^4 rounded up: too large by 19516 at most
  let hash = basis;
  let inside = false; // zeros before the first other digit are not written
  for (let i = 0; i < 10; i++) {
    if (i === 5) rest = ((value - 1e5 * high) * 26843.5456 + 1) | 0;
    const digit = rest >>> 28;
    inside ||= digit > 0 || i === 9;
    if (inside) hash = Math.imul(hash ^ (48 + digit), prime);
    rest = Math.imul(rest & (2 ** 28 - 1), 10);
  }
  return hash >>> 0;
}

let lastSeed = '';
let lastHash = fnv1a32(lastSeed);

/** `fnv1a32` of a seed; that of the last one is at hand. */
function hashOfSeed(seed: string): number {
  if (seed !== lastSeed) {
    lastHash = fnv1a32(seed);
    lastSeed = seed;
  }
  return lastHash;
}

/**
 * Where `value` falls under `seed`, as a whole number: version 2 below 10000, version 1 below 1000; -1 for any other
 * version. A whole number, because functions hand one another such faster than fractions.
 */
export function bucketStep(seed: string, value: string, version: number): number {
  if (version === 2) return hashOfDigits(fnv1a32(value, hashOfSeed(seed))) % 10000;
  if (version === 1) return fnv1a32(seed, fnv1a32(value)) % 1000;
  return -1;
}

/** The same as a part of [0, 1); undefined for any other version. */
export function bucket(seed: string, value: string, version: number): number | undefined {
  const step = bucketStep(seed, value, version);
  return step < 0 ? undefined : placeOfStep(step, version);
}

export function placeOfStep(step: number, version: number): number {
  return step / (version === 2 ? 10000 : 1000);
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

/** `chooseVariation` of `bucketRanges`, without making these. */
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

/** Whether `value` lies in its part of a namespace, which keeps experiments apart. */
export function inNamespace(value: string, [id, start, end]: Namespace): boolean {
  const place = bucket(`__${id}`, value, 1);
  return place !== undefined && place >= start && place < end;
}
