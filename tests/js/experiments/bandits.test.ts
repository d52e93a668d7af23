import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bandits } from '../../../js/src/experiments/bandits.ts';
import { checkExperiments, type Experiment } from '../../../js/src/experiments/definition.ts';
import {
  type ExperimentOptions,
  ExperimentSet,
} from '../../../js/src/experiments/experiment_set.ts';
import type { Exposure } from '../../../js/src/experiments/exposure.ts';

const hour = 3_600_000;
const offer: Experiment = {
  key: 'offer',
  variations: ['none', 'free shipping', 'gift'],
  bandit: { method: 'thompson' },
};
const stored = new Map<string, string>();

beforeEach(() => {
  stored.clear();
  vi.useFakeTimers({ now: Date.UTC(2026, 2, 1) });
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page of `unit`, with what it reports. */
function page(unit: string, options: ExperimentOptions = {}, definition: Experiment = offer) {
  const exposures: Exposure[] = [];
  const onExposure = (exposure: Exposure) => exposures.push(exposure);
  const set = new ExperimentSet(unit, { definitions: [definition], onExposure, ...options });
  return { set, exposures };
}

describe('a bandit slot', () => {
  it('shows a unit the same after a reload, and other units other things', () => {
    const seen = new Set<string | undefined>();
    for (let i = 0; i < 50; i++) {
      const first = page(`visitor ${i}`).set.assign('offer');
      const again = page(`visitor ${i}`).set.assign('offer');
      expect(again).toEqual(first);
      expect(first).toMatchObject({ inExperiment: true, reason: 'assigned', round: 0 });
      expect(first.propensity).toBeCloseTo(1 / 3, 12);
      seen.add(first.name);
    }
    expect(seen).toEqual(new Set(offer.variations));
  });

  it('reports each round once, with the probability of what it showed', () => {
    const bandits = new Bandits();
    const { set, exposures } = page('v', { bandits });
    const first = set.assign('offer');
    expect(set.expose('offer')).toBe(true);
    expect(set.expose('offer')).toBe(false);
    vi.advanceTimersByTime(23 * hour);
    expect(set.assign('offer')).toEqual(first);
    vi.advanceTimersByTime(hour);
    const second = set.assign('offer');
    expect(second.round).toBe(1);
    expect(second.propensity).not.toBeCloseTo(1 / 3, 3);
    expect(set.expose('offer')).toBe(true);
    expect(
      exposures.map(({ round, variation, propensity }) => [round, variation, propensity]),
    ).toEqual([first, second].map(({ round, name, propensity }) => [round, name, propensity]));
  });

  it('shows more often what was rewarded, and less what was not', () => {
    const bandits = new Bandits();
    const { set } = page('v', { bandits });
    for (let round = 0; round < 30; round++) {
      const { name } = set.assign('offer');
      set.expose('offer');
      if (name === 'gift') expect(bandits.reward('offer')).toBe(true);
      vi.advanceTimersByTime(24 * hour);
    }
    const [state] = [...bandits.states.values()];
    const [none, , gift] = (state?.outcomes ?? []) as [number, number][];
    expect(gift?.[1]).toBe(0);
    expect(none?.[0]).toBe(0);
    expect(gift?.[0]).toBeGreaterThan(15);
    expect(state?.round).toBe(29);
  });

  it('takes a reward once a round, and only after an exposure', () => {
    const bandits = new Bandits();
    const { set } = page('v', { bandits });
    expect(bandits.reward('offer')).toBe(false);
    set.assign('offer');
    expect(bandits.reward('offer')).toBe(false);
    set.expose('offer');
    expect(bandits.reward('offer')).toBe(true);
    expect(bandits.reward('offer')).toBe(false);
    expect(bandits.reward('unheard of')).toBe(false);
    vi.advanceTimersByTime(25 * hour);
    expect(bandits.reward('offer')).toBe(false);
  });

  it('reports what the page shows, though the round has ended since', () => {
    const bandits = new Bandits();
    const { set, exposures } = page('v', { bandits });
    set.assign('offer');
    set.expose('offer');
    vi.advanceTimersByTime(30 * hour);
    expect(set.expose('offer')).toBe(false);
    expect(exposures).toHaveLength(1);
  });

  it('goes by its priors, and by the greedy rule where that is asked for', () => {
    const priors = [
      [1, 99],
      [50, 50],
      [1, 99],
    ] as const;
    const greedy = {
      ...offer,
      bandit: { method: 'epsilon-greedy' as const, priors, epsilon: 0.3 },
    };
    const names = Array.from({ length: 400 }, (_, i) =>
      page(`u${i}`, {}, greedy).set.assign('offer'),
    );
    const best = names.filter(({ name }) => name === 'free shipping');
    expect(best.length).toBeGreaterThan(290);
    expect(best.length).toBeLessThan(350);
    expect(best[0]?.propensity).toBeCloseTo(0.8, 12);
  });

  it('leaves out who is not in the experiment, and shows what an address forces', () => {
    const aimed = { ...offer, condition: { country: 'DE' } };
    expect(page('v', { attributes: { country: 'FR' } }, aimed).set.assign('offer')).toMatchObject({
      inExperiment: false,
      reason: 'condition',
    });
    const { set, exposures } = page('v', { url: 'https://shop.example/?offer=2' });
    expect(set.assign('offer')).toMatchObject({ name: 'gift', reason: 'url' });
    expect(set.expose('offer')).toBe(false);
    expect(exposures).toHaveLength(0);
  });

  it('keeps no sticky assignment', () => {
    const sticky = new Map();
    page('v', { sticky }).set.assign('offer');
    expect(sticky.size).toBe(0);
  });
});

describe('what a bandit has learned', () => {
  const key = 'vitrine.bandits';

  it('is stored while the shopper agrees, and found on the next page', () => {
    const consent = () => 'granted';
    const first = page('v', { bandits: new Bandits({ consent }) });
    const { name } = first.set.assign('offer');
    first.set.expose('offer');
    expect(stored.get(key)).toContain('offer');
    vi.advanceTimersByTime(25 * hour);
    const next = page('v', { bandits: new Bandits({ consent }) });
    expect(next.set.assign('offer').round).toBe(1);
    expect(name).toBeDefined();
  });

  it('stays in memory without consent', () => {
    for (const consent of [undefined, () => 'pending', () => 'denied']) {
      const { set } = page('v', { bandits: new Bandits(consent ? { consent } : {}) });
      set.assign('offer');
      set.expose('offer');
      expect(stored.has(key)).toBe(false);
    }
  });

  it('is removed when the shopper no longer agrees, in this page or before the next', () => {
    let answer = 'granted';
    const bandits = new Bandits({ consent: () => answer });
    const { set } = page('v', { bandits });
    set.assign('offer');
    set.expose('offer');
    expect(stored.has(key)).toBe(true);
    const left = stored.get(key) as string;
    answer = 'denied';
    set.assign('offer');
    expect(stored.has(key)).toBe(false);
    stored.set(key, left);
    page('v', { bandits: new Bandits({ consent: () => 'denied' }) }).set.assign('offer');
    expect(stored.has(key)).toBe(false);
    answer = 'granted';
    set.assign('offer');
    bandits.clear();
    expect(stored.has(key)).toBe(false);
    expect(bandits.states.size).toBe(0);
  });

  it('is nothing where the storage holds nonsense, throws or is full of others', () => {
    const consent = () => 'granted';
    for (const nonsense of [
      '{',
      'null',
      '[1,["a"],["b",{"round":-1,"outcomes":[]}]]',
      '[["[\\"offer\\",\\"v\\"]",{"round":1,"outcomes":[[1,"x"],[0,0],[0,0]]}]]',
      '[["[\\"offer\\",\\"v\\"]",{"round":1,"outcomes":[[1,0],[0,0],[0,0]],"open":{"variation":9,"since":1}}]]',
      '[["[\\"offer\\",\\"v\\"]",{"round":1,"outcomes":[[1,0],[0,0]]}]]',
    ]) {
      stored.set(key, nonsense);
      const { set } = page('v', { bandits: new Bandits({ consent }) });
      expect(set.assign('offer').round, nonsense).toBe(0);
    }
    const bandits = new Bandits({ consent });
    for (let i = 0; i < 60; i++) {
      const { set } = page(`v${i}`, { bandits });
      set.assign('offer');
      set.expose('offer');
    }
    expect(bandits.states.size).toBe(50);
    vi.stubGlobal('localStorage', undefined);
    const { set } = page('v', { bandits: new Bandits({ consent }) });
    expect(set.assign('offer').inExperiment).toBe(true);
    expect(set.expose('offer')).toBe(true);
  });
});

describe('the definition of a bandit', () => {
  const refused =
    (bandit: unknown, more: object = {}) =>
    () =>
      checkExperiments([{ ...offer, bandit, ...more }]);

  it('is refused with the field that cannot be used', () => {
    expect(refused({ method: 'best' })).toThrow('experiments[0].bandit must be an object');
    expect(refused({ method: 'thompson', priors: [[1, 1]] })).toThrow('experiments[0].bandit');
    expect(
      refused({
        method: 'thompson',
        priors: [
          [1, 1],
          [0, 1],
          [1, 1],
        ],
      }),
    ).toThrow('.bandit');
    expect(refused({ method: 'thompson', epsilon: 2 })).toThrow('.bandit');
    expect(refused({ method: 'thompson', hours: 0 })).toThrow('.bandit');
    const weights = [0.2, 0.3, 0.5];
    expect(refused({ method: 'thompson' }, { weights })).toThrow(
      'experiments[0].weights must be absent beside a "bandit"',
    );
  });
});
