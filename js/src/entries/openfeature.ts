// A provider for @openfeature/web-sdk: experiments of the bundle as flags. It has the form of the
// SDK's `Provider` and does not import it.
import type { Vitrine } from '../page/vitrine_types.js';

/** The value of a flag, in the form of the SDK's `ResolutionDetails`. */
export interface FlagResolution<T> {
  /** The value of the flag, or the given default. */
  value: T;
  /** The name of the variation. */
  variant?: string;
  /** `SPLIT` inside the experiment, `DEFAULT` outside. */
  reason: 'SPLIT' | 'DEFAULT' | 'ERROR';
  /** Set with `ERROR`: the flag does not have the requested type. */
  errorCode?: 'TYPE_MISMATCH';
  /** A message for developers. */
  errorMessage?: string;
}

/**
 * A flag is named by the key of an experiment. As a string it is the name of the variation, as a
 * number its index (0 is the control), and as a boolean it is true for all variations except the
 * control. Object flags give the default.
 */
export class VitrineOpenFeatureProvider {
  /** Required by the SDK. */
  readonly metadata = { name: 'vitrine' };
  /** The flags of one visitor. */
  readonly runsOn = 'client';
  readonly #vitrine: Vitrine;

  constructor(vitrine: Vitrine) {
    this.#vitrine = vitrine;
  }

  /** Resolves when assignments are ready, or when it is known that there will be none. */
  async initialize(): Promise<void> {
    await this.#vitrine.fullyReady;
  }

  /** Returns the name of the variation. */
  resolveStringEvaluation(key: string, otherwise: string): FlagResolution<string> {
    return this.#resolve(key, otherwise, (_, name) => name);
  }

  /** Returns the index of the variation, from 0. */
  resolveNumberEvaluation(key: string, otherwise: number): FlagResolution<number> {
    return this.#resolve(key, otherwise, (variation) => variation);
  }

  /** Returns false for the control and true for all other variations. */
  resolveBooleanEvaluation(key: string, otherwise: boolean): FlagResolution<boolean> {
    return this.#resolve(key, otherwise, (variation) => variation > 0);
  }

  /** Always returns `otherwise` with an error, because variations have names, not objects. */
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
