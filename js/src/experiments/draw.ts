import { coverageOf } from './assign.js';
import type { Experiment } from './definition.js';
import type { BucketRange } from './hash.js';

/** All that decides which variation a unit gets by its bucket. */
export interface Draw {
  /** The seed of the hash. */
  readonly seed: string;
  /** The value that is hashed. */
  readonly value: string;
  /** The version of the hash. */
  readonly version: number;
  /** The share of units that take part. */
  readonly coverage: number;
  /** The number of variations. */
  readonly variations: number;
  /** The weights of the variations; empty: equal ones. */
  readonly weights: readonly number[];
  /** In place of coverage and weights. */
  readonly ranges: readonly BucketRange[] | undefined;
}

/** The draw of an experiment for `value` at `now`. */
export function drawOf(experiment: Experiment, value: string, now: number): Draw {
  const {
    seed,
    key,
    hashVersion = 1,
    ramp,
    coverage = 1,
    variations,
    weights,
    ranges,
  } = experiment;
  return {
    seed: seed || key,
    value,
    version: hashVersion,
    coverage: ramp ? coverageOf(ramp, now) : coverage,
    variations: variations.length,
    weights: weights ?? [],
    ranges,
  };
}

/** An assignment that was computed a second time, by the compiled core. */
export interface AssignmentCheck {
  /** Of the experiment. */
  readonly key: string;
  /** The variation of the page; -1: none. */
  readonly variation: number;
  /** The variation of the core. */
  readonly core: number;
}
