import { type Assignment, type AssignmentContext, assign } from './assign.js';
import { Bandits } from './bandits.js';
import { checkExperiments, type Experiment } from './definition.js';
import { type ExposedKeys, type ExposedList, type Exposure, ExposureLog } from './exposure.js';
import { unknownExperiment } from './unknown.js';

/** The experiments of a page, and the context of assignments. */
export interface ExperimentOptions extends Omit<AssignmentContext, 'experiments' | 'now'> {
  /**
   * The experiments of the page. An experiment replaces the bundle's experiment with the same key.
   * Default: none.
   */
  definitions?: readonly Experiment[];
  /** Receives each exposure once. Default: exposures are dropped. */
  onExposure?: (exposure: Exposure) => void;
  /**
   * The exposures that were reported before. Default: an empty set that lasts until the page is
   * closed.
   */
  reported?: ExposedKeys;
  /**
   * The bandits, with their storage. Default: bandits in memory, until the page is closed and
   * without rewards.
   */
  bandits?: Bandits;
}

/**
 * The experiments that run in a page, and the unit that takes part in them. It works before the
 * wasm is loaded.
 */
export class ExperimentSet {
  readonly #experiments: ReadonlyMap<string, Experiment>;
  readonly #unit: string | undefined;
  readonly #context: AssignmentContext;
  readonly #exposures: ExposureLog;
  readonly #bandits: Bandits;
  /** The last assignment of each bandit that the page was given and may be showing. */
  readonly #shown = new Map<string, Assignment>();

  /**
   * `unit` is a visitor id that stays the same between visits. Without it nobody takes part, except
   * in experiments with another attribute. Throws an Error that names the first wrong definition.
   */
  constructor(
    unit: string | undefined,
    options: ExperimentOptions = {},
    bundle: { experiments?: ReadonlyMap<string, Experiment>; hash?: string } = {},
  ) {
    const { definitions = [], onExposure, reported, bandits, ...context } = options;
    this.#experiments = new Map([...(bundle.experiments ?? []), ...checkExperiments(definitions)]);
    // A JavaScript caller may pass a number as unit. Null, false and 0 mean no unit.
    this.#unit = unit ? String(unit) : undefined;
    const url = (globalThis as { location?: { href?: string } }).location?.href;
    this.#context = {
      ...(url !== undefined && { url }),
      ...context,
      experiments: this.#experiments,
    };
    this.#bandits = bandits ?? new Bandits();
    this.#exposures = new ExposureLog({
      send: onExposure ?? (() => {}),
      ...(bundle.hash !== undefined && { bundle: bundle.hash }),
      ...(reported && { reported }),
    });
  }

  /**
   * Returns the variation of the unit in the experiment `key` and reports nothing. The result never
   * changes, except that a bandit may change it after each round.
   */
  assign(key: string): Assignment {
    const experiment = this.#experiments.get(key);
    if (!experiment) return unknownExperiment(key);
    const { bandit } = experiment;
    if (!bandit) return assign(experiment, this.#unit, this.#context);
    const even = { ...experiment, disableStickyBucketing: true };
    const drawn = assign(even, this.#unit, this.#context);
    if (drawn.reason !== 'assigned') return drawn;
    const chosen = this.#bandits.choose(experiment, bandit, drawn);
    this.#shown.set(key, chosen);
    return chosen;
  }

  /**
   * Reports that the unit sees its variation: once for each experiment, or once for each round of a
   * bandit. `list` is the list that the unit sees. Returns true when it was reported.
   */
  expose(key: string, list?: ExposedList): boolean {
    const assignment = this.#shown.get(key) ?? this.assign(key);
    if (assignment.round !== undefined) this.#bandits.seen(assignment);
    return this.#exposures.report(assignment, list);
  }
}
