// The personalizer in a worker: the same calls with promises. The page's own thread stays free.
import { describe, reporter, VitrineError } from '../error.js';
import type { Assignment } from '../experiments/assign.js';
import type { ExperimentOptions } from '../experiments/experiment_set.js';
import type { ExposedList } from '../experiments/exposure.js';
import { unknownExperiment } from '../experiments/unknown.js';
import { type BytesSource, typeOf } from '../loading/load.js';
import { unranked } from '../ranking/personalizer.js';
import type {
  BundleInfo,
  ItemId,
  ListOptions,
  PersonalizerOptions,
  Recommendation,
  RecordedEvent,
  RerankOptions,
  ShopperEvent,
} from '../ranking/types.js';
import type { Answer, Call, Start } from './worker_messages.js';

const defaultTimeout = 2000;

/** The options of {@link createWorkerPersonalizer}. */
export interface WorkerOptions
  extends Pick<PersonalizerOptions, 'visitorId' | 'signal' | 'onError'> {
  /**
   * As for `createPersonalizer`. An `ArrayBuffer` is moved to the worker and is empty afterwards.
   */
  bundle: BytesSource;
  /**
   * As for `createPersonalizer`; an `ArrayBuffer` is moved too. Default: `vitrine.wasm` beside the
   * worker's file.
   */
  wasm?: BytesSource | WebAssembly.Module;
  /** As for `createPersonalizer`. An `ArrayBuffer` is moved to the worker. Default: none. */
  overlay?: ArrayBuffer | Uint8Array;
  /**
   * As for `createPersonalizer`, without the options that need objects of the page. Default: none.
   */
  experiments?: Omit<ExperimentOptions, 'sticky' | 'reported' | 'bandits'>;
  /**
   * A worker that runs `vitrine/worker-thread`. Default: the file beside this one, which must have
   * the page's origin.
   */
  worker?: Worker;
  /** Milliseconds after which a call is answered without the worker. Default: 2000. */
  timeout?: number;
}

/**
 * A `Personalizer` whose calls answer later, in their order. No promise rejects: when the worker
 * has died or does not answer, `onError` gets the code `worker`, and the call falls back as in a
 * personalizer.
 */
export interface WorkerPersonalizer {
  /** The bundle that ranks; a new object after `apply`. */
  readonly info: BundleInfo;
  /** Returns the recorded events, oldest first. */
  history(): Promise<readonly RecordedEvent[]>;
  /**
   * Records an event. Resolves to false, and records nothing, when the bundle does not know the
   * item.
   */
  record(event: ShopperEvent): Promise<boolean>;
  /** Clears the history. */
  clear(): Promise<void>;
  /**
   * Applies the bytes of an overlay, as `apply` of a personalizer does. An `ArrayBuffer` is moved
   * to the worker. Resolves to true when the overlay was applied.
   */
  apply(overlay: ArrayBuffer | Uint8Array): Promise<boolean>;
  /** Returns items for this shopper, best first. */
  recommend(options?: ListOptions): Promise<Recommendation[]>;
  /**
   * Returns the given items in the best order for this shopper. The option `where` is not
   * available, because functions cannot be sent to a worker.
   */
  rerank(ids: readonly ItemId[], options?: RerankOptions): Promise<Recommendation[]>;
  /** Returns items like `id`, without it. */
  similar(id: ItemId, options?: ListOptions): Promise<Recommendation[]>;
  /** Returns the items that were seen often recently. */
  popular(options?: ListOptions): Promise<Recommendation[]>;
  /** Returns the variation of `visitorId`. */
  experiment(key: string): Promise<Assignment>;
  /** Reports once that `visitorId` sees the variation. Resolves to true when it was reported. */
  expose(key: string, list?: ExposedList): Promise<boolean>;
  /** Ends the worker. */
  dispose(): void;
  /** The same as `dispose`. */
  [Symbol.dispose](): void;
}

