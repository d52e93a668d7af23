import type { BundleStatus, VitrineErrorCode } from '../error.js';
import type { ExperimentOptions } from '../experiments/experiment_set.js';
import type { Exposure } from '../experiments/exposure.js';
import type { BytesSource } from '../loading/load.js';
import type { Personalizer } from '../ranking/types.js';

/** What the page sends, each with an `id`: the first message is a start, the others are calls. */
export interface Start {
  bundle: BytesSource;
  wasm?: BytesSource | WebAssembly.Module;
  overlay?: ArrayBuffer | Uint8Array;
  unit?: string;
  experiments: ExperimentOptions;
}
export interface Call {
  method: Exclude<keyof Personalizer, 'info' | 'dispose' | symbol>;
  args: readonly unknown[];
}

/** What the worker sends: an answer to `id`, or, without one, what the page is to hear of. */
export interface Answer {
  id?: number;
  result?: unknown;
  error?: { code: VitrineErrorCode; message: string; status?: BundleStatus | undefined };
  exposure?: Exposure;
}
