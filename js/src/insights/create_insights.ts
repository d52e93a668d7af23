import { describe, VitrineError } from '../error.js';
import { type BytesSource, load, typeOf } from '../loading/load.js';
import { Insights } from './insights.js';
import createModule from './insights_module.js';

/** Options of {@link createInsights}. */
export interface InsightsOptions {
  /** The WebAssembly of insights. Default: `insights.wasm` beside the module. */
  wasm?: BytesSource | Response | WebAssembly.Module;
  /** In the place of the global `fetch`. */
  fetch?: typeof fetch;
  /** Stops loading. */
  signal?: AbortSignal;
}

/** Loads the WebAssembly of insights. Rejects with a {@link VitrineError}: `network`, `wasm`, `aborted` or `usage`. */
export async function createInsights(options: InsightsOptions = {}): Promise<Insights> {
  const source = options.wasm ?? new URL('./insights.wasm', import.meta.url);
  try {
    const compiled =
      typeOf(source) === 'WebAssembly.Module'
        ? (source as WebAssembly.Module)
        : await WebAssembly.compile(
            (await load('wasm', source as BytesSource, options)) as Uint8Array<ArrayBuffer>,
          );
    const module = await createModule({
      instantiateWasm: (
        imports: WebAssembly.Imports,
        done: (instance: WebAssembly.Instance) => unknown,
      ) => done(new WebAssembly.Instance(compiled, imports)),
    });
    return new Insights(module);
  } catch (cause) {
    if (cause instanceof VitrineError) throw cause;
    throw new VitrineError('wasm', `cannot start insights: ${describe(cause)}`, { cause });
  }
}
