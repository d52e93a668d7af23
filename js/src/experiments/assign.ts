import { evalCondition, type SavedGroups } from './condition.js';
import { type Experiment, type Experiments, type RampStep, timeOf } from './definition.js';
import {
  bucket,
  bucketStep,
  chooseByWeight,
  chooseVariation,
  inNamespace,
  placeOfStep,
} from './hash.js';
import { keepSticky, type StickyStore, stickyVariation, type Unit } from './sticky.js';

/** The context that an assignment may depend on, in addition to the experiment and the unit. */
export interface AssignmentContext {
  /** Attributes of the visitor, for conditions and other units. `id` is the unit. Default: none. */
  attributes?: Readonly<Record<string, unknown>>;
  /** The address of the page; `?key=1` forces a variation. Default: none. */
  url?: string;
  /** Variations by key of the experiment that are given in any case. Default: none. */
  forcedVariations?: Readonly<Record<string, number>>;
  /** With false, nobody takes part in any experiment. Default: true. */
  enabled?: boolean;
  /** With true, only forced variations are given. Default: false. */
  qaMode?: boolean;
  /** Named lists of values that conditions refer to. Default: none. */
  savedGroups?: SavedGroups;
  /** The values of features, for `parentConditions`. Default: none. */
  features?: Readonly<Record<string, unknown>>;
  /**
   * A store that keeps assignments, so that a visitor keeps the variation when the experiment
   * changes. Default: none.
   */
  sticky?: StickyStore;
  /** All experiments, for looking up holdouts. Default: none. */
  experiments?: Experiments;
  /** Milliseconds since 1970, for ramps. Default: the clock. */
  now?: number;
}

/**
 * The reason of an assignment. These are the reasons to be in the experiment:
 * - `assigned`: by the bucket of the unit; it counts in the analysis
 * - `sticky`: as assigned before; it counts in the analysis
 * - `url`, `forced`: the variation was given, not drawn
 *
 * These are the reasons not to be in it:
 * - `unknown-experiment`, `too-few-variations`, `disabled`, `qa`: see `AssignmentContext`
 * - `inactive`: the experiment is a draft, not active, or stopped
 * - `no-unit`: the attribute is missing or empty
 * - `holdout`, `filtered`: excluded by a holdout, a filter or the namespace
 * - `condition`: the attributes do not fulfil it
 * - `hash-version`: it is neither 1 nor 2
 * - `coverage`: the bucket belongs to no variation
 * - `blocked`: assigned before, under a version that is now blocked
 */
export type AssignmentReason =
  | 'assigned'
  | 'sticky'
  | 'url'
  | 'forced'
  | 'unknown-experiment'
  | 'too-few-variations'
  | 'disabled'
  | 'inactive'
  | 'qa'
  | 'no-unit'
  | 'holdout'
  | 'filtered'
  | 'condition'
  | 'hash-version'
  | 'coverage'
  | 'blocked';

/** The variation of a unit, with the reason. */
export interface Assignment {
  /** The key of the experiment. */
  key: string;
  /** The index into the variations; -1 outside the experiment. */
  variation: number;
  /** The name of the variation; undefined outside the experiment. */
  name: string | undefined;
  /**
   * The value of the variation. Outside the experiment it is the control's value; without such an
   * experiment it is undefined.
   */
  value: unknown;
  /** True when the unit takes part. */
  inExperiment: boolean;
  /** The reason why the unit takes part or not. */
  reason: AssignmentReason;
  /** The name of the attribute that is the unit. */
  attribute: string;
  /** The value of this attribute. */
  unit: string;
  /** The probability with which a bandit chose the variation. Set for bandits only. */
  propensity?: number;
  /** The number of earlier rounds of the unit. Set for bandits only. */
  round?: number;
}

const nothing: AssignmentContext = {};

