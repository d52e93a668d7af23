import { describe, VitrineError } from '../error.js';
import { readFile } from './read_file.js';

/** The address of a file, or the file itself. */
export type BytesSource = string | URL | ArrayBuffer | Uint8Array;

export interface LoadOptions {
  fetch?: typeof fetch | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Loads the bytes of `source`. Errors call it `what`. Rejects with a VitrineError: network, aborted
 * or usage.
 */
export async function load(
  what: string,
  source: BytesSource | Response,
  options: LoadOptions,
): Promise<Uint8Array> {
  throwIfAborted(options.signal);
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  const type = typeOf(source);
  const isUrl = type === 'String' || type === 'URL';
  try {
    if (type === 'ArrayBuffer') return new Uint8Array(source as ArrayBuffer);
    if (type === 'Response') return await body(source as Response);
    if (isUrl && `${source}`.startsWith('file:')) return await readFile(new URL(`${source}`));
    if (isUrl) {
      const init = options.signal ? { signal: options.signal } : {};
      return await body(await (options.fetch ?? fetch)(source as string | URL, init));
    }
  } catch (cause) {
    throwIfAborted(options.signal);
    const where = isUrl ? ` from ${source}` : '';
    throw new VitrineError('network', `cannot load the ${what}${where}: ${describe(cause)}`, {
      cause,
    });
  }
  throw new VitrineError(
    'usage',
    `the ${what} must be a URL, bytes or a Response; it is of type ${type}`,
  );
}

/**
 * Returns the name of a built-in type, also for an object of another frame, for which `instanceof`
 * fails.
 */
export function typeOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new VitrineError('aborted', 'creation was aborted', { cause: signal.reason });
}

async function body(response: Response): Promise<Uint8Array> {
  if (!response.ok) {
    throw new Error(`the server answered ${response.status} ${response.statusText}`.trimEnd());
  }
  return new Uint8Array(await response.arrayBuffer());
}