/**
 * Starts a worker that loads the wasm and the bundle and opens it. Rejects with a `VitrineError`: those
 * of `createPersonalizer`, or `worker` when no worker can be started.
 */
export async function createWorkerPersonalizer(
  options: WorkerOptions,
): Promise<WorkerPersonalizer> {
  if (typeof options !== 'object' || options === null) {
    throw new VitrineError('usage', 'createWorkerPersonalizer needs an object with a `bundle`');
  }
  const connection = new Connection(options);
  try {
    // On a phone, starting a worker takes milliseconds of the page, and so does the first message.
    // So each gets a separate task.
    await new Promise((resolve) => setTimeout(resolve));
    return new RemotePersonalizer(connection, await connection.start(options));
  } catch (error) {
    connection.end();
    if (error instanceof VitrineError) throw error;
    throw new VitrineError('usage', `the worker cannot be told: ${describe(error)}`, {
      cause: error,
    });
  }
}

/** The connection to one worker. It numbers calls, and matches answers to them. */
class Connection {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>();
  readonly #report: ReturnType<typeof reporter>;
  readonly #timeout: number;
  readonly #onExposure: ExperimentOptions['onExposure'];
  #last = 0;
  #started = false;
  #why = 'it ended before the bundle was open';
  #state: 'live' | 'silent' | 'dead' | 'disposed' = 'live';

