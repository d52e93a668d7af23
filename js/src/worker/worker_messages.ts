import type { BundleStatus, VitrineErrorCode } from '../error.js';
import type { ExperimentOptions } from '../experiments/experiment_set.js';
import type { Exposure } from '../experiments/exposure.js';
import type { BytesSource } from '../loading/load.js';
import type { Personalizer } from '../ranking/types.js';

/** A message of the page. Each has an `id`; the first message is a start, the others are calls. */
export interface Start {
  bundle: BytesSource;
  wasm?: BytesSource | WebAssembly.Module;
  overlay?: ArrayBuffer | Uint8Array;
  visitorId?: string;
  experiments: ExperimentOptions;
}
export interface Call {
  method: Exclude<keyof Personalizer, 'info' | 'checks' | 'dispose' | symbol>;
  args: readonly unknown[];
}

/** A message of the worker: an answer to `id`, or, without an `id`, an error for the page. */
export interface Answer {
  id?: number;
  result?: unknown;
  error?: { code: VitrineErrorCode; message: string; status?: BundleStatus | undefined };
  exposure?: Exposure;
}
