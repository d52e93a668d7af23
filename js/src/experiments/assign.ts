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

/** What an assignment may depend on beside the experiment and the unit. */
export interface AssignmentContext {
  /** What is known of the visitor, for conditions and other units. `id` is the unit. Default: nothing. */
  attributes?: Readonly<Record<string, unknown>>;
  /** Address of the page; `?key=1` forces a variation. Default: none. */
  url?: string;
  /** Variations to give regardless of all else, by key of the experiment. Default: none. */
  forcedVariations?: Readonly<Record<string, number>>;
  /** False: nobody is in any experiment. Default: true. */
  enabled?: boolean;
  /** True: only forced variations. Default: false. */
  qaMode?: boolean;
  /** Lists that conditions name. Default: none. */
  savedGroups?: SavedGroups;
  /** Values of features, for `parentConditions`. */
  features?: Readonly<Record<string, unknown>>;
  /** Keeps assignments, so that a changed experiment moves nobody. Default: none. */
  sticky?: StickyStore;
  /** Where holdouts are looked up. */
  experiments?: Experiments;
  /** Milliseconds since 1970, for ramps. Default: the clock. */
  now?: number;
}

/**
 * Why a unit has its variation:
 * - `assigned`: by its bucket; `sticky`: as before; these two count in the analysis
 * - `url`, `forced`: given, not drawn
 *
 * or why it is not in the experiment:
 * - `unknown-experiment`; `too-few-variations`; `disabled`; `inactive`: a draft, not active, or stopped; `qa`
 * - `no-unit`: the attribute is missing or empty
 * - `holdout`, `filtered`: by a holdout, a filter or the namespace
 * - `condition`: the attributes do not fulfil it
 * - `hash-version`: neither 1 nor 2
 * - `coverage`: its bucket belongs to no variation
 * - `blocked`: assigned before under a version that is blocked
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

/** What a unit got, and why. */
export interface Assignment {
  /** Of the experiment. */
  key: string;
  /** Index into the variations; -1 when not in the experiment. */
  variation: number;
  /** Name of the variation; undefined when not in the experiment. */
  name: string | undefined;
  /** The variation; the control's when not in the experiment, undefined when there is no such experiment. */
  value: unknown;
  /** Whether the unit takes part. */
  inExperiment: boolean;
  /** Why it does, or does not. */
  reason: AssignmentReason;
  /** The unit: an attribute's name ... */
  attribute: string;
  /** ... and its value. */
  unit: string;
  /** Of a bandit: the probability with which the variation was chosen. */
  propensity?: number;
  /** Of a bandit: how many rounds of the unit came before. */
  round?: number;
}

const nothing: AssignmentContext = {};

/** The variation that `?key=n` in an address asks for, or undefined. */
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
 * Which variation of `experiment` the unit gets, by the order of checks of GrowthBook's SDKs. Needs no wasm: a page
 * must not wait for it before it draws. Writes to nothing but `context.sticky`. Of a bandit it says who takes part; the
 * variation is then chosen by `Bandits`.
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
    // What an experiment does not ask for is not called: that is most of the time of an assignment.
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

/** An attribute as a unit's id: what is false in JavaScript is none. `id` is the unit unless it is given. */
function textAt(name: string, unit: string | undefined, attributes: Attributes): string {
  const given = attributes !== undefined && Object.hasOwn(attributes, name);
  const value = given ? attributes[name] : name === 'id' ? unit : undefined;
  return typeof value === 'string' ? value : value ? String(value) : '';
}

/** The units under which an assignment may be kept, the one that is drawn for last. */
function unitsOf(
  { fallbackAttribute, hashAttribute = 'id' }: Experiment,
  unit: string | undefined,
  attributes: Attributes,
): Unit[] {
  return (fallbackAttribute ? [fallbackAttribute, hashAttribute] : [hashAttribute])
    .map((name): Unit => [name, textAt(name, unit, attributes)])
    .filter(([, value]) => value !== '');
}

/** The name of a variation. */
export function nameOf({ meta, variations }: Experiment, index: number): string {
  const variation = variations[index];
  const given = meta?.[index];
  return given?.name || (typeof variation === 'string' ? variation : given?.key || `${index}`);
}

/** Whether a holdout keeps the unit out. One that cannot be found keeps everybody out. */
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

/** The variation whose range holds the place of `step`, or -1. */
function variationAt(step: number, experiment: Experiment, now: number | undefined): number {
  const { ranges, ramp, weights, variations } = experiment;
  const place = placeOfStep(step, experiment.hashVersion ?? 1);
  if (ranges) return chooseVariation(place, ranges);
  const coverage = ramp ? coverageOf(ramp, now ?? Date.now()) : (experiment.coverage ?? 1);
  return chooseByWeight(place, variations.length, coverage, weights);
}

function coverageOf(ramp: readonly RampStep[], time: number): number {
  return ramp.findLast(({ from }) => timeOf(from) <= time)?.coverage ?? 0;
}
