// A provider for @openfeature/web-sdk: experiments of the bundle as flags. It has the shape of the SDK's `Provider`
// and does not import it.
import type { Vitrine } from '../page/vitrine_types.js';

/** A flag's value, in the shape of the SDK's `ResolutionDetails`. */
export interface FlagResolution<T> {
  /** The value that counts, the given default included. */
  value: T;
  /** Name of the variation. */
  variant?: string;
  /** `SPLIT` in the experiment, `DEFAULT` outside of it. */
  reason: 'SPLIT' | 'DEFAULT' | 'ERROR';
  /** With `ERROR`: a flag cannot be of the type that was asked for. */
  errorCode?: 'TYPE_MISMATCH';
  /** For developers. */
  errorMessage?: string;
}

/**
 * A flag is an experiment's key. As a string it has the name of the variation, as a number its place (0 is the
 * control), as a boolean whether it is another than the control. Objects have no meaning: they give the default.
 */
export class VitrineOpenFeatureProvider {
  /** As the SDK asks for it. */
  readonly metadata = { name: 'vitrine' };
  /** Flags are those of one visitor. */
  readonly runsOn = 'client';
  readonly #vitrine: Vitrine;

  constructor(vitrine: Vitrine) {
    this.#vitrine = vitrine;
  }

  /** Resolves when assignments are there, or when there will be none. */
  async initialize(): Promise<void> {
    await this.#vitrine.whole;
  }

  /** The name of the variation. */
  resolveStringEvaluation(key: string, otherwise: string): FlagResolution<string> {
    return this.#resolve(key, otherwise, (_, name) => name);
  }

  /** The place of the variation, from 0. */
  resolveNumberEvaluation(key: string, otherwise: number): FlagResolution<number> {
    return this.#resolve(key, otherwise, (variation) => variation);
  }

  /** Whether the variation is another than the control. */
  resolveBooleanEvaluation(key: string, otherwise: boolean): FlagResolution<boolean> {
    return this.#resolve(key, otherwise, (variation) => variation > 0);
  }

  /** Always `otherwise`, with an error: variations have names, not objects. */
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
