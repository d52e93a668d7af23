import { describe, expect, it } from 'vitest';
import {
  bucket,
  bucketRanges,
  chooseVariation,
  equalWeights,
  inNamespace,
} from '../../../js/src/experiments/hash.ts';
import { cases, missing } from './vectors.ts';

const rounded = (numbers: readonly number[], digits: number) =>
  numbers.map((value) => Number(value.toFixed(digits)));

describe.skipIf(missing)('the published GrowthBook vectors', () => {
  it('for hashing', () => {
    for (const [seed, value, version, expected] of cases('hash', 15)) {
      expect(bucket(seed, value, version) ?? null).toBe(expected);
    }
  });

  it('for bucket ranges', () => {
    for (const [name, [count, coverage, weights], expected] of cases('getBucketRange', 13)) {
      const ranges = bucketRanges(count, coverage, weights).map((range) => rounded(range, 6));
      expect(ranges, name).toEqual(expected);
    }
  });

  it('for choosing a variation', () => {
    for (const [name, place, ranges, expected] of cases('chooseVariation', 13)) {
      expect(chooseVariation(place, ranges), name).toBe(expected);
    }
  });

  it('for namespaces', () => {
    for (const [name, value, namespace, expected] of cases('inNamespace', 16)) {
      expect(inNamespace(value, namespace), name).toBe(expected);
    }
  });

  it('for equal weights', () => {
    for (const [count, expected] of cases('getEqualWeights', 6)) {
      expect(rounded(equalWeights(count), 8)).toEqual(expected);
    }
  });
});

describe('bucket', () => {
  it('hashes UTF-16 code units, not bytes', () => {
    expect(bucket('seed', 'é', 2)).toBe(0.8663);
  });
});
