import { describe, expect, it } from 'vitest';
import { assign, queryStringOverride } from '../../../js/src/experiments/assign.ts';
import { checkExperiments, type Experiment } from '../../../js/src/experiments/definition.ts';
import type { StickyDocument } from '../../../js/src/experiments/sticky.ts';
import shared from '../../conformance/assignments.json' with { type: 'json' };
import { cases, missing } from './vectors.ts';

const units = Array.from({ length: 2000 }, (_, i) => `visitor ${i}`);
const experiment: Experiment = { key: 'hero', variations: ['control', 'b'] };

describe.skipIf(missing)('the published GrowthBook cases', () => {
  it('for runs', () => {
    for (const [name, given, tried, value, inside, drawn] of cases('run', 73)) {
      const { features, ...context } = given;
      const values = Object.entries(features ?? {}).map(([id, { defaultValue }]) => [
        id,
        defaultValue,
      ]);
      const assigned = assign(tried, undefined, {
        ...context,
        features: Object.fromEntries(values),
      });
      expect(assigned.value, name).toEqual(value);
      expect(assigned.inExperiment, name).toBe(inside);
      expect(['assigned', 'sticky'].includes(assigned.reason), name).toBe(drawn);
    }
  });

  it('for sticky assignment', () => {
    for (const [name, given, documents, feature, expected, kept] of cases('stickyBucket', 13)) {
      const rule = given.features[feature]?.rules?.[0];
      const tried = { key: feature, ...rule } as Experiment;
      const store = new Map<string, StickyDocument>();
      for (const one of documents) store.set(`${one.attributeName}||${one.attributeValue}`, one);
      const assigned = assign(tried, undefined, { attributes: given.attributes, sticky: store });
      if (expected === null) {
        expect(assigned.inExperiment, name).toBe(false);
      } else {
        expect(assigned, name).toMatchObject({
          variation: expected.variationId,
          value: expected.value,
          reason: expected.stickyBucketUsed ? 'sticky' : 'assigned',
          attribute: expected.hashAttribute,
          unit: expected.hashValue,
        });
        expect(tried.meta?.[assigned.variation]?.key ?? `${assigned.variation}`).toBe(expected.key);
      }
      // The published lists name this visitor's documents only.
      const own = [...store].filter(([, document]) =>
        Object.entries(given.attributes).some(
          ([key, value]) => document.attributeName === key && document.attributeValue === value,
        ),
      );
      expect(Object.fromEntries(own), name).toEqual(kept);
    }
  });

  it('for addresses', () => {
    for (const [name, key, url, count, expected] of cases('getQueryStringOverride', 16)) {
      expect(queryStringOverride(key, url, count) ?? null, name).toBe(expected);
    }
  });
});

describe('assign', () => {
  it('answers as the native code does', () => {
    const experiments = checkExperiments(shared.experiments);
    for (const { attributes, expected } of shared.cases) {
      const answers = [...experiments.values()].map((one) => {
        const context = { attributes, experiments, now: shared.now };
        const { variation, reason } = assign(one, undefined, context);
        return [variation, reason];
      });
      expect(answers, JSON.stringify(attributes)).toEqual(expected);
    }
  });

  it('puts nobody in without a unit or with fewer than two variations', () => {
    expect(assign(experiment, undefined).reason).toBe('no-unit');
    expect(assign(experiment, '').reason).toBe('no-unit');
    expect(assign({ key: 'one', variations: ['control'] }, 'u').reason).toBe('too-few-variations');
  });

  it('takes the seed, or the key where the seed is empty', () => {
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
    const weights = [0.2, 0.3, 0.5];
    const split = { key: 'k', variations: ['a', 'b', 'c'], weights, hashVersion: 2 };
    for (let i = 0; i < 20_000; i++) {
      const { variation } = assign(split, `visitor ${i}`);
      counts[variation] = (counts[variation] ?? 0) + 1;
    }
    // Four standard deviations of a binomial share at 20,000 draws are below 0.015.
    counts.forEach((count, i) => {
      expect(Math.abs(count / 20_000 - (weights[i] ?? 0))).toBeLessThan(0.015);
    });
  });

  it('keeps the variation of a unit when coverage grows', () => {
    for (const unit of units) {
      const some = assign({ ...experiment, coverage: 0.3 }, unit);
      if (some.inExperiment) expect(assign(experiment, unit)).toEqual(some);
    }
  });

  it('keeps namespaces apart', () => {
    const first: Experiment = { ...experiment, namespace: ['shop', 0, 0.5] };
    const second: Experiment = { ...experiment, namespace: ['shop', 0.5, 1] };
    for (const unit of units) {
      const both = [first, second].filter((one) => assign(one, unit).inExperiment);
      expect(both).toHaveLength(1);
    }
  });

  it('puts nobody in for a hash version that does not exist', () => {
    expect(assign({ ...experiment, hashVersion: 3 }, 'u').reason).toBe('hash-version');
  });

  it('puts nobody in for a coverage that is no number', () => {
    expect(assign({ ...experiment, coverage: Number.NaN }, 'u').inExperiment).toBe(false);
  });

  it('gives the value of the variation, the control to those outside', () => {
    const lists = { key: 'k', variations: [{ limit: 6 }, { limit: 12 }], coverage: 0.5 };
    for (const unit of units) {
      const { variation, value } = assign(lists, unit);
      expect(value).toEqual({ limit: variation === 1 ? 12 : 6 });
    }
  });

  it('leaves out those whom a holdout has in its first variation', () => {
    const holdout = { key: 'out', variations: ['held out', 'open'], weights: [0.1, 0.9] };
    const held = { ...experiment, holdout: 'out' };
    const experiments = new Map([[holdout.key, holdout]]);
    const outside = units.filter((unit) => !assign(held, unit, { experiments }).inExperiment);
    expect(outside).toEqual(units.filter((unit) => assign(holdout, unit).variation === 0));
    expect(outside.length).toBeGreaterThan(100);
    expect(assign(held, 'u').reason).toBe('holdout'); // it cannot be found
  });

  it('opens step by step with a ramp, and moves nobody', () => {
    const ramp = [
      { from: '2026-03-01', coverage: 0.1 },
      { from: '2026-03-08T12:00:00Z', coverage: 1 },
    ];
    const at = (time: string) =>
      units.map(
        (unit) => assign({ ...experiment, ramp }, unit, { now: Date.parse(time) }).variation,
      );
    expect(new Set(at('2026-02-28T23:59:59Z'))).toEqual(new Set([-1]));
    const early = at('2026-03-08T11:59:59Z');
    const late = at('2026-03-08T12:00:00Z');
    expect(late).not.toContain(-1);
    const inside = early.filter((variation) => variation >= 0).length;
    expect(Math.abs(inside / units.length - 0.1)).toBeLessThan(0.03);
    early.forEach((variation, i) => {
      if (variation >= 0) expect(late[i]).toBe(variation);
    });
  });

  it('keeps sticky units when weights change, and draws the others anew', () => {
    const sticky = new Map<string, StickyDocument>();
    const before = units
      .slice(0, 100)
      .map((unit) => assign(experiment, unit, { sticky }).variation);
    const moved = { ...experiment, weights: [1, 0] };
    units.forEach((unit, i) => {
      const { variation, reason } = assign(moved, unit, { sticky });
      expect([variation, reason]).toEqual(i < 100 ? [before[i], 'sticky'] : [0, 'assigned']);
    });
  });
});
