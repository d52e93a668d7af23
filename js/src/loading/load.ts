import { describe, VitrineError } from '../error.js';
import { readFile } from './read_file.js';

/** Where a file is, or the file itself. */
export type BytesSource = string | URL | ArrayBuffer | Uint8Array;

export interface LoadOptions {
  fetch?: typeof fetch | undefined;
  signal?: AbortSignal | undefined;
}

/** The bytes of `source`. `what` names it in errors. Rejects with a VitrineError: network, aborted or usage. */
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

/** The name of a built-in type, also of an object from another frame, where `instanceof` fails. */
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