  constructor({ worker, onError, timeout, experiments }: WorkerOptions) {
    this.#report = reporter(onError ?? console.warn);
    this.#timeout = timeout ?? defaultTimeout;
    this.#onExposure = experiments?.onExposure;
    try {
      this.#worker =
        worker ?? new Worker(new URL('./worker_thread.js', import.meta.url), { type: 'module' });
    } catch (cause) {
      throw new VitrineError('worker', `no worker starts: ${describe(cause)}`, { cause });
    }
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => this.#hear(data));
    for (const event of ['error', 'messageerror']) {
      this.#worker.addEventListener(event, (failure) => {
        failure.preventDefault();
        const { message = 'its file does not load' } = failure as ErrorEvent;
        this.#die(`the worker failed: ${message}`);
      });
    }
  }

  async start(options: WorkerOptions): Promise<BundleInfo> {
    const { bundle, wasm, overlay, visitorId, signal, experiments } = options;
    const { onExposure, ...given } = experiments ?? {};
    const url = globalThis.location?.href;
    const start: Start = {
      bundle: absolute(bundle),
      ...(wasm !== undefined && { wasm: absolute(wasm) }),
      ...(overlay !== undefined && { overlay }),
      ...(visitorId !== undefined && { visitorId }),
      experiments: { ...(url && { url }), ...given },
    };
    const gone = new Promise<undefined>((resolve) => {
      if (signal?.aborted) resolve(undefined);
      signal?.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const answer = await Promise.race([this.#send({ start }, [bundle, wasm, overlay]), gone]);
    if (signal?.aborted) {
      throw new VitrineError('aborted', 'creation was aborted', { cause: signal.reason });
    }
    if (answer?.error) throw errorOf(answer.error);
    if (!answer) throw new VitrineError('worker', this.#why);
    this.#started = true;
    return Object.freeze(answer.result as BundleInfo);
  }

  /** Returns the worker's answer, or `fallback` when there is none. */
  async call<T>(fallback: () => T, method: Call['method'], ...args: unknown[]): Promise<T> {
    if (this.#state === 'disposed') {
      this.#report('disposed', 'the personalizer is disposed; create another');
      return fallback();
    }
    if (this.#state !== 'live') return fallback();
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(resolve, this.#timeout, 'late');
      });
      const answer = await Promise.race([this.#send({ method, args }, args), late]);
      if (answer === 'late' && this.#state === 'live') {
        this.#state = 'silent';
        this.#report('worker', `the worker has not answered for ${this.#timeout} ms`);
      }
      return answer === 'late' || !answer ? fallback() : (answer.result as T);
    } catch (cause) {
      this.#report('usage', `the call could not be answered: ${describe(cause)}`, cause);
      return fallback();
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    this.#state = 'disposed';
    this.#release();
  }

  /** Parts of the message that are an `ArrayBuffer` are moved to the worker. */
  #send(message: { start: Start } | Call, parts: readonly unknown[]): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      if (this.#state === 'dead') return resolve(undefined);
      const id = ++this.#last;
      const moved = parts.filter((part) => typeOf(part) === 'ArrayBuffer') as ArrayBuffer[];
      this.#worker.postMessage({ id, ...message }, moved);
      this.#waiting.set(id, resolve);
    });
  }

  #hear(answer: Answer): void {
    // The worker was slow but not dead, so it gets the next calls again.
    if (this.#state === 'silent') this.#state = 'live';
    if (answer.id !== undefined) {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    } else if (answer.exposure) {
      try {
        this.#onExposure?.(answer.exposure);
      } catch (cause) {
        this.#report('usage', `onExposure failed: ${describe(cause)}`, cause);
      }
    } else if (answer.error) {
      const { code, message } = answer.error;
      this.#report(code, message);
    }
  }

  #die(why: string): void {
    if (this.#state === 'dead' || this.#state === 'disposed') return;
    this.#state = 'dead';
    this.#why = why;
    if (this.#started) this.#report('worker', why);
    this.#release();
  }

  #release(): void {
    this.#worker.terminate();
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}

class RemotePersonalizer implements WorkerPersonalizer {
  info: BundleInfo;
  readonly #connection: Connection;

  constructor(connection: Connection, info: BundleInfo) {
    this.#connection = connection;
    this.info = info;
  }

  history(): Promise<readonly RecordedEvent[]> {
    return this.#connection.call(nothing<RecordedEvent>, 'history');
  }

  record(event: ShopperEvent): Promise<boolean> {
    return this.#connection.call(() => false, 'record', event);
  }

  clear(): Promise<void> {
    return this.#connection.call(() => undefined, 'clear');
  }

  async apply(overlay: ArrayBuffer | Uint8Array): Promise<boolean> {
    const info = await this.#connection.call<BundleInfo | undefined>(
      () => undefined,
      'apply',
      overlay,
    );
    if (info) this.info = Object.freeze(info);
    return info !== undefined;
  }

  recommend(options?: ListOptions): Promise<Recommendation[]> {
    return this.#connection.call(nothing<Recommendation>, 'recommend', options);
  }

  rerank(ids: readonly ItemId[], options?: RerankOptions): Promise<Recommendation[]> {
    const own = () => unranked(ids, options?.exclude);
    return this.#connection.call(own, 'rerank', ids, options);
  }

  similar(id: ItemId, options?: ListOptions): Promise<Recommendation[]> {
    return this.#connection.call(nothing<Recommendation>, 'similar', id, options);
  }

  popular(options?: ListOptions): Promise<Recommendation[]> {
    return this.#connection.call(nothing<Recommendation>, 'popular', options);
  }

  experiment(key: string): Promise<Assignment> {
    return this.#connection.call(() => unknownExperiment(key), 'experiment', key);
  }

  expose(key: string, list?: ExposedList): Promise<boolean> {
    return this.#connection.call(() => false, 'expose', key, list);
  }

  dispose(): void {
    this.#connection.end();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

const nothing = <T>(): T[] => [];

/** Makes an address relative to the page, not to the worker. */
function absolute<T extends BytesSource | WebAssembly.Module>(source: T): T | string {
  const type = typeOf(source);
  if (type !== 'String' && type !== 'URL') return source;
  return new URL(`${source}`, globalThis.document?.baseURI).href;
}

function errorOf({ code, message, status }: NonNullable<Answer['error']>): VitrineError {
  return new VitrineError(code, message, { status });
}
