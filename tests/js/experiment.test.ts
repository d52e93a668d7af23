import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  assign,
  bucket,
  bucketRanges,
  chooseVariation,
  equalWeights,
  inNamespace,
  parseExperiments,
} from '../../js/src/experiment.ts';

interface Vectors {
  hash: [seed: string, value: string, version: number, expected: number | null][];
  getBucketRange: [
    name: string,
    [count: number, coverage: number, weights: number[] | null],
    [number, number][],
  ][];
  chooseVariation: [name: string, place: number, ranges: [number, number][], expected: number][];
  inNamespace: [
    name: string,
    value: string,
    namespace: [string, number, number],
    expected: boolean,
  ][];
  getEqualWeights: [count: number, expected: number[]][];
}

const file = fileURLToPath(
  new URL('../../../shared/vectors/growthbook/cases.json', import.meta.url),
);
const missing = !existsSync(file);
if (missing) console.warn(`skipped: the GrowthBook vectors are not at ${file}`);
const vectors: Vectors | undefined = missing ? undefined : JSON.parse(readFileSync(file, 'utf8'));
const rounded = (numbers: readonly number[], digits: number) =>
  numbers.map((value) => Number(value.toFixed(digits)));

describe.skipIf(missing)('the published GrowthBook vectors', () => {
  it('for hashing', () => {
    expect(vectors?.hash).toHaveLength(15);
    for (const [seed, value, version, expected] of vectors?.hash ?? []) {
      expect(bucket(seed, value, version) ?? null).toBe(expected);
    }
  });

  it('for bucket ranges', () => {
    expect(vectors?.getBucketRange).toHaveLength(13);
    for (const [name, [count, coverage, weights], expected] of vectors?.getBucketRange ?? []) {
      const ranges = bucketRanges(count, coverage, weights).map((range) => rounded(range, 6));
      expect(ranges, name).toEqual(expected);
    }
  });

  it('for choosing a variation', () => {
    expect(vectors?.chooseVariation).toHaveLength(13);
    for (const [name, place, ranges, expected] of vectors?.chooseVariation ?? []) {
      expect(chooseVariation(place, ranges), name).toBe(expected);
    }
  });

  it('for namespaces', () => {
    expect(vectors?.inNamespace).toHaveLength(16);
    for (const [name, value, namespace, expected] of vectors?.inNamespace ?? []) {
      expect(inNamespace(value, namespace), name).toBe(expected);
    }
  });

  it('for equal weights', () => {
    expect(vectors?.getEqualWeights).toHaveLength(6);
    for (const [count, expected] of vectors?.getEqualWeights ?? []) {
      expect(rounded(equalWeights(count), 8)).toEqual(expected);
    }
  });
});

describe('bucket', () => {
  it('hashes UTF-16 code units, not bytes', () => {
    expect(bucket('seed', 'é', 2)).toBe(0.8663);
  });
});

describe('assign', () => {
  const experiment = { key: 'hero', variations: ['control', 'b'] };

  it('puts nobody in without a unit or with fewer than two variations', () => {
    expect(assign(experiment, undefined).inExperiment).toBe(false);
    expect(assign(experiment, '').inExperiment).toBe(false);
    expect(assign({ key: 'one', variations: ['control'] }, 'u').inExperiment).toBe(false);
  });

  it('takes the seed, or the key where the seed is empty', () => {
    const units = Array.from({ length: 50 }, (_, i) => `u${i}`);
    const names = (seed?: string) =>
      units.map(
        (unit) => assign(seed === undefined ? experiment : { ...experiment, seed }, unit).name,
      );
    expect(names('')).toEqual(names());
    expect(names('hero')).toEqual(names());
    expect(names('other')).not.toEqual(names());
  });

  it('splits units by the weights', () => {
    const counts = [0, 0, 0];
    const split = { key: 'k', variations: ['a', 'b', 'c'], weights: [0.2, 0.3, 0.5] };
    for (let i = 0; i < 20_000; i++) {
      const { variation } = assign(split, `visitor ${i}`);
      counts[variation] = (counts[variation] ?? 0) + 1;
    }
    // Four standard deviations of a binomial share at 20,000 draws are below 0.015.
    expect(counts.map((count) => count / 20_000)).toEqual([
      expect.closeTo(0.2, 1.7),
      expect.closeTo(0.3, 1.7),
      expect.closeTo(0.5, 1.7),
    ]);
  });

  it('keeps the variation of a unit when coverage grows', () => {
    for (let i = 0; i < 1000; i++) {
      const some = assign({ ...experiment, coverage: 0.3 }, `u${i}`);
      if (some.inExperiment) expect(assign(experiment, `u${i}`)).toEqual(some);
    }
  });

  it('keeps namespaces apart', () => {
    const first = { ...experiment, namespace: ['shop', 0, 0.5] as const };
    const second = { ...experiment, namespace: ['shop', 0.5, 1] as const };
    for (let i = 0; i < 1000; i++) {
      const both = [first, second].filter((one) => assign(one, `u${i}`).inExperiment);
      expect(both).toHaveLength(1);
    }
  });

  it('puts nobody in for a hash version that does not exist', () => {
    expect(assign({ ...experiment, hashVersion: 3 }, 'u').inExperiment).toBe(false);
  });

  it('puts nobody in for a coverage that is no number', () => {
    expect(assign({ ...experiment, coverage: Number.NaN }, 'u').inExperiment).toBe(false);
  });
});

describe('parseExperiments', () => {
  it('reads null as not given', () => {
    const json = '{"experiments":[{"key":"k","seed":null,"coverage":null,"variations":["a","b"]}]}';
    expect(
      assign(parseExperiments(json).get('k') ?? { key: '', variations: [] }, 'u').inExperiment,
    ).toBe(true);
  });

  it('names the entry that is malformed', () => {
    const json =
      '{"experiments":[{"key":"k","variations":["a"]},{"key":"l","variations":["a"],"weights":["x"]}]}';
    expect(() => parseExperiments(json)).toThrow('experiments[1] is malformed');
  });
});
