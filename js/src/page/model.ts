import { type Report, tell, VitrineError } from '../error.js';
import { expectExperiments } from '../experiments/load_experiments.js';
import type { ManifestFile } from '../loading/manifest.js';
import { openRelease, type ReleaseOptions, refreshOverlay } from '../loading/release.js';
import { createPersonalizer, openPersonalizer } from '../ranking/create_personalizer.js';
import type { Personalizer, PersonalizerOptions } from '../ranking/types.js';
import type { VitrineOptions } from './vitrine_types.js';

const defaultTimeout = 3000;
const defaultLoadTimeout = 60_000;

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
  #abort = () => {};
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
    const tellUntilDisposed: Report = (...error) => {
      if (!this.#disposed) report(...error);
    };
    this.#report = tellUntilDisposed;
    this.#onOpen = onOpen;
    const networkTimeout = options.timeout ?? defaultTimeout;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        if (!this.#opened) {
          this.#report(
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
    const opened = openModel(options, networkTimeout, this.#report, take, this.#limit())
      .then(take, (error: unknown) => tell(this.#report, error))
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
    this.#abort();
    this.#opened?.personalizer.dispose();
    this.#opened = undefined;
  }

  /** Returns a signal that ends loading after `loadTimeout`, or with `dispose`. */
  #limit(): AbortSignal {
    const controller = new AbortController();
    const end = setTimeout(
      () => controller.abort(new Error('loading took longer than `loadTimeout`')),
      this.#options.loadTimeout ?? defaultLoadTimeout,
    );
    // In Node a timer would keep the process alive.
    (end as { unref?: () => void }).unref?.();
    const before = this.#abort;
    this.#abort = () => {
      before();
      clearTimeout(end);
      controller.abort();
    };
    return controller.signal;
  }

  async #refresh(): Promise<boolean> {
    const opened = this.#opened;
    if (!opened?.bundle) return false;
    const options = releaseOptions(this.#options, defaultTimeout, this.#report, this.#limit());
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
  take: (preview: Opened) => void,
  signal: AbortSignal,
): Promise<Opened> {
  if (options.bundle !== undefined) {
    return {
      personalizer: await createPersonalizer({ ...options, signal } as PersonalizerOptions),
    };
  }
  expectExperiments(options);
  return openRelease(
    releaseOptions(options, networkTimeout, report, signal),
    async ({ manifest, bundle, overlay, wasm = options.wasm }) => ({
      personalizer: await openPersonalizer(
        {
          ...options,
          bundle,
          wasm,
          overlay,
          signal,
          // Nobody is in an experiment before the complete model is ready.
          ...(!manifest && { experiments: undefined }),
        } as PersonalizerOptions,
        true,
      ),
      bundle: manifest?.bundle,
      overlay: overlay && manifest?.overlay?.sha256,
    }),
    take,
    (tooLate) => tooLate.personalizer.dispose(),
  );
}

/** The network gets half of the time, so that the stored release can still be opened in time. */
function releaseOptions(
  { manifest, publicKey, shop, scope, fetch }: VitrineOptions,
  networkTimeout: number,
  report: Report,
  signal: AbortSignal,
): ReleaseOptions {
  if (manifest === undefined) throw new VitrineError('usage', 'give a `manifest` or a `bundle`');
  const url = new URL(manifest, globalThis.document?.baseURI);
  return {
    manifest: url.href,
    publicKey,
    shop,
    scope: nameOf(scope),
    fetch,
    signal,
    networkTimeout: networkTimeout / 2,
    report,
  };
}

/** The beginning of the names of the shop's stores: those of two scopes of an origin differ. */
export function nameOf(scope: string | undefined): string {
  return scope ? `vitrine.${scope}` : 'vitrine';
}
