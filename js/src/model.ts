import { createPersonalizer } from './create_personalizer.js';
import { describe, type Report, VitrineError } from './error.js';
import { expectExperiments } from './load_experiments.js';
import type { ManifestFile } from './loading/manifest.js';
import { openRelease, type ReleaseOptions, refreshOverlay } from './loading/release.js';
import type { Personalizer, PersonalizerOptions } from './types.js';
import type { VitrineOptions } from './vitrine_types.js';

const defaultTimeout = 3000;

/** An open model, and for one of a manifest which release it is. */
interface Opened {
  personalizer: Personalizer;
  bundle?: ManifestFile;
  /** SHA-256 of the overlay that it took. */
  overlay?: string | undefined;
}

/** The model of a {@link VitrineOptions}, on its way. */
export class Model {
  /** Whether there was a model in time. */
  readonly ready: Promise<boolean>;
  readonly #options: VitrineOptions;
  readonly #report: Report;
  readonly #onOpen: (personalizer: Personalizer) => void;
  #opened: Opened | undefined;
  #disposed = false;
  #refreshing: Promise<boolean> | undefined;

  /** `onOpen` hears when the model is there, also when that is too late for `ready`, and when it changed. */
  constructor(
    options: VitrineOptions,
    report: Report,
    onOpen: (personalizer: Personalizer) => void,
  ) {
    this.#options = options;
    this.#report = report;
    this.#onOpen = onOpen;
    const patience = options.timeout ?? defaultTimeout;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        report('timeout', `no model after ${patience} ms; the page goes on with its own order`);
        resolve(false);
      }, patience);
    });
    const opened = openModel(options, patience, report).then(
      (found) => {
        clearTimeout(timer);
        if (this.#disposed) {
          found.personalizer.dispose();
          return false;
        }
        this.#opened = found;
        onOpen(found.personalizer);
        return true;
      },
      (error: unknown) => {
        clearTimeout(timer);
        return this.#tell(error);
      },
    );
    this.ready = Promise.race([opened, late]);
  }

  get personalizer(): Personalizer | undefined {
    return this.#opened?.personalizer;
  }

  /** See `Vitrine.refresh`. One at a time. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh()
      .catch((error: unknown) => this.#tell(error))
      .finally(() => {
        this.#refreshing = undefined;
      });
    return this.#refreshing;
  }

  dispose(): void {
    this.#disposed = true;
    this.#opened?.personalizer.dispose();
    this.#opened = undefined;
  }

  async #refresh(): Promise<boolean> {
    const opened = this.#opened;
    if (!opened?.bundle) return false;
    const options = releaseOptions(this.#options, defaultTimeout, this.#report);
    const taken = await refreshOverlay(options, opened.bundle, opened.overlay, (overlay) =>
      this.#opened === opened ? opened.personalizer.apply(overlay) : false,
    );
    if (!taken || this.#opened !== opened) return false;
    opened.overlay = taken;
    this.#onOpen(opened.personalizer);
    return true;
  }

  #tell(error: unknown): false {
    if (error instanceof VitrineError) this.#report(error.code, error.message, error);
    else this.#report('usage', describe(error), error);
    return false;
  }
}

async function openModel(
  options: VitrineOptions,
  patience: number,
  report: Report,
): Promise<Opened> {
  const { unit, experiments, onError, fetch, bundle, wasm } = options;
  const shared: Partial<PersonalizerOptions> = {
    ...(unit !== undefined && { unit }),
    ...(experiments && { experiments }),
    ...(onError && { onError }),
    ...(fetch && { fetch }),
  };
  if (bundle !== undefined) {
    return { personalizer: await createPersonalizer({ ...shared, bundle, ...(wasm && { wasm }) }) };
  }
  expectExperiments(options);
  return openRelease(
    releaseOptions(options, patience, report),
    async ({ manifest, bundle, overlay, wasm: own }) => {
      const code = own ?? wasm;
      const files = { bundle, ...(code && { wasm: code }) };
      const personalizer = await createPersonalizer({ ...shared, ...files });
      const taken = overlay !== undefined && personalizer.apply(overlay);
      return {
        personalizer,
        bundle: manifest.bundle,
        overlay: taken ? manifest.overlay?.sha256 : undefined,
      };
    },
    (tooLate) => tooLate.personalizer.dispose(),
  );
}

/** Half of the time for the network, so that the kept release can still come in time. */
function releaseOptions(
  { manifest, publicKey, fetch }: VitrineOptions,
  patience: number,
  report: Report,
): ReleaseOptions {
  if (manifest === undefined) throw new VitrineError('usage', 'give a `manifest` or a `bundle`');
  const url = new URL(manifest, globalThis.document?.baseURI);
  return { manifest: url.href, publicKey, fetch, patience: patience / 2, report };
}
