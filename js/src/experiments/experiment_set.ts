import { type Assignment, type AssignmentContext, assign } from './assign.js';
import { Bandits } from './bandits.js';
import { checkExperiments, type Experiment } from './definition.js';
import { type AssignmentCheck, type Draw, drawOf } from './draw.js';
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

/** The part of a bundle that experiments need. */
export interface ExperimentBundle {
  /** The experiments of the bundle. Default: none. */
  experiments?: ReadonlyMap<string, Experiment>;
  /** Content hash of the bundle. Default: the empty text. */
  hash?: string;
  /** Computes a draw a second time and returns its variation, or -1. Default: draws are not checked. */
  draw?: (draw: Draw) => number;
  /** Receives the first check of each experiment whose two results differ. */
  onDifference?: (check: AssignmentCheck) => void;
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
  readonly #bundle: ExperimentBundle;
  readonly #checks = new Map<string, AssignmentCheck>();
  /** The last assignment of each bandit that the page was given and may be showing. */
  readonly #shown = new Map<string, Assignment>();

  /**
   * `unit` is a visitor id that stays the same between visits. Without it nobody takes part, except
   * in experiments with another attribute. Throws an Error that names the first wrong definition.
   */
  constructor(
    unit: string | undefined,
    options: ExperimentOptions = {},
    bundle: ExperimentBundle = {},
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
    this.#bundle = bundle;
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
    if (!bandit) return this.#assign(experiment);
    const even = { ...experiment, disableStickyBucketing: true };
    const drawn = this.#assign(even);
    if (drawn.reason !== 'assigned') return drawn;
    const chosen = this.#bandits.choose(experiment, bandit, drawn);
    this.#shown.set(key, chosen);
    return chosen;
  }

  /** The last checked assignment of each experiment; see {@link ExperimentBundle.draw}. */
  get checks(): readonly AssignmentCheck[] {
    return [...this.#checks.values()];
  }

  #assign(experiment: Experiment): Assignment {
    const { draw, onDifference } = this.#bundle;
    if (!draw) return assign(experiment, this.#unit, this.#context);
    const now = Date.now();
    const assignment = assign(experiment, this.#unit, { ...this.#context, now });
    const { key, unit, variation, reason } = assignment;
    // The other reasons do not come from a draw.
    if (reason !== 'assigned' && reason !== 'coverage') return assignment;
    const check = { key, variation, core: draw(drawOf(experiment, unit, now)) };
    const known = this.#checks.get(key);
    this.#checks.set(key, check);
    if (check.core !== variation && known?.core === known?.variation) onDifference?.(check);
    return assignment;
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
