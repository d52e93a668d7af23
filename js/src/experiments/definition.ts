import type { Bandit } from './bandit.js';
import type { Condition } from './condition.js';
import type { BucketRange, Namespace } from './hash.js';

/** A further condition on the hash of a unit, in addition to the experiment's own buckets. */
export interface Filter {
  /** The text that is hashed together with the unit. */
  seed: string;
  /** The unit passes when its hash is in any of these ranges. */
  ranges: readonly BucketRange[];
  /** The attribute that is hashed. Default: `id`. */
  attribute?: string;
  /** The version of the hash. Default: 2. */
  hashVersion?: number;
}

/** A condition on a feature whose value the page has decided before. */
export interface ParentCondition {
  /** The name of the feature. */
  id: string;
  /** The condition on `{ value }`. */
  condition: Condition;
}

/** A step of a ramp: the coverage from a time on. */
export interface RampStep {
  /** The time in UTC: `2026-03-01` or `2026-03-01T08:00:00Z`. */
  from: string;
  /** The share of units that take part, 0 to 1. */
  coverage: number;
}

/** An experiment in GrowthBook's form. Vitrine adds `holdout`, `ramp` and `bandit`. */
export interface Experiment {
  /** The name of the experiment in calls and logs. */
  key: string;
  /**
   * The variations, with the control first: names or any other values. An object may be the options
   * of a list.
   */
  variations: readonly unknown[];
  /** The key (default: the index) and the name of each variation. */
  meta?: readonly { key?: string; name?: string }[];
  /** The text that is hashed together with the unit. Default: `key`. */
  seed?: string;
  /**
   * The version of the hash, 1 or 2. Version 2 distributes units better. Default: 1, as in
   * GrowthBook.
   */
  hashVersion?: number;
  /** The attribute that is the unit. Default: `id`. */
  hashAttribute?: string;
  /**
   * The attribute that is the unit when `hashAttribute` is missing; it needs sticky assignment.
   * Default: none.
   */
  fallbackAttribute?: string;
  /** The share of units that take part, 0 to 1. Default: 1. */
  coverage?: number;
  /**
   * The coverage by time, in order. Nobody takes part before the first step. Default: `coverage` at
   * all times.
   */
  ramp?: readonly RampStep[];
  /** The share of each variation; they add up to 1. Default: equal shares. */
  weights?: readonly number[];
  /**
   * The bucket ranges of the variations, which replace `coverage`, `ramp` and `weights`. Default:
   * none.
   */
  ranges?: readonly BucketRange[];
  /**
   * A range of a namespace. A unit takes part only when its hash in the namespace is in the range.
   * Default: none.
   */
  namespace?: Namespace;
  /** Filters that a unit must all pass; they replace `namespace`. Default: none. */
  filters?: readonly Filter[];
  /**
   * The key of a holdout experiment. Units in its first variation do not take part in this one.
   * Default: none.
   */
  holdout?: string;
  /** A condition on the attributes. Default: none. */
  condition?: Condition;
  /** Conditions on features of the page. Default: none. */
  parentConditions?: readonly ParentCondition[];
  /**
   * Gives this variation to all units that would take part; they are not counted. Default: none.
   */
  force?: number;
  /** With false, nobody is assigned. Default: true. */
  active?: boolean;
  /** A `draft` assigns nobody, a `stopped` experiment only by `force`. Default: `running`. */
  status?: 'draft' | 'running' | 'stopped';
  /** A sticky assignment is valid within one version. Default: 0. */
  bucketVersion?: number;
  /** Units that were assigned under an earlier version do not take part. Default: 0. */
  minBucketVersion?: number;
  /** Switches sticky assignment off. Default: false. */
  disableStickyBucketing?: boolean;
  /**
   * With a bandit, each browser learns which variation to show. It replaces `weights`, `ranges` and
   * sticky assignment. Default: none.
   */
  bandit?: Bandit;
}

/** Experiments by key. */
export type Experiments = ReadonlyMap<string, Experiment>;

type Check = (value: unknown) => boolean;
type Fields = Record<string, unknown>;

const isText: Check = (value) => typeof value === 'string';
const isName: Check = (value) => isText(value) && value !== '';
const isFlag: Check = (value) => typeof value === 'boolean';
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isShare: Check = (value) => typeof value === 'number' && value >= 0 && value <= 1;
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isVersion: Check = (value) => value === 1 || value === 2;
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isRanges = listOf((range) => listOf(isShare)(range) && (range as unknown[]).length === 2);
const absent = (value: unknown): boolean => value === undefined || value === null;
const optional =
  (check: Check): Check =>
  (value) =>
    absent(value) || check(value);

/**
 * Returns the time of a step's `from` in milliseconds since 1970, or NaN when it is not a valid
 * time.
 */
export function timeOf(from: string): number {
  const form = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/;
  return form.test(from) ? Date.parse(from) : Number.NaN;
}

function isRamp(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  const times = value.map((step) =>
    isObject(step) && isText(step.from) && isShare(step.coverage)
      ? timeOf(step.from as string)
      : Number.NaN,
  );
  return times.every((time, i) =>
    i === 0 ? !Number.isNaN(time) : time > (times[i - 1] as number),
  );
}

const isAmount =
  (most: number): Check =>
  (value) =>
    typeof value === 'number' && value >= 0.01 && value <= most;
const isPriors = listOf((pair) => listOf(isAmount(1e6))(pair) && (pair as unknown[]).length === 2);

