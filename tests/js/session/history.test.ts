// Properties that must hold for every order in which events of several tabs arrive.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History, type HistoryEvent, isHistoryEvent } from '../../../js/src/session/history.ts';

const now = 1_000_000;
const limits = { events: 10, age: 5_000 };

const events = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    item: fc.string({ maxLength: 4 }),
    type: fc.constantFrom('view', 'cart', 'purchase'),
    time: fc.integer({ min: now - 6_000, max: now }),
  }) as fc.Arbitrary<HistoryEvent>,
  { selector: ({ id }) => id, maxLength: 30 },
);

describe('the history', () => {
  it('is the same whatever the order in which events arrive, and however often', () => {
    fc.assert(
      fc.property(
        events.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        fc.integer({ min: 1, max: 7 }),
        ([list, shuffled], size) => {
          const whole = new History(limits);
          whole.add(list, now);
          const parts = new History(limits);
          for (let at = 0; at < shuffled.length; at += size) {
            parts.add(shuffled.slice(at, at + size), now);
            parts.add(shuffled.slice(0, at), now);
          }
          expect(parts.events).toEqual(whole.events);
        },
      ),
    );
  });

  it('keeps the latest within its limits, oldest first, and names the others', () => {
    fc.assert(
      fc.property(events, (list) => {
        const history = new History(limits);
        const fallen = history.add(list, now);
        const times = history.events.map(({ time }) => time);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(history.events.length).toBeLessThanOrEqual(limits.events);
        expect(times.every((time) => time >= now - limits.age)).toBe(true);
        const all = [...fallen, ...history.events].map(({ id }) => id);
        expect(all.sort()).toEqual(list.map(({ id }) => id).sort());
        const young = list.filter(({ time }) => time >= now - limits.age);
        expect(history.events).toHaveLength(Math.min(young.length, limits.events));
      }),
    );
  });

  it('takes a time of a clock that was ahead for the present', () => {
    const history = new History(limits);
    history.add([{ id: 'a', item: 'mug', type: 'view', time: now + 1e12 }], now);
    history.add([{ id: 'b', item: 'jug', type: 'view', time: now + 1 }], now + 1);
    expect(history.events.map(({ item }) => item)).toEqual(['mug', 'jug']);
  });

  it('is a new array after each change', () => {
    const history = new History(limits);
    const before = history.events;
    history.add([{ id: 'a', item: 'mug', type: 'view', time: now }], now);
    expect(before).toEqual([]);
    expect(history.events).toHaveLength(1);
    expect(Object.isFrozen(history.events)).toBe(true);
  });
});

describe('a value from storage', () => {
  it('is an event only when it has all of one', () => {
    expect(isHistoryEvent({ id: 'a', item: 'b', type: 'view', time: 1 })).toBe(true);
    for (const value of [
      undefined,
      null,
      'erase',
      5,
      {},
      { id: 'a', item: 'b', type: 'view' },
      { id: 'a', item: 5, type: 'view', time: 1 },
      { id: 'a', item: 'b', type: 'view', time: Number.NaN },
    ]) {
      expect(isHistoryEvent(value)).toBe(false);
    }
  });
});
