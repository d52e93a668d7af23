import { type Report, tell, VitrineError } from '../error.js';
import { expectExperiments } from '../experiments/load_experiments.js';
import type { ManifestFile } from '../loading/manifest.js';
import { openRelease, type ReleaseOptions, refreshOverlay } from '../loading/release.js';
import { createPersonalizer, openPersonalizer } from '../ranking/create_personalizer.js';
import type { Personalizer, PersonalizerOptions } from '../ranking/types.js';
import type { VitrineOptions } from './vitrine_types.js';

const defaultTimeout = 3000;

/** An open model. When it comes from a manifest, the release is set too. */
interface Opened {
  personalizer: Personalizer;
  bundle?: ManifestFile | undefined;
  /** The SHA-256 of the applied overlay. */
  overlay?: string | undefined;
}

/** Loads the model of a {@link VitrineOptions}. */
export class Model {
  /** True when there was a model in time; it may be the preview. */
  readonly ready: Promise<boolean>;
  /** True when the complete model was there in time. */
  readonly fullyReady: Promise<boolean>;
  readonly #options: VitrineOptions;
  readonly #report: Report;
  readonly #onOpen: (personalizer: Personalizer) => void;
  #opened: Opened | undefined;
  #disposed = false;
  #refreshing: Promise<boolean> | undefined;

  /**
   * `onOpen` is called when the model is ready, even when it is too late for `ready`, and when the
   * model has changed.
   */
  constructor(
    options: VitrineOptions,
    report: Report,
    onOpen: (personalizer: Personalizer) => void,
  ) {
    this.#options = options;
    this.#report = report;
    this.#onOpen = onOpen;
    const networkTimeout = options.timeout ?? defaultTimeout;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        if (!this.#opened) {
          report(
            'timeout',
            `no model after ${networkTimeout} ms; the page goes on with its own order`,
          );
        }
        resolve(false);
      }, networkTimeout);
    });
    let begin = (_: boolean) => {};
    const begun = new Promise<boolean>((resolve) => {
      begin = resolve;
    });
    const take = (found: Opened) => {
      if (this.#disposed || this.#opened?.bundle) {
        found.personalizer.dispose();
        return false;
      }
      this.#opened = found;
      onOpen(found.personalizer);
      begin(true);
      return true;
    };
    const opened = openModel(options, networkTimeout, report, take)
      .then(take, (error: unknown) => tell(report, error))
      .finally(() => clearTimeout(timer));
    this.fullyReady = Promise.race([opened, late]);
    this.ready = Promise.race([begun, this.fullyReady]);
  }

  get personalizer(): Personalizer | undefined {
    return this.#opened?.personalizer;
  }

  /** See `Vitrine.refresh`. Only one refresh runs at a time. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh()
      .catch((error: unknown) => tell(this.#report, error))
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
}

async function openModel(
  options: VitrineOptions,
  networkTimeout: number,
  report: Report,
  begin: (preview: Opened) => void,
): Promise<Opened> {
  if (options.bundle !== undefined) {
    return { personalizer: await createPersonalizer(options as PersonalizerOptions) };
  }
  expectExperiments(options);
  return openRelease(
    releaseOptions(options, networkTimeout, report),
    async ({ manifest, bundle, overlay, wasm = options.wasm }) => ({
      personalizer: await openPersonalizer(
        {
          ...options,
          bundle,
          wasm,
          overlay,
          // Nobody is in an experiment before the complete model is ready.
          ...(!manifest && { experiments: undefined }),
        } as PersonalizerOptions,
        true,
      ),
      bundle: manifest?.bundle,
      overlay: overlay && manifest?.overlay?.sha256,
    }),
    begin,
    (tooLate) => tooLate.personalizer.dispose(),
  );
}

/** The network gets half of the time, so that the stored release can still be opened in time. */
function releaseOptions(
  { manifest, publicKey, fetch }: VitrineOptions,
  networkTimeout: number,
  report: Report,
): ReleaseOptions {
  if (manifest === undefined) throw new VitrineError('usage', 'give a `manifest` or a `bundle`');
  const url = new URL(manifest, globalThis.document?.baseURI);
  return { manifest: url.href, publicKey, fetch, networkTimeout: networkTimeout / 2, report };
}
