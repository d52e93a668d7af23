// The test cases that GrowthBook publishes for its SDKs; they may be missing on this machine.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Condition, SavedGroups } from '../../../js/src/experiments/condition.ts';
import type { Experiment } from '../../../js/src/experiments/definition.ts';
import type { StickyDocument } from '../../../js/src/experiments/sticky.ts';

type Attributes = Record<string, unknown>;
type Feature = { defaultValue?: unknown; rules?: Partial<Experiment>[] };

export interface Vectors {
  hash: [seed: string, value: string, version: number, expected: number | null][];
  getBucketRange: [
    name: string,
    [count: number, coverage: number, weights: number[] | null],
    [number, number][],
  ][];
  chooseVariation: [name: string, place: number, ranges: [number, number][], expected: number][];
  inNamespace: [
    name: string,
    value: string,
    namespace: [string, number, number],
    expected: boolean,
  ][];
  getEqualWeights: [count: number, expected: number[]][];
  getQueryStringOverride: [
    name: string,
    key: string,
    url: string,
    count: number,
    expected: number | null,
  ][];
  evalCondition: [
    name: string,
    condition: Condition,
    attributes: Attributes,
    expected: boolean,
    groups?: SavedGroups,
  ][];
  run: [
    name: string,
    context: {
      attributes?: Attributes;
      enabled?: boolean;
      url?: string;
      qaMode?: boolean;
      forcedVariations?: Record<string, number>;
      savedGroups?: SavedGroups;
      features?: Record<string, Feature>;
    },
    experiment: Experiment,
    value: unknown,
    inExperiment: boolean,
    hashUsed: boolean,
  ][];
  stickyBucket: [
    name: string,
    context: { attributes: Attributes; features: Record<string, Feature> },
    documents: StickyDocument[],
    feature: string,
    expected: {
      hashAttribute: string;
      hashValue: string;
      key: string;
      stickyBucketUsed: boolean;
      value: unknown;
      variationId: number;
    } | null,
    kept: Record<string, StickyDocument>,
  ][];
}

const file = fileURLToPath(
  new URL('../../../../shared/vectors/growthbook/cases.json', import.meta.url),
);
export const missing = !existsSync(file);
if (missing) console.warn(`skipped: the GrowthBook cases are not at ${file}`);
const read: Vectors | undefined = missing ? undefined : JSON.parse(readFileSync(file, 'utf8'));

/**
 * Returns the cases of one group; fails unless there are `count`. Call it only when the cases
 * exist.
 */
export function cases<Group extends keyof Vectors>(group: Group, count: number): Vectors[Group] {
  const found = read?.[group];
  if (found?.length !== count) throw new Error(`${group} has ${found?.length} cases, not ${count}`);
  return found;
}
