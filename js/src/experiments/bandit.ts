/** How a slot learns in the page which of an experiment's variations to show. */
export interface Bandit {
  /** `thompson`: as often as a variation is likely to be the best; `epsilon-greedy`: the best so far. */
  method: 'thompson' | 'epsilon-greedy';
  /**
   * What is known of each variation before: a Beta distribution of its rate of rewards, so that [3, 97] counts as 98
   * rounds with 2 rewards. Default: [1, 1], nothing.
   */
  priors?: readonly (readonly [rewards: number, others: number])[];
  /** Share of rounds that are left to even chance, so that no variation is ever unlikely. Default: 0.1. */
  epsilon?: number;
  /** How long a round lasts from its exposure, and waits for a reward. Default: 24. */
  hours?: number;
}

/** Rounds with and without a reward, by variation. */
export type Outcomes = readonly (readonly [rewards: number, others: number])[];

/** Probability with which each variation is shown in the next round: exact up to rounding, by quadrature. */
export function banditPropensities(
  { method, priors, epsilon = 0.1 }: Bandit,
  outcomes: Outcomes,
): number[] {
  const shapes = outcomes.map(([rewards, others], i): Shape => {
    const [a, b] = priors?.[i] ?? [1, 1];
    return [a + rewards, b + others];
  });
  const best = method === 'thompson' ? chancesToBeBest(shapes) : greedy(shapes);
  return best.map((chance) => (1 - epsilon) * chance + epsilon / best.length);
}

/** The variation at `place` in [0, 1) of the propensities put end to end. */
export function variationOf(propensities: readonly number[], place: number): number {
  let end = 0;
  const found = propensities.findIndex((propensity) => {
    end += propensity;
    return place < end;
  });
  return found < 0 ? propensities.length - 1 : found;
}

/** Beta(a, b), of a rate of rewards. */
export type Shape = readonly [a: number, b: number];

/** All to the largest mean, in equal parts where several have it. */
function greedy(shapes: readonly Shape[]): number[] {
  const means = shapes.map(([a, b]) => a / (a + b));
  const best = Math.max(...means);
  const winners = means.filter((mean) => mean === best).length;
  return means.map((mean) => (mean === best ? 1 / winners : 0));
}

/** Gauss and Legendre's rule of eight points on [-1, 1]: those above 0, with their weights. */
const rule = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
].flatMap(([x = 0, weight = 0]) => [
  { x, weight },
  { x: -x, weight },
]);
/** A density this far below its top, as a logarithm, is nothing. */
const depth = 40;

/**
 * Probability that each of several independent Beta distributions has the largest value: the integral of its density
 * times the others' distribution functions, over the logit, where the densities are smooth and fall exponentially.
 * The pieces of the integral are short where one of them changes; the error is below 1e-13. `vitrine` computes alike.
 */
export function chancesToBeBest(shapes: readonly Shape[]): number[] {
  const modes = shapes.map(([a, b]) => Math.log(a / b));
  const tops = shapes.map((shape, k) => logDensity(shape, at(modes, k), softplus(at(modes, k))));
  const ends = [...modes];
  shapes.forEach((shape, k) => {
    for (const side of [-0.5, 0.5]) {
      let reach = side * Math.sqrt(1 / shape[0] + 1 / shape[1]);
      for (let fall = 0; fall < depth; reach *= 1.5) {
        const end = at(modes, k) + reach;
        ends.push(end);
        fall = at(tops, k) - logDensity(shape, end, softplus(end));
      }
    }
  });
  ends.sort((x, y) => x - y);

  /** Adds to `sums` the integral of each density, up to a factor, from one place to another. */
  const add = (sums: readonly number[], from: number, to: number): number[] => {
    const all = [...sums];
    const half = (to - from) / 2;
    for (const { x, weight } of rule) {
      const t = from + half * (1 + x);
      const plus = softplus(t);
      shapes.forEach((shape, k) => {
        (all[k] as number) += half * weight * Math.exp(logDensity(shape, t, plus) - at(tops, k));
      });
    }
    return all;
  };
  let below = shapes.map(() => 0);
  const chances = [...below];
  ends.slice(1).forEach((to, piece) => {
    const from = at(ends, piece);
    const half = (to - from) / 2;
    for (const { x, weight } of rule) {
      const t = from + half * (1 + x);
      const plus = softplus(t);
      const functions = add(below, from, t);
      shapes.forEach((shape, k) => {
        let product = half * weight * Math.exp(logDensity(shape, t, plus) - at(tops, k));
        functions.forEach((value, other) => {
          if (other !== k) product *= value;
        });
        (chances[k] as number) += product;
      });
    }
    below = add(below, from, to);
  });
  const total = chances.reduce((sum, chance) => sum + chance, 0);
  return chances.map((chance) => chance / total);
}

const at = (values: readonly number[], index: number): number => values[index] as number;

/** ln(1 + e^t). */
const softplus = (t: number): number => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));

/** Logarithm of the density of a Beta distribution over the logit of its variable, up to a constant. */
const logDensity = ([a, b]: Shape, t: number, plus: number): number => a * t - (a + b) * plus;
