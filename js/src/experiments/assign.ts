import { evalCondition, type SavedGroups } from './condition.js';
import { type Experiment, type Experiments, timeOf } from './definition.js';
import { bucket, bucketRanges, chooseVariation, inNamespace } from './hash.js';
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

export interface Assignment {
  key: string;
  /** Index into the variations; -1 when not in the experiment. */
  variation: number;
  /** Name of the variation; undefined when not in the experiment. */
  name: string | undefined;
  /** The variation; the control's when not in the experiment, undefined when there is no such experiment. */
  value: unknown;
  inExperiment: boolean;
  reason: AssignmentReason;
  /** The unit: an attribute's name and value. */
  attribute: string;
  unit: string;
}

/** The variation that `?key=n` in an address asks for, or undefined. */
export function queryStringOverride(key: string, url: string, count: number): number | undefined {
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
 * must not wait for it before it draws. Writes to nothing but `context.sticky`.
 */
export function assign(
  experiment: Experiment,
  unit: string | undefined,
  context: AssignmentContext = {},
): Assignment {
  const attributes = unit === undefined ? context.attributes : { id: unit, ...context.attributes };
  const { key, variations, hashAttribute = 'id' } = experiment;
  const sticky = experiment.disableStickyBucketing ? undefined : context.sticky;
  const fallback = sticky && experiment.fallbackAttribute;
  const units = (fallback ? [fallback, hashAttribute] : [hashAttribute])
    .map((name): Unit => [name, textOf(attributes?.[name])])
    .filter(([, value]) => value !== '');
  const own = units.at(-1) ?? [hashAttribute, ''];

  const answer = (variation: number, reason: AssignmentReason): Assignment => {
    const inside = variation >= 0 && variation < variations.length;
    return {
      key,
      variation: inside ? variation : -1,
      name: inside ? nameOf(experiment, variation) : undefined,
      value: variations[inside ? variation : 0],
      inExperiment: inside,
      reason,
      attribute: own[0],
      unit: own[1],
    };
  };

  if (variations.length < 2) return answer(-1, 'too-few-variations');
  if (context.enabled === false) return answer(-1, 'disabled');
  const asked = queryStringOverride(key, context.url ?? '', variations.length);
  if (asked !== undefined) return answer(asked, 'url');
  const forced = context.forcedVariations;
  if (forced && Object.hasOwn(forced, key)) return answer(forced[key] ?? -1, 'forced');
  if (experiment.active === false || experiment.status === 'draft') return answer(-1, 'inactive');
  if (own[1] === '') return answer(-1, 'no-unit');
  if (isHeldOut(experiment, attributes, context)) return answer(-1, 'holdout');

  const kept = sticky ? stickyVariation(sticky, experiment, units) : -1;
  if (kept === undefined || kept < 0) {
    if (isFiltered(experiment, own, attributes)) return answer(-1, 'filtered');
    if (!isTargeted(experiment, attributes, context)) return answer(-1, 'condition');
  }
  const place = bucket(experiment.seed || key, own[1], experiment.hashVersion ?? 1);
  if (place === undefined) return answer(-1, 'hash-version');
  if (kept === undefined) return answer(-1, 'blocked');
  const variation = kept >= 0 ? kept : chooseVariation(place, rangesOf(experiment, context.now));
  if (variation < 0) return answer(-1, 'coverage');
  if (experiment.force !== undefined) return answer(experiment.force, 'forced');
  if (context.qaMode) return answer(-1, 'qa');
  if (experiment.status === 'stopped') return answer(-1, 'inactive');
  if (sticky) keepSticky(sticky, experiment, own, variation);
  return answer(variation, kept >= 0 ? 'sticky' : 'assigned');
}

/** An attribute as a unit's id: what is false in JavaScript is none. */
function textOf(value: unknown): string {
  return value ? String(value) : '';
}

function nameOf({ meta, variations }: Experiment, index: number): string {
  const { name, key } = meta?.[index] ?? {};
  const variation = variations[index];
  return name || (typeof variation === 'string' ? variation : key || `${index}`);
}

type Attributes = AssignmentContext['attributes'];

/** Whether a holdout keeps the unit out. One that cannot be found keeps everybody out. */
function isHeldOut(
  { holdout }: Experiment,
  attributes: Attributes,
  context: AssignmentContext,
): boolean {
  if (holdout === undefined) return false;
  const found = context.experiments?.get(holdout);
  if (!found) return true;
  const { holdout: _, ...group } = found;
  return (
    assign(group, undefined, { ...context, ...(attributes && { attributes }) }).variation === 0
  );
}

function isFiltered(
  { filters, namespace }: Experiment,
  [, value]: Unit,
  attributes: Attributes,
): boolean {
  if (!filters) return namespace !== undefined && !inNamespace(value, namespace);
  return !filters.every(({ seed, ranges, attribute = 'id', hashVersion = 2 }) => {
    const other = textOf(attributes?.[attribute]);
    const place = other === '' ? undefined : bucket(seed, other, hashVersion);
    return place !== undefined && chooseVariation(place, ranges) >= 0;
  });
}

function isTargeted(
  { condition, parentConditions = [] }: Experiment,
  attributes: Attributes,
  { savedGroups, features }: AssignmentContext,
): boolean {
  if (condition && !evalCondition(attributes ?? {}, condition, savedGroups)) return false;
  return parentConditions.every((parent) =>
    evalCondition({ value: features?.[parent.id] ?? null }, parent.condition, savedGroups),
  );
}

function rangesOf(experiment: Experiment, now = Date.now()) {
  const { ranges, ramp, weights, variations } = experiment;
  if (ranges) return ranges;
  const step = ramp?.findLast(({ from }) => timeOf(from) <= now);
  const coverage = ramp ? (step?.coverage ?? 0) : (experiment.coverage ?? 1);
  return bucketRanges(variations.length, coverage, weights);
}
