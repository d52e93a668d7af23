import { createPersonalizer } from './create_personalizer.js';
import { describe, type Report, VitrineError } from './error.js';
import { expectExperiments } from './load_experiments.js';
import { openRelease } from './loading/release.js';
import type { Personalizer, PersonalizerOptions } from './types.js';
import type { VitrineOptions } from './vitrine_types.js';

const defaultTimeout = 3000;

/** The model of a {@link VitrineOptions}, on its way. */
export class Model {
  /** Whether there was a model in time. */
  readonly ready: Promise<boolean>;
  #personalizer: Personalizer | undefined;
  #disposed = false;

  /** `onOpen` hears when the model is there, also when that is too late for `ready`. */
  constructor(
    options: VitrineOptions,
    report: Report,
    onOpen: (personalizer: Personalizer) => void,
  ) {
    const patience = options.timeout ?? defaultTimeout;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        report('timeout', `no model after ${patience} ms; the page goes on with its own order`);
        resolve(false);
      }, patience);
    });
    const opened = openModel(options, patience, report).then(
      (personalizer) => {
        clearTimeout(timer);
        if (this.#disposed) {
          personalizer.dispose();
          return false;
        }
        this.#personalizer = personalizer;
        onOpen(personalizer);
        return true;
      },
      (error: unknown) => {
        clearTimeout(timer);
        if (error instanceof VitrineError) report(error.code, error.message, error);
        else report('usage', describe(error), error);
        return false;
      },
    );
    this.ready = Promise.race([opened, late]);
  }

  get personalizer(): Personalizer | undefined {
    return this.#personalizer;
  }

  dispose(): void {
    this.#disposed = true;
    this.#personalizer?.dispose();
    this.#personalizer = undefined;
  }
}

async function openModel(
  options: VitrineOptions,
  patience: number,
  report: Report,
): Promise<Personalizer> {
  const { unit, experiments, onError, fetch, manifest, publicKey, bundle, wasm } = options;
  const shared: Partial<PersonalizerOptions> = {
    ...(unit !== undefined && { unit }),
    ...(experiments && { experiments }),
    ...(onError && { onError }),
    ...(fetch && { fetch }),
  };
  if (bundle !== undefined) {
    return createPersonalizer({ ...shared, bundle, ...(wasm && { wasm }) });
  }
  if (manifest === undefined) throw new VitrineError('usage', 'give a `manifest` or a `bundle`');
  expectExperiments(options);
  const base = globalThis.document?.baseURI;
  return openRelease(
    // Half of the time, so that the kept release can still come in time.
    { manifest: new URL(manifest, base).href, publicKey, fetch, patience: patience / 2, report },
    (release) => {
      const code = release.wasm ?? wasm;
      return createPersonalizer({ ...shared, bundle: release.bundle, ...(code && { wasm: code }) });
    },
    (tooLate) => tooLate.dispose(),
  );
}
