import { afterEach, describe, expect, it, vi } from 'vitest';
import { ExperimentSet } from '../../../js/src/experiments/experiment_set.ts';
import { type Exposure, whenSeen } from '../../../js/src/experiments/exposure.ts';

const definitions = [
  { key: 'hero', variations: ['control', 'b'] },
  { key: 'nobody', variations: ['control', 'b'], coverage: 0 },
];

function page(options: object = {}) {
  const sent: Exposure[] = [];
  const onExposure = (exposure: Exposure) => sent.push(exposure);
  const set = new ExperimentSet('u1', { definitions, onExposure, ...options }, { hash: 'abc' });
  return { set, sent };
}

describe('an exposure', () => {
  it('is sent once, with unit, variation, bundle and the list as it was drawn', () => {
    const { set, sent } = page();
    const { name } = set.assign('hero');
    expect(sent).toEqual([]);
    expect(set.expose('hero', { slot: 'home', items: ['a', 'b'], propensities: [1, 0.5] })).toBe(
      true,
    );
    expect(set.expose('hero', { items: ['c'] })).toBe(false);
    expect(sent).toEqual([
      {
        event: 'exposure',
        attribute: 'id',
        unit: 'u1',
        experiment: 'hero',
        variation: name,
        time: expect.any(Number),
        bundle: 'abc',
        list: { slot: 'home', items: ['a', 'b'], positions: [1, 2], propensities: [1, 0.5] },
      },
    ]);
  });

  it('is not sent for a unit outside, an unknown experiment or a forced variation', () => {
    const { set, sent } = page({ url: 'https://shop.example/?hero=1' });
    expect(set.assign('hero').name).toBe('b');
    for (const key of ['hero', 'nobody', 'no-such']) expect(set.expose(key)).toBe(false);
    expect(sent).toEqual([]);
  });

  it('is not sent again on the next page when the page keeps what was reported', () => {
    const reported = new Set<string>();
    expect(page({ reported }).set.expose('hero')).toBe(true);
    expect(page({ reported }).set.expose('hero')).toBe(false);
  });
});

describe('experiments of the page', () => {
  it('replace those of the bundle with the same key', () => {
    const bundle = new Map([
      ['hero', { key: 'hero', variations: ['x', 'y'] }],
      ['other', { key: 'other', variations: ['x', 'y'] }],
    ]);
    const set = new ExperimentSet('u1', { definitions }, { experiments: bundle });
    expect(['control', 'b']).toContain(set.assign('hero').name);
    expect(['x', 'y']).toContain(set.assign('other').name);
  });

  it('are refused when one cannot be used', () => {
    const twice = [definitions[0], definitions[0]] as typeof definitions;
    expect(() => new ExperimentSet('u', { definitions: twice })).toThrow('experiments[1].key');
  });
});

describe('whenSeen', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('calls back once half of the element has been on screen', () => {
    let notify: (entries: object[]) => void = () => {};
    const disconnect = vi.fn();
    class Observer {
      constructor(callback: (entries: object[]) => void) {
        notify = callback;
      }
      observe = vi.fn();
      disconnect = disconnect;
    }
    vi.stubGlobal('IntersectionObserver', Observer);
    const seen = vi.fn();
    whenSeen({} as Element, seen);
    const entry = (intersectionRatio: number, height: number) => ({
      intersectionRatio,
      intersectionRect: { height },
      rootBounds: { height: 800 },
    });
    notify([entry(0.3, 100)]);
    expect(seen).not.toHaveBeenCalled();
    notify([entry(0.2, 500)]); // a long list that fills more than half of the screen
    expect(seen).toHaveBeenCalledOnce();
    expect(disconnect).toHaveBeenCalledOnce();
  });

  it('counts as seen at once where the browser cannot tell', () => {
    const seen = vi.fn();
    whenSeen({} as Element, seen);
    expect(seen).toHaveBeenCalledOnce();
  });
});
