import type { Experiment } from './definition.js';

/**
 * The stored assignments of a unit: they map `<experiment>__<bucket version>` to the key of the
 * variation.
 */
export interface StickyDocument {
  /** The name of the attribute that is the unit. */
  attributeName: string;
  /** The value of this attribute. */
  attributeValue: string;
  /** The key of the variation, by experiment and bucket version. */
  assignments: Readonly<Record<string, string>>;
}

/**
 * A store of assignments with keys `<attribute>||<value>`. A `Map` is a valid value, and so is an
 * implementation over the page's storage.
 */
export interface StickyStore {
  /** Returns the document stored under `key`. */
  get(key: string): StickyDocument | undefined;
  /** Stores a document under `key`. */
  set(key: string, document: StickyDocument): unknown;
}

/** The attribute that is the unit, and its value. The value is empty when there is no unit. */
export type Unit = readonly [attribute: string, value: string];

const keyOf = ([attribute, value]: Unit): string => `${attribute}||${value}`;
const assignmentKey = (experiment: Experiment, version: number): string =>
  `${experiment.key}__${version}`;

/** Returns the key of a variation, which does not change when the variations are reordered. */
export function variationKey(experiment: Experiment, index: number): string {
  return experiment.meta?.[index]?.key || `${index}`;
}

/**
 * Returns the stored variation of one of `units`; the last unit is tried first. Returns -1 when
 * there is none, and undefined when the unit was assigned under a blocked version.
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

/** Stores `variation` for `unit`, unless it is already stored. */
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
