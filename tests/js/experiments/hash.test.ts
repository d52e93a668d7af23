import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucket,
  bucketRanges,
  chooseByWeight,
  chooseVariation,
  equalWeights,
  fnv1a32,
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

describe('by their definition', () => {
  it('buckets of version 2 are those of the hash written out and hashed again', () => {
    const written = (seed: string, value: string) =>
      (fnv1a32(`${fnv1a32(seed + value)}`) % 10000) / 10000;
    for (let i = 0; i < 20_000; i++) expect(bucket('s', `${i}`, 2)).toBe(written('s', `${i}`));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (seed, value) => {
        expect(bucket(seed, value, 2)).toBe(written(seed, value));
        expect(bucket(seed, value, 1)).toBe((fnv1a32(value + seed) % 1000) / 1000);
      }),
    );
  });

  it('a choice by weights is that among their ranges', () => {
    const share = fc.double({ min: -0.5, max: 1.5 });
    const weights = fc.option(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), {
      nil: undefined,
    });
    const place = fc.integer({ min: 0, max: 9999 }).map((step) => step / 10_000);
    fc.assert(
      fc.property(
        place,
        fc.integer({ min: 2, max: 12 }),
        share,
        weights,
        (at, count, part, given) => {
          const ranges = bucketRanges(count, part, given);
          expect(chooseByWeight(at, count, part, given)).toBe(chooseVariation(at, ranges));
        },
      ),
    );
  });
});
