import type { statusNames } from './abi.js';

/**
 * The kind of an error:
 * - `network`: the bundle or the wasm could not be loaded
 * - `wasm`: the wasm could not be compiled, or stopped inside a call
 * - `bundle`: the bytes are not a complete and valid bundle; {@link VitrineError.status} has the
 *   reason
 * - `aborted`: the signal given to `createPersonalizer` was aborted
 * - `usage`: an option has a wrong value
 * - `disposed`: a call after `dispose()`
 * - `filter`: a filter names a category or brand that the bundle does not have
 * - `manifest`: the manifest is invalid, or has a format that this package cannot read
 * - `integrity`: a file has another SHA-256 than in the manifest or is longer than allowed, or the
 *   manifest is not signed with a given key, or is of another shop
 * - `stale`: the manifest is too old, or older than one that this browser has seen; the stored release
 *   ranks on
 * - `timeout`: no model was ready in time; the page continues in its own order
 * - `storage`: the browser cannot store data; the session continues in memory
 * - `worker`: the worker of `vitrine/worker` does not start, has died, or does not answer
 * - `delivery`: events could not be delivered, or were refused by the endpoint
 * - `overlay`: the bytes are not a complete and valid overlay of this bundle, which is used without
 *   them; {@link VitrineError.status} has the reason
 * - `assignment`: with `debug`, the compiled core assigns another variation than the page
 */
export type VitrineErrorCode =
  | 'network'
  | 'wasm'
  | 'bundle'
  | 'aborted'
  | 'usage'
  | 'disposed'
  | 'filter'
  | 'manifest'
  | 'integrity'
  | 'stale'
  | 'timeout'
  | 'storage'
  | 'worker'
  | 'delivery'
  | 'overlay'
  | 'assignment';

/** Receives an error that happened after creation. */
export type Report = (
  code: VitrineErrorCode,
  message: string,
  cause?: unknown,
  status?: BundleStatus,
) => void;

/**
 * Makes a {@link Report} that gives errors to `onError`. An `onError` that throws has no effect.
 */
export function reporter(onError: (error: VitrineError) => void): Report {
  return (code, message, cause, status) => {
    try {
      const details = { status, ...(cause !== undefined && { cause }) };
      onError(new VitrineError(code, message, details));
    } catch (error) {
      console.error(error);
    }
  };
}

/** The reason why a bundle or an overlay was refused; see `docs/bundle-format.md`. */
export type BundleStatus = (typeof statusNames)[number];

/**
 * The only error class of this package. `createPersonalizer` may reject with it; later errors only
 * go to `onError`.
 */
export class VitrineError extends Error {
  /** The name of the class. */
  override readonly name = 'VitrineError';
  /** The kind of error, for programs. */
  readonly code: VitrineErrorCode;
  /** The reason why the core refused the bytes. Set for the codes `bundle` and `overlay`. */
  readonly status: BundleStatus | undefined;

  constructor(
    code: VitrineErrorCode,
    message: string,
    details: { cause?: unknown; status?: BundleStatus | undefined } = {},
  ) {
    super(message, details);
    this.code = code;
    this.status = details.status;
  }
}

/**
 * Reports `error`. A {@link VitrineError} is reported as it is, any other error with `code`.
 * `before` begins the message.
 */
export function tell(
  report: Report,
  error: unknown,
  code: VitrineErrorCode = 'usage',
  before = '',
): false {
  if (error instanceof VitrineError)
    report(error.code, before + error.message, error, error.status);
  else report(code, before + describe(error), error);
  return false;
}

/** Converts any thrown value to text for a message. */
export function describe(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