function isBandit(value: unknown, count: number): boolean {
  return (
    isObject(value) &&
    /^(thompson|epsilon-greedy)$/.test(String(value.method)) &&
    optionalFor(isPriors)(value.priors, count) &&
    optional(isShare)(value.epsilon) &&
    optional(isAmount(8760))(value.hours)
  );
}

/** The check of each field. `count` is the number of variations. */
const fields: Record<
  keyof Experiment,
  [wanted: string, check: (value: unknown, count: number) => boolean]
> = {
  key: ['a text', isName],
  variations: ['a list of at least two', (value) => Array.isArray(value) && value.length >= 2],
  meta: [
    'an object with "key" and "name" for each variation',
    optionalFor(
      listOf((one) => isObject(one) && optional(isText)(one.key) && optional(isText)(one.name)),
    ),
  ],
  seed: ['a text', optional(isText)],
  hashVersion: ['1 or 2', optional(isVersion)],
  hashAttribute: ['a text', optional(isName)],
  fallbackAttribute: ['a text', optional(isName)],
  coverage: ['a number from 0 to 1', optional(isShare)],
  ramp: [
    'a list of {"from": "2026-03-01", "coverage": 0.1}, in the order of time',
    optional(isRamp),
  ],
  weights: [
    'a share for each variation, 1 together',
    optionalFor((value) => {
      if (!listOf(isShare)(value)) return false;
      const sum = (value as number[]).reduce((total, weight) => total + weight, 0);
      return sum >= 0.99 && sum <= 1.01;
    }),
  ],
  ranges: ['[start, end] for each variation, from 0 to 1', optionalFor(isRanges)],
  namespace: [
    '[name, start, end]',
    optional((value) => Array.isArray(value) && isName(value[0]) && isRanges([value.slice(1)])),
  ],
  filters: [
    'a list of {"seed": text, "ranges": [[start, end]]}',
    optional(
      listOf(
        (one) =>
          isObject(one) &&
          isText(one.seed) &&
          isRanges(one.ranges) &&
          optional(isName)(one.attribute) &&
          optional(isVersion)(one.hashVersion),
      ),
    ),
  ],
  holdout: ['the key of another experiment', optional(isName)],
  condition: ['an object', optional(isObject)],
  parentConditions: [
    'a list of {"id": text, "condition": object}',
    optional(listOf((one) => isObject(one) && isName(one.id) && isObject(one.condition))),
  ],
  force: [
    'the index of a variation',
    (value, count) => absent(value) || (isCount(value) && Number(value) < count),
  ],
  active: ['true or false', optional(isFlag)],
  status: [
    'draft, running or stopped',
    optional((value) => /^(draft|running|stopped)$/.test(String(value))),
  ],
  bucketVersion: ['a whole number', optional(isCount)],
  minBucketVersion: ['a whole number', optional(isCount)],
  disableStickyBucketing: ['true or false', optional(isFlag)],
  bandit: [
    'an object with "method", thompson or epsilon-greedy',
    (value, count) => absent(value) || isBandit(value, count),
  ],
};

/** Accepts a missing value, or a list with one entry for each variation. */
function optionalFor(check: Check): (value: unknown, count: number) => boolean {
  return (value, count) => absent(value) || (check(value) && (value as unknown[]).length === count);
}

/**
 * Checks a list of experiments, which may be any value, and returns the experiments by key. Null
 * stands for a missing field; unknown fields are ignored. Throws an Error that names the first
 * wrong entry and field and the values that it accepts.
 */
export function checkExperiments(list: unknown): Map<string, Experiment> {
  if (!Array.isArray(list)) throw new Error('"experiments" must be a list');
  const found = new Map<string, Experiment>();
  const refuse = (at: string, wanted: string, value: unknown): never => {
    throw new Error(`experiments${at} must be ${wanted}, not ${JSON.stringify(value)}`);
  };
  for (const [index, entry] of list.entries()) {
    if (!isObject(entry)) {
      refuse(`[${index}]`, 'an object', entry);
      continue;
    }
    const count = Array.isArray(entry.variations) ? entry.variations.length : 0;
    for (const [name, [wanted, check]] of Object.entries(fields)) {
      if (!check(entry[name], count)) refuse(`[${index}].${name}`, wanted, entry[name]);
    }
    for (const name of ['weights', 'ranges']) {
      if (entry.bandit && !absent(entry[name])) {
        refuse(`[${index}].${name}`, 'absent beside a "bandit", which has "priors"', entry[name]);
      }
    }
    const key = entry.key as string;
    if (found.has(key)) refuse(`[${index}].key`, 'a key that no other experiment has', key);
    const given = Object.entries(entry).filter(([, value]) => value !== null);
    found.set(key, Object.fromEntries(given) as unknown as Experiment);
  }
  for (const [index, { key, holdout }] of [...found.values()].entries()) {
    if (holdout === undefined) continue;
    const other = found.get(holdout);
    if (!other || holdout === key || other.holdout !== undefined) {
      refuse(`[${index}].holdout`, 'the key of another experiment without a holdout', holdout);
    }
  }
  return found;
}

/**
 * Parses the experiments of a bundle from `{"experiments": [...]}`; an empty text has none. Throws
 * as checkExperiments.
 */
export function parseExperiments(json: string): Map<string, Experiment> {
  if (json === '') return new Map();
  const document: unknown = JSON.parse(json);
  return checkExperiments(isObject(document) ? document.experiments : undefined);
}
