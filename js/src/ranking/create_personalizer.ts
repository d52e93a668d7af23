import { loadHints } from '../debug/load_hints.js';
import { describe, reporter, tell, VitrineError } from '../error.js';
import type { ExperimentSet } from '../experiments/experiment_set.js';
import { expectExperiments, loadExperiments } from '../experiments/load_experiments.js';
import { load, throwIfAborted, typeOf } from '../loading/load.js';
import { Engine } from './engine.js';
import { BundlePersonalizer } from './personalizer.js';
import type { Personalizer, PersonalizerOptions } from './types.js';
import { start } from './wasm_exports.js';

/**
 * Loads the wasm and a bundle at the same time, and opens the bundle.
 *
 * Rejects with a {@link VitrineError}: `network`, `wasm`, `bundle`, `aborted` or `usage`. After
 * that no call throws.
 */
export function createPersonalizer(options: PersonalizerOptions): Promise<Personalizer> {
  return openPersonalizer(options, false);
}

/** As `createPersonalizer`. `verified` is true when the bundle's SHA-256 has been compared. */
export async function openPersonalizer(
  options: PersonalizerOptions,
  verified: boolean,
): Promise<Personalizer> {
  if (typeof options !== 'object' || options === null) {
    throw new VitrineError('usage', 'createPersonalizer needs a `bundle`');
  }
  expectExperiments(options);
  const [exports, bytes, hints] = await Promise.all([
    compile(options).then(start),
    load('bundle', options.bundle, options),
    options.debug ? loadHints() : undefined,
  ]);
  throwIfAborted(options.signal);
  const engine = new Engine(exports, bytes, verified);
  const experiments = await experimentsOf(engine, options);
  const personalizer = new BundlePersonalizer({
    engine,
    metadata: metadataOf(engine),
    experiments,
    readExperiments: () => experimentsOf(engine, options),
    report: reporter(options.onError ?? console.warn),
    hints,
  });
  if (options.overlay) personalizer.apply(options.overlay);
  await personalizer.settled;
  throwIfAborted(options.signal);
  return personalizer;
}

async function compile(options: PersonalizerOptions): Promise<WebAssembly.Module> {
  const source = options.wasm ?? new URL('./vitrine.wasm', import.meta.url);
  if (typeOf(source) === 'WebAssembly.Module') return source as WebAssembly.Module;

  const bytes = await load('wasm', source as Exclude<typeof source, WebAssembly.Module>, options);
  try {
    return await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
  } catch (cause) {
    const message = `cannot compile the wasm: ${describe(cause)}`;
    throw new VitrineError('wasm', message, { cause });
  }
}

function metadataOf(engine: Engine): Record<string, unknown> {
  if (engine.metadata === '') return {};
  const metadata = parsed('metadata', () => JSON.parse(engine.metadata) as unknown);
  return typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
    ? (metadata as Record<string, unknown>)
    : { value: metadata };
}

async function experimentsOf(
  engine: Engine,
  { visitorId, experiments, debug, onError }: PersonalizerOptions,
): Promise<ExperimentSet | undefined> {
  if (engine.experiments === '' && !experiments?.definitions) return undefined;
  const report = reporter(onError ?? console.warn);
  let code: Awaited<ReturnType<typeof loadExperiments>>;
  try {
    code = await loadExperiments();
  } catch (cause) {
    tell(report, cause, 'network', 'no experiments, their code does not load: ');
    return undefined;
  }
  const own = parsed('experiments', () => code.parseExperiments(engine.experiments));
  try {
    return new code.ExperimentSet(visitorId, experiments, {
      experiments: own,
      hash: engine.hash,
      ...(debug && {
        draw: (draw) => engine.variation(draw),
        onDifference: ({ key, variation, core }) =>
          report(
            'assignment',
            `"${key}" has variation ${variation} in the page, ${core} in the core`,
          ),
      }),
    });
  } catch (cause) {
    const message = `the page's experiments cannot be used: ${describe(cause)}`;
    throw new VitrineError('usage', message, { cause });
  }
}

function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    const message = `the bundle's ${what} cannot be read: ${describe(cause)}`;
    throw new VitrineError('bundle', message, { cause, status: 'bad-metadata' });
  }
}
