/**
 * What went wrong:
 * - `network`: the bundle or the wasm could not be fetched or read
 * - `wasm`: the wasm could not be compiled, or stopped inside a call
 * - `bundle`: the bytes are not a whole and valid bundle; {@link VitrineError.status} says more
 * - `aborted`: the signal given to `createPersonalizer` was aborted
 * - `usage`: an option has a value that cannot be used
 * - `disposed`: a call after `dispose()`
 * - `filter`: a filter names a category or brand that the bundle does not know
 */
export type VitrineErrorCode =
  | 'network'
  | 'wasm'
  | 'bundle'
  | 'aborted'
  | 'usage'
  | 'disposed'
  | 'filter';

/** Why a bundle was refused. The order is that of `enum class Status` in the core; numbers are stable. */
export const statusNames = [
  'ok',
  'truncated',
  'bad-magic',
  'unsupported-version',
  'trailing-bytes',
  'hash-mismatch',
  'misaligned',
  'bad-section-table',
  'missing-section',
  'bad-section-size',
  'bad-item-count',
  'bad-ids',
  'bad-id-order',
  'bad-string-table',
  'bad-catalog',
  'bad-popularity',
  'bad-embeddings',
  'bad-session-rows',
  'bad-settings',
  'bad-metadata',
  'bad-session-sample',
  'bad-partitions',
] as const;

export type BundleStatus = (typeof statusNames)[number];

/** The one error of this package. `createPersonalizer` rejects with it; later it only goes to `onError`. */
export class VitrineError extends Error {
  override readonly name = 'VitrineError';
  readonly code: VitrineErrorCode;
  /** For code `bundle`, when the core refused the bytes: why. */
  readonly status: BundleStatus | undefined;

  constructor(
    code: VitrineErrorCode,
    message: string,
    details: { cause?: unknown; status?: BundleStatus | undefined } = {},
  ) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.status = details.status;
  }
}

/** `thrown` as text for a message, whatever it is. */
export function describe(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
