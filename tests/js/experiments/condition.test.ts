import { describe, expect, it } from 'vitest';
import { evalCondition } from '../../../js/src/experiments/condition.ts';
import { cases, missing } from './vectors.ts';

describe('evalCondition', () => {
  it.skipIf(missing)('answers the published GrowthBook cases', () => {
    for (const [name, condition, attributes, expected, groups] of cases('evalCondition', 248)) {
      expect(evalCondition(attributes, condition, groups), name).toBe(expected);
    }
  });

  it('sees own properties only', () => {
    expect(evalCondition({}, { constructor: { $exists: true } })).toBe(false);
    expect(evalCondition({}, { '__proto__.x': { $exists: true } })).toBe(false);
  });

  it('matches nothing with an operator that does not exist', () => {
    expect(evalCondition({ a: 1 }, { a: { $near: 1 } })).toBe(false);
  });

  it('finds no order between a list and a number', () => {
    expect(evalCondition({ a: [5] }, { a: { $gt: 3 } })).toBe(false);
    expect(evalCondition({ a: [5] }, { a: { $lte: 9 } })).toBe(false);
  });
});
