import { type Assignment, type AssignmentContext, assign } from './assign.js';
import { Bandits } from './bandits.js';
import { checkExperiments, type Experiment } from './definition.js';
import { type ExposedKeys, type ExposedList, type Exposure, ExposureLog } from './exposure.js';
import { unknownExperiment } from './unknown.js';

/** Experiments of a page, and what assignment depends on. */
export interface ExperimentOptions extends Omit<AssignmentContext, 'experiments' | 'now'> {
  /** Experiments of the page; one with the key of an experiment in the bundle replaces that. Default: none. */
  definitions?: readonly Experiment[];
  /** Gets each exposure once. Default: exposures go nowhere. */
  onExposure?: (exposure: Exposure) => void;
  /** Exposures that were reported before. Default: none, until the page is left. */
  reported?: ExposedKeys;
  /** What bandits learn, and where they keep it. Default: in memory, until the page is left, and without rewards. */
  bandits?: Bandits;
}

/** The experiments that run in a page and the unit that takes part in them. Works before the wasm has arrived. */
export class ExperimentSet {
  readonly #experiments: ReadonlyMap<string, Experiment>;
  readonly #unit: string | undefined;
  readonly #context: AssignmentContext;
  readonly #exposures: ExposureLog;
  readonly #bandits: Bandits;
  /** What the page was last told of each bandit, and may be showing. */
  readonly #shown = new Map<string, Assignment>();

  /**
   * `unit` is a visitor id that stays the same between visits; without one nobody takes part, unless an experiment
   * names another attribute. Throws an Error that names the first definition that cannot be used.
   */
  constructor(
    unit: string | undefined,
    options: ExperimentOptions = {},
    bundle: { experiments?: ReadonlyMap<string, Experiment>; hash?: string } = {},
  ) {
    const { definitions = [], onExposure, reported, bandits, ...context } = options;
    this.#experiments = new Map([...(bundle.experiments ?? []), ...checkExperiments(definitions)]);
    // A number from plain JavaScript is a unit too; null, false and 0 are none.
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
   * The variation of the unit in the experiment `key`, and nothing is reported: always the same, of a bandit until its
   * round is over.
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
   * Reports that the unit sees its variation, once, of a bandit once a round; `list` is what it sees. Returns whether it
   * was reported.
   */
  expose(key: string, list?: ExposedList): boolean {
    const assignment = this.#shown.get(key) ?? this.assign(key);
    if (assignment.round !== undefined) this.#bandits.seen(assignment);
    return this.#exposures.report(assignment, list);
  }
}