/** Returns the variation that `?key=n` in an address asks for, or undefined. */
export function queryStringOverride(key: string, url: string, count: number): number | undefined {
  if (!url.includes(key)) return undefined;
  const query = url.split('?')[1]?.replace(/#.*/, '') ?? '';
  for (const part of query.split('&')) {
    const [name, value = ''] = part.split('=', 2);
    if (name !== key) continue;
    const index = Number.parseInt(value, 10);
    return index >= 0 && index < count ? index : undefined;
  }
  return undefined;
}

/**
 * Assigns a variation of `experiment` to the unit. The checks have the same order as in
 * GrowthBook's SDKs. It works without wasm, so that a page can draw before the wasm is loaded. It
 * changes nothing except `context.sticky`. For a bandit it decides only whether the unit takes
 * part; `Bandits` then chooses the variation.
 */
export function assign(
  experiment: Experiment,
  unit: string | undefined,
  context: AssignmentContext = nothing,
): Assignment {
  const { key, variations, hashAttribute = 'id' } = experiment;
  const sticky = experiment.disableStickyBucketing ? undefined : context.sticky;
  const units = sticky && unitsOf(experiment, unit, context.attributes);
  const last = units?.at(-1);
  const attribute = last ? last[0] : hashAttribute;
  const value = last ? last[1] : textAt(hashAttribute, unit, context.attributes);

  if (variations.length < 2) return answer(experiment, attribute, value, -1, 'too-few-variations');
  if (context.enabled === false) return answer(experiment, attribute, value, -1, 'disabled');
  const asked = context.url && queryStringOverride(key, context.url, variations.length);
  if (typeof asked === 'number') return answer(experiment, attribute, value, asked, 'url');
  const forced = context.forcedVariations;
  if (forced && Object.hasOwn(forced, key))
    return answer(experiment, attribute, value, forced[key] ?? -1, 'forced');
  if (experiment.active === false || experiment.status === 'draft')
    return answer(experiment, attribute, value, -1, 'inactive');
  if (value === '') return answer(experiment, attribute, value, -1, 'no-unit');
  if (experiment.holdout !== undefined && isHeldOut(experiment, unit, context))
    return answer(experiment, attribute, value, -1, 'holdout');

  const kept = sticky && units ? stickyVariation(sticky, experiment, units) : -1;
  if (kept === undefined || kept < 0) {
    // A check is called only when the experiment has it. The checks take most of the time of an
    // assignment.
    const { filters, namespace, condition, parentConditions } = experiment;
    if ((filters || namespace) && isFiltered(experiment, value, unit, context))
      return answer(experiment, attribute, value, -1, 'filtered');
    if ((condition || parentConditions) && !isTargeted(experiment, unit, context))
      return answer(experiment, attribute, value, -1, 'condition');
  }
  const step = bucketStep(experiment.seed || key, value, experiment.hashVersion ?? 1);
  if (step < 0) return answer(experiment, attribute, value, -1, 'hash-version');
  if (kept === undefined) return answer(experiment, attribute, value, -1, 'blocked');
  const variation = kept >= 0 ? kept : variationAt(step, experiment, context.now);
  if (variation < 0) return answer(experiment, attribute, value, -1, 'coverage');
  if (experiment.force !== undefined)
    return answer(experiment, attribute, value, experiment.force, 'forced');
  if (context.qaMode) return answer(experiment, attribute, value, -1, 'qa');
  if (experiment.status === 'stopped') return answer(experiment, attribute, value, -1, 'inactive');
  if (sticky) keepSticky(sticky, experiment, [attribute, value], variation);
  return answer(experiment, attribute, value, variation, kept >= 0 ? 'sticky' : 'assigned');
}

function answer(
  experiment: Experiment,
  attribute: string,
  unit: string,
  variation: number,
  reason: AssignmentReason,
): Assignment {
  const { key, variations } = experiment;
  const inside = variation >= 0 && variation < variations.length;
  return {
    key,
    variation: inside ? variation : -1,
    name: inside ? nameOf(experiment, variation) : undefined,
    value: variations[inside ? variation : 0],
    inExperiment: inside,
    reason,
    attribute,
    unit,
  };
}

type Attributes = AssignmentContext['attributes'];

/**
 * Returns an attribute as text; '' when its value is false, 0, null or missing. `id` is the unit
 * unless the attributes contain another `id`.
 */
function textAt(name: string, unit: string | undefined, attributes: Attributes): string {
  const given = attributes !== undefined && Object.hasOwn(attributes, name);
  const value = given ? attributes[name] : name === 'id' ? unit : undefined;
  return typeof value === 'string' ? value : value ? String(value) : '';
}

/** Returns the units under which an assignment may be stored. The last one decides the bucket. */
function unitsOf(
  { fallbackAttribute, hashAttribute = 'id' }: Experiment,
  unit: string | undefined,
  attributes: Attributes,
): Unit[] {
  return (fallbackAttribute ? [fallbackAttribute, hashAttribute] : [hashAttribute])
    .map((name): Unit => [name, textAt(name, unit, attributes)])
    .filter(([, value]) => value !== '');
}

/** Returns the name of a variation. */
export function nameOf({ meta, variations }: Experiment, index: number): string {
  const variation = variations[index];
  const given = meta?.[index];
  return given?.name || (typeof variation === 'string' ? variation : given?.key || `${index}`);
}

/** Returns true when a holdout excludes the unit. An unknown holdout excludes everybody. */
function isHeldOut(
  { holdout }: Experiment,
  unit: string | undefined,
  context: AssignmentContext,
): boolean {
  const found = context.experiments?.get(holdout ?? '');
  if (!found) return true;
  const { holdout: _, ...group } = found;
  return assign(group, unit, context).variation === 0;
}

function isFiltered(
  { filters, namespace }: Experiment,
  value: string,
  unit: string | undefined,
  { attributes }: AssignmentContext,
): boolean {
  if (!filters) return namespace !== undefined && !inNamespace(value, namespace);
  return !filters.every(({ seed, ranges, attribute = 'id', hashVersion = 2 }) => {
    const other = textAt(attribute, unit, attributes);
    const place = other === '' ? undefined : bucket(seed, other, hashVersion);
    return place !== undefined && chooseVariation(place, ranges) >= 0;
  });
}

function isTargeted(
  { condition, parentConditions }: Experiment,
  unit: string | undefined,
  { attributes, savedGroups, features }: AssignmentContext,
): boolean {
  if (condition) {
    const known = unit === undefined ? attributes : { id: unit, ...attributes };
    if (!evalCondition(known ?? {}, condition, savedGroups)) return false;
  }
  return (
    parentConditions?.every((parent) =>
      evalCondition({ value: features?.[parent.id] ?? null }, parent.condition, savedGroups),
    ) ?? true
  );
}

/** Returns the variation whose range contains `step`, or -1. */
function variationAt(step: number, experiment: Experiment, now: number | undefined): number {
  const { ranges, ramp, weights, variations } = experiment;
  const place = placeOfStep(step, experiment.hashVersion ?? 1);
  if (ranges) return chooseVariation(place, ranges);
  const coverage = ramp ? coverageOf(ramp, now ?? Date.now()) : (experiment.coverage ?? 1);
  return chooseByWeight(place, variations.length, coverage, weights);
}

/** The coverage of a ramp at a time. */
export function coverageOf(ramp: readonly RampStep[], time: number): number {
  return ramp.findLast(({ from }) => timeOf(from) <= time)?.coverage ?? 0;
}
