import { describe, VitrineError } from '../error.js';
import { readFile } from './read_file.js';

/** The address of a file, or the file itself. */
export type BytesSource = string | URL | ArrayBuffer | Uint8Array;

export interface LoadOptions {
  fetch?: typeof fetch | undefined;
  signal?: AbortSignal | undefined;
}

/** The largest number of bytes of a file whose size nobody has signed. */
export const mostBytes = 64 << 20;

/**
 * Loads the bytes of `source`. Errors call it `what`. Stops after `size` bytes, or after
 * {@link mostBytes} without a size, so that an endless answer does not fill the memory. Rejects with a VitrineError: network, integrity (there are more
 * bytes), aborted or usage.
 */
export async function load(
  what: string,
  source: BytesSource | Response,
  options: LoadOptions,
  size?: number,
): Promise<Uint8Array> {
  throwIfAborted(options.signal);
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  const type = typeOf(source);
  const isUrl = type === 'String' || type === 'URL';
  try {
    if (type === 'ArrayBuffer') return new Uint8Array(source as ArrayBuffer);
    if (type === 'Response') return await body(source as Response, size);
    if (isUrl && `${source}`.startsWith('file:')) return await readFile(new URL(`${source}`));
    if (isUrl) {
      const init = options.signal ? { signal: options.signal } : {};
      return await body(await (options.fetch ?? fetch)(source as string | URL, init), size);
    }
  } catch (cause) {
    throwIfAborted(options.signal);
    const where = isUrl ? ` from ${source}` : '';
    const code = cause instanceof RangeError ? 'integrity' : 'network';
    const message = `cannot load the ${what}${where}: ${describe(cause)}`;
    throw new VitrineError(code, message, { cause });
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

/**
 * Reads a body. With a size it takes no more memory than that. Throws a RangeError when there are
 * more bytes.
 */
async function body(response: Response, most = mostBytes): Promise<Uint8Array> {
  if (!response.ok) {
    throw new Error(`the server answered ${response.status} ${response.statusText}`.trimEnd());
  }
  const reader = response.body?.getReader();
  let bytes = new Uint8Array(most === mostBytes ? 1 << 16 : most);
  let size = 0;
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (!value) return bytes.subarray(0, size);
    const end = size + value.length;
    if (end > most) {
      void reader?.cancel();
      throw new RangeError(`there are more than ${most} bytes`);
    }
    if (end > bytes.length) {
      const longer = new Uint8Array(Math.min(most, Math.max(end, 2 * bytes.length)));
      longer.set(bytes);
      bytes = longer;
    }
    bytes.set(value, size);
    size = end;
  }
}
