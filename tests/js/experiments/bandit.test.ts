import { describe, expect, it } from 'vitest';
import {
  type Bandit,
  banditPropensities,
  chancesToBeBest,
  type Outcomes,
  variationOf,
} from '../../../js/src/experiments/bandit.ts';
import { placeOf } from '../../../js/src/experiments/hash.ts';
import shared from '../../conformance/bandits.json' with { type: 'json' };

type Shapes = readonly (readonly [number, number])[];

/** ln of the beta function of whole numbers. */
function logBeta(a: number, b: number): number {
  let sum = -Math.log(a);
  for (let i = 1; i < b; i++) sum += Math.log(i) - Math.log(a + i);
  return sum;
}

/** P(Beta(c, d) > Beta(a, b)) for whole numbers, in closed form. */
function closedForm([a, b]: readonly number[], [c, d]: readonly number[]): number {
  const [one, two, three, four] = [a, b, c, d] as [number, number, number, number];
  let sum = 0;
  for (let i = 0; i < three; i++) {
    sum += Math.exp(
      logBeta(one + i, two + four) - Math.log(four + i) - logBeta(1 + i, four) - logBeta(one, two),
    );
  }
  return sum;
}

describe('the chance to be the best', () => {
  it('is the exact one', () => {
    for (const { shapes, expected } of shared.chances) {
      const chances = chancesToBeBest(shapes as unknown as Shapes);
      for (const [i, chance] of expected.entries()) {
        expect(Math.abs((chances[i] as number) - chance), JSON.stringify(shapes)).toBeLessThan(
          1e-13,
        );
      }
    }
  });

  it('of two variations is the closed form', () => {
    for (const shapes of [
      [
        [2, 7],
        [3, 5],
      ],
      [
        [40, 900],
        [60, 1000],
      ],
      [
        [1, 300],
        [2, 2],
      ],
    ] as unknown as [number, number][][]) {
      const [, second] = chancesToBeBest(shapes);
      expect(second).toBeCloseTo(closedForm(shapes[0] as number[], shapes[1] as number[]), 11);
    }
  });

  it('is how often a draw of each has the largest one', () => {
    const shapes: Shapes = [
      [2, 9],
      [3, 9],
      [1, 4],
    ];
    let seed = 7;
    const uniform = () => placeOf(`${seed++}`);
    // The a-th smallest of a + b - 1 uniform numbers has the distribution Beta(a, b).
    const draw = ([a, b]: readonly [number, number]) =>
      Array.from({ length: a + b - 1 }, uniform).sort((x, y) => x - y)[a - 1] as number;
    const wins = [0, 0, 0];
    const draws = 40_000;
    for (let i = 0; i < draws; i++) {
      const values = shapes.map(draw);
      const best = values.indexOf(Math.max(...values));
      wins[best] = (wins[best] as number) + 1;
    }
    for (const [k, chance] of chancesToBeBest(shapes).entries()) {
      const error = Math.sqrt((chance * (1 - chance)) / draws);
      expect(Math.abs((wins[k] as number) / draws - chance)).toBeLessThan(4 * error);
    }
  });

  it('adds up where the shapes are at their bounds', () => {
    const chances = chancesToBeBest([
      [0.01, 0.01],
      [1e6, 0.01],
      [0.01, 1e6],
      [1e6, 1e6],
    ]);
    expect(chances.reduce((sum, chance) => sum + chance)).toBeCloseTo(1, 12);
    expect(chances.every((chance) => chance >= 0)).toBe(true);
  });
});

describe('propensities', () => {
  it('are those of the native program', () => {
    for (const { bandit, outcomes, expected } of shared.propensities) {
      const propensities = banditPropensities(
        bandit as unknown as Bandit,
        outcomes as unknown as Outcomes,
      );
      for (const [i, one] of expected.entries()) expect(propensities[i]).toBeCloseTo(one, 12);
    }
  });

  it('are never below the share that is left to even chance', () => {
    for (const method of ['thompson', 'epsilon-greedy'] as const) {
      const priors = [
        [1, 999],
        [900, 100],
      ] as const;
      const [worst] = banditPropensities({ method, priors, epsilon: 0.2 }, [
        [0, 0],
        [0, 0],
      ]);
      expect(worst).toBeGreaterThanOrEqual(0.1);
      expect(worst).toBeLessThan(0.1001);
    }
  });

  it('are taken at a place that is the same for a unit and a round', () => {
    for (const { seed, unit, round, expected } of shared.places) {
      expect(placeOf(`${seed}/${unit}/${round}`)).toBe(expected);
    }
  });

  it('are how often each variation is drawn', () => {
    const propensities = [0.2, 0.5, 0.3];
    const counts = [0, 0, 0];
    const units = 30_000;
    for (let unit = 0; unit < units; unit++) {
      const drawn = variationOf(propensities, placeOf(`offer/visitor-${unit}/0`));
      counts[drawn] = (counts[drawn] as number) + 1;
    }
    for (const [k, p] of propensities.entries()) {
      const error = Math.sqrt((p * (1 - p)) / units);
      expect(Math.abs((counts[k] as number) / units - p)).toBeLessThan(4 * error);
    }
  });
});
