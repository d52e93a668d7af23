import type { WasmFunctions } from '../abi.js';
import { describe, VitrineError } from '../error.js';

/** The exports of the module. Addresses and sizes are in bytes. */
export interface WasmExports extends WasmFunctions {
  memory: WebAssembly.Memory;
  __indirect_function_table: WebAssembly.Table;
}

/**
 * Creates a new instance with separate memory, which is freed when nothing refers to it. Rejects
 * with a VitrineError `wasm` when there is not enough memory.
 */
export async function start(compiled: WebAssembly.Module): Promise<WasmExports> {
  try {
    const { exports } = await WebAssembly.instantiate(compiled);
    // Emscripten's name for the function that runs constructors of static objects.
    (exports as { _initialize?: () => void })._initialize?.();
    const engine = exports as unknown as WasmExports;
    await relax(compiled, engine);
    // Browsers compile a function at its first call. So the functions for opening are called while
    // the shop's bundle is still loading. It then opens in 0.2 ms instead of 0.85 ms, for 130 bytes
    // of JavaScript: the column "opening" of `make bench-growth`.
    const warmUp = smallestBundle();
    const address = engine.reserveBundle(warmUp.byteLength);
    new Uint32Array(engine.memory.buffer, address).set(warmUp);
    engine.open(0);
    return engine;
  } catch (cause) {
    throw new VitrineError('wasm', `the wasm does not start: ${describe(cause)}`, { cause });
  }
}

/** Makes a bundle with one item "a"; docs/bundle-format.md explains the words. */
export function smallestBundle(): Uint32Array {
  const words = new Uint32Array(49);
  words.set([
    ...[0x52544956, 0x0a454e49, 0xfc27ad5d, 0xf68779ec, 1, 4, 196, 0, 1, 0, 0, 0],
    ...[1, 0, 144, 0, 11, 0],
    ...[2, 0, 160, 0, 2, 0],
    ...[6, 0, 176, 0, 2, 0],
    ...[4, 0, 192, 0, 4, 0],
    ...[8, 11, 0x610100],
  ]);
  words[48] = 0x20202020;
  return words;
}

/**
 * With relaxed SIMD, scans use the module that the build makes from
 * `wasm/ranking/relaxed_scan.cpp`.
 */
async function relax(compiled: WebAssembly.Module, engine: WasmExports): Promise<void> {
  const [code] = WebAssembly.Module.customSections(compiled, 'relaxed_scan');
  if (!code || !WebAssembly.validate(code)) return;
  const { instance } = await WebAssembly.instantiate(code, { env: { memory: engine.memory } });
  engine.useRelaxedScan(engine.__indirect_function_table.grow(1, instance.exports.scan));
}
