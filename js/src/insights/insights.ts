import { VitrineError } from '../error.js';
import { BundleInspector } from './bundle_inspector.js';
import type { MainModule as Module, Sample } from './insights_module.js';
import type {
  Arm,
  AssignmentExplanation,
  CompareOptions,
  Comparison,
  ExplanationContext,
  PlanOptions,
  SampleRatio,
} from './types.js';

/**
 * Answers of the core about bundles and experiments. Calls throw a {@link VitrineError} for what cannot be answered:
 * this is a tool for people, not a part of a shop's page.
 */
export class Insights {
  #module: Module | undefined;

  /** @internal */
  constructor(module: Module) {
    this.#module = module;
  }

  /** Opens a bundle. Throws a {@link VitrineError} `bundle`, whose `status` says why, for what is none. */
  openBundle(bytes: Uint8Array | ArrayBuffer): BundleInspector {
    return new BundleInspector(
      this.#open,
      bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes),
    );
  }

  /**
   * Explains the assignment of the experiment called `key` of `definitions`, check by check. Throws a
   * {@link VitrineError} `usage` that names the first field that a page would refuse.
   */
  explain(
    definitions: readonly unknown[],
    key: string,
    context: ExplanationContext = {},
  ): AssignmentExplanation {
    const now = Number(context.now ?? Date.now());
    const answer = JSON.parse(
      this.#open.explainAssignment(
        JSON.stringify(definitions),
        key,
        JSON.stringify({ ...context, now }),
      ),
    ) as AssignmentExplanation | { error: string };
    if ('error' in answer) throw new VitrineError('usage', answer.error);
    return answer;
  }

  /** The treatment beside the control. Throws a {@link VitrineError} `usage` where they cannot be compared. */
  compare(control: Arm, treatment: Arm, options: CompareOptions = {}): Comparison {
    const { relative = true, alpha = 0.05, tuning = 5000, prior } = options;
    const found = this.#open.compareArms(sample(control), sample(treatment), {
      relative,
      alpha,
      tuning,
      priorMean: prior?.mean,
      priorSd: prior?.sd,
    });
    if (found.problem !== '') {
      throw new VitrineError('usage', `the arms cannot be compared: ${found.problem}`);
    }
    const { estimate, standardError, df, t, p, interval } = found;
    return {
      ...{ estimate, standardError, df, t, p, interval },
      always: { p: found.alwaysP, interval: found.settled ? found.alwaysInterval : null },
      posterior: {
        mean: found.posteriorMean,
        sd: found.posteriorSd,
        interval: found.posteriorInterval,
        chanceToWin: found.chanceToWin,
        lossOfControl: found.lossOfControl,
        lossOfTreatment: found.lossOfTreatment,
      },
    };
  }

  /** The exact posterior of two rates, with a Beta distribution before the data. Default: even, `[1, 1]`. */
  compareRates(
    control: { units: number; conversions: number },
    treatment: { units: number; conversions: number },
    prior: readonly [number, number] = [1, 1],
  ): Pick<Comparison['posterior'], 'chanceToWin' | 'lossOfControl' | 'lossOfTreatment'> {
    const { betaBinomial } = this.#open;
    const numbers = [control, treatment].flatMap(({ conversions, units }) => [conversions, units]);
    return betaBinomial(...(numbers as [number, number, number, number]), ...prior);
  }

  /** Chance of each of several Beta distributions `[a, b]` to have the largest value. */
  chancesToBeBest(shapes: readonly (readonly [number, number])[]): number[] {
    return this.#list(shapes.flat(), (module) => module.chancesToBeBest());
  }

  /** Chance to see a relative lift with so many units in each arm. */
  power(plan: PlanOptions, lift: number, control: number, treatment = control): number {
    return this.#open.power(planInput(plan), lift, control, treatment);
  }

  /** Units of each arm to see a relative lift; infinity when no number is enough. */
  unitsPerArm(plan: PlanOptions, lift: number): number {
    return this.#open.unitsPerArm(planInput(plan), lift);
  }

  /** The smallest positive relative lift that so many units show; infinity when none does. */
  smallestLift(plan: PlanOptions, control: number, treatment = control): number {
    return this.#open.smallestLift(planInput(plan), control, treatment);
  }

  /**
   * Tests the shares of units by arm against the planned ones. Default of `weights`: even ones. `mismatch`: p below 0.001.
   */
  sampleRatio(
    observed: readonly number[],
    weights: readonly number[] = observed.map(() => 1),
  ): SampleRatio {
    if (observed.length < 2 || weights.length !== observed.length) {
      throw new VitrineError(
        'usage',
        'a sample ratio needs two counts or more, each with a weight',
      );
    }
    this.#fill([...observed, ...weights]);
    const { chiSquared, p } = this.#open.sampleRatio();
    return { chiSquared, p, mismatch: p < 0.001 };
  }

  /** p-values adjusted for their number, in the order given. */
  adjust(p: readonly number[], method: 'holm' | 'benjamini-hochberg'): number[] {
    return this.#list(p, (module) =>
      method === 'holm' ? module.holm() : module.benjaminiHochberg(),
    );
  }

  /** Ends all: later calls throw a {@link VitrineError} `disposed`. */
  dispose(): void {
    this.#module = undefined;
  }

  get #open(): Module {
    if (!this.#module) throw new VitrineError('disposed', 'insights were disposed of');
    return this.#module;
  }

  #fill(numbers: readonly number[]): void {
    this.#open.reserveDoubles(numbers.length).set(numbers);
  }

  #list(numbers: readonly number[], call: (module: Module) => Float64Array): number[] {
    this.#fill(numbers);
    return Array.from(call(this.#open));
  }
}

function sample(arm: Arm): Sample {
  if (!('conversions' in arm)) return { n: arm.units, mean: arm.mean, variance: arm.variance };
  const mean = arm.conversions / arm.units;
  return { n: arm.units, mean, variance: mean * (1 - mean) };
}

function planInput(plan: PlanOptions) {
  const { alpha = 0.05, power = 0.8, tuning = 0 } = plan;
  const [mean, variance] =
    'rate' in plan ? [plan.rate, plan.rate * (1 - plan.rate)] : [plan.mean, plan.variance];
  return { mean, variance, alpha, power, tuning };
}
