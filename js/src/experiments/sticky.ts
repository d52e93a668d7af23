import type { Experiment } from './definition.js';

/** What a unit was assigned before: `<experiment>__<bucket version>` to the key of the variation. */
export interface StickyDocument {
  /** Which attribute is the unit. */
  attributeName: string;
  /** The unit. */
  attributeValue: string;
  /** By experiment and bucket version. */
  assignments: Readonly<Record<string, string>>;
}

/** Where assignments are kept, under `<attribute>||<value>`. A `Map` is one; so is anything over the page's storage. */
export interface StickyStore {
  /** What was kept under `key`. */
  get(key: string): StickyDocument | undefined;
  /** Keeps it. */
  set(key: string, document: StickyDocument): unknown;
}

/** The attribute that is the unit, and its value; the value is empty for no unit. */
export type Unit = readonly [attribute: string, value: string];

const keyOf = ([attribute, value]: Unit): string => `${attribute}||${value}`;
const assignmentKey = (experiment: Experiment, version: number): string =>
  `${experiment.key}__${version}`;

/** Key of a variation, which stays when variations are put in another order. */
export function variationKey(experiment: Experiment, index: number): string {
  return experiment.meta?.[index]?.key || `${index}`;
}

/**
 * The variation that one of `units` has already, the last of them first; -1 when there is none, undefined when the
 * unit was assigned under a version that is blocked.
 */
export function stickyVariation(
  store: StickyStore,
  experiment: Experiment,
  units: readonly Unit[],
): number | undefined {
  const assignments: Record<string, string> = {};
  for (const unit of units) Object.assign(assignments, store.get(keyOf(unit))?.assignments);
  const { bucketVersion = 0, minBucketVersion = 0 } = experiment;
  for (let version = 0; version < minBucketVersion; version++) {
    if (Object.hasOwn(assignments, assignmentKey(experiment, version))) return undefined;
  }
  const name = assignmentKey(experiment, bucketVersion);
  if (!Object.hasOwn(assignments, name)) return -1;
  return experiment.variations.findIndex(
    (_, index) => variationKey(experiment, index) === assignments[name],
  );
}

/** Keeps `variation` for `unit`, unless it is kept already. */
export function keepSticky(
  store: StickyStore,
  experiment: Experiment,
  unit: Unit,
  variation: number,
): void {
  const name = assignmentKey(experiment, experiment.bucketVersion ?? 0);
  const value = variationKey(experiment, variation);
  const assignments = store.get(keyOf(unit))?.assignments;
  if (assignments?.[name] === value) return;
  store.set(keyOf(unit), {
    attributeName: unit[0],
    attributeValue: unit[1],
    assignments: { ...assignments, [name]: value },
  });
}
