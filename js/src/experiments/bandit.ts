/** The settings of a bandit, which learns in the page which variation of an experiment to show. */
export interface Bandit {
  /**
   * `thompson` shows a variation with the probability that it is the best one. `epsilon-greedy`
   * shows the best one so far.
   */
  method: 'thompson' | 'epsilon-greedy';
  /**
   * The prior knowledge of each variation, as a Beta distribution of its reward rate: [3, 97]
   * counts as 98 rounds with 2 rewards. Default: [1, 1] each, which is no knowledge.
   */
  priors?: readonly (readonly [rewards: number, others: number])[];
  /**
   * The share of rounds in which every variation has the same chance, so that none gets a very low
   * probability. Default: 0.1.
   */
  epsilon?: number;
  /** The hours from the exposure to the end of a round, in which a reward counts. Default: 24. */
  hours?: number;
}

/** The number of rounds with and without a reward, by variation. */
export type Outcomes = readonly (readonly [rewards: number, others: number])[];

/**
 * Returns the probability of each variation in the next round. It is exact up to rounding and
 * computed by quadrature.
 */
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

/**
 * Returns the variation at `place` in [0, 1), where each variation covers a part as long as its
 * propensity.
 */
export function variationOf(propensities: readonly number[], place: number): number {
  let end = 0;
  const found = propensities.findIndex((propensity) => {
    end += propensity;
    return place < end;
  });
  return found < 0 ? propensities.length - 1 : found;
}

/** A Beta(a, b) distribution of a reward rate. */
export type Shape = readonly [a: number, b: number];

/** Gives everything to the largest mean, in equal parts when several are equal. */
function greedy(shapes: readonly Shape[]): number[] {
  const means = shapes.map(([a, b]) => a / (a + b));
  const best = Math.max(...means);
  const winners = means.filter((mean) => mean === best).length;
  return means.map((mean) => (mean === best ? 1 / winners : 0));
}

/** The Gauss-Legendre rule of eight points on [-1, 1]: the positive points with their weights. */
const rule = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
].flatMap(([x = 0, weight = 0]) => [
  { x, weight },
  { x: -x, weight },
]);
/** A density whose logarithm is this far below its maximum counts as zero. */
const depth = 40;

/**
 * Returns for each of several independent Beta distributions the probability that it has the
 * largest value. This is the integral of its density times the distribution functions of the
 * others. The variable is the logit, in which the densities are smooth and fall exponentially. The
 * pieces of the integral are short where a density changes; the error is below 1e-13. The command
 * `vitrine` computes it in the same way.
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

  /** Adds to `sums` the integral of each density, up to a factor, over one piece. */
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

/** Returns ln(1 + e^t). */
const softplus = (t: number): number => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));

/**
 * Returns the logarithm of the density of a Beta distribution over the logit of its variable, up to
 * a constant.
 */
const logDensity = ([a, b]: Shape, t: number, plus: number): number => a * t - (a + b) * plus;
