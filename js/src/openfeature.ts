// A provider for @openfeature/web-sdk: experiments of the bundle as flags. It has the shape of the SDK's `Provider`
// and does not import it.
import type { Vitrine } from './vitrine_types.js';

export interface FlagResolution<T> {
  value: T;
  /** Name of the variation. */
  variant?: string;
  /** `SPLIT` in the experiment, `DEFAULT` outside of it. */
  reason: 'SPLIT' | 'DEFAULT' | 'ERROR';
  errorCode?: 'TYPE_MISMATCH';
  errorMessage?: string;
}

/**
 * A flag is an experiment's key. As a string it has the name of the variation, as a number its place (0 is the
 * control), as a boolean whether it is another than the control. Objects have no meaning: they give the default.
 */
export class VitrineOpenFeatureProvider {
  readonly metadata = { name: 'vitrine' };
  readonly runsOn = 'client';
  readonly #vitrine: Vitrine;

  constructor(vitrine: Vitrine) {
    this.#vitrine = vitrine;
  }

  /** Resolves when assignments are there, or when there will be none. */
  async initialize(): Promise<void> {
    await this.#vitrine.ready;
  }

  resolveStringEvaluation(key: string, otherwise: string): FlagResolution<string> {
    return this.#resolve(key, otherwise, (_, name) => name);
  }

  resolveNumberEvaluation(key: string, otherwise: number): FlagResolution<number> {
    return this.#resolve(key, otherwise, (variation) => variation);
  }

  resolveBooleanEvaluation(key: string, otherwise: boolean): FlagResolution<boolean> {
    return this.#resolve(key, otherwise, (variation) => variation > 0);
  }

  resolveObjectEvaluation<T>(key: string, otherwise: T): FlagResolution<T> {
    return {
      value: otherwise,
      reason: 'ERROR',
      errorCode: 'TYPE_MISMATCH',
      errorMessage: `the experiment "${key}" has names, not objects`,
    };
  }

  #resolve<T>(
    key: string,
    otherwise: T,
    read: (variation: number, name: string) => T,
  ): FlagResolution<T> {
    const { inExperiment, variation, name } = this.#vitrine.experiment(key);
    if (!inExperiment || name === undefined) return { value: otherwise, reason: 'DEFAULT' };
    return { value: read(variation, name), variant: name, reason: 'SPLIT' };
  }
}
