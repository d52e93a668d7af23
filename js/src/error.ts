import type { statusNames } from './abi.js';

/**
 * What went wrong:
 * - `network`: the bundle or the wasm could not be fetched or read
 * - `wasm`: the wasm could not be compiled, or stopped inside a call
 * - `bundle`: the bytes are not a whole and valid bundle; {@link VitrineError.status} says more
 * - `aborted`: the signal given to `createPersonalizer` was aborted
 * - `usage`: an option has a value that cannot be used
 * - `disposed`: a call after `dispose()`
 * - `filter`: a filter names a category or brand that the bundle does not know
 * - `manifest`: the manifest is not one, or of a format that this package does not read
 * - `integrity`: a file has another SHA-256 than the manifest says, or the manifest is not signed by the given key
 * - `timeout`: no model was ready in time; the page goes on with its own order
 * - `storage`: the browser does not store, or holds no more; the session goes on in memory
 * - `worker`: the worker of `vitrine/worker` does not start, died, or does not answer
 * - `delivery`: events could not be delivered, or were refused by the endpoint
 * - `overlay`: the bytes are not a whole and valid overlay of this bundle, which goes on without; {@link
 *   VitrineError.status} says more
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
  | 'timeout'
  | 'storage'
  | 'worker'
  | 'delivery'
  | 'overlay';

/** Takes what went wrong after creation. */
export type Report = (
  code: VitrineErrorCode,
  message: string,
  cause?: unknown,
  status?: BundleStatus,
) => void;

/** A {@link Report} that hands errors to `onError`, and stands an `onError` that throws. */
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

/** Why a bundle or an overlay was refused; see `docs/bundle-format.md`. */
export type BundleStatus = (typeof statusNames)[number];

/** The one error of this package. `createPersonalizer` rejects with it; later it only goes to `onError`. */
export class VitrineError extends Error {
  /** Always this. */
  override readonly name = 'VitrineError';
  /** What went wrong, for programs. */
  readonly code: VitrineErrorCode;
  /** For codes `bundle` and `overlay`, when the core refused the bytes: why. */
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

/** Hands `error` to `report` as it is; what is no {@link VitrineError} as one of `code`. `before` begins the message. */
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

/** `thrown` as text for a message, whatever it is. */
export function describe(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
