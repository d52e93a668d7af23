import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { wasmFunctions } from '../../../js/src/abi.js';
import { smallestBundle, start } from '../../../js/src/ranking/wasm_exports.js';
import { xxh64 } from '../bundle_writer.js';

const wasm = new URL('../../../js/dist/vitrine.wasm', import.meta.url);

describe('the wasm', () => {
  it('exports the functions that abi.h names and no others', async () => {
    const exported = WebAssembly.Module.exports(await WebAssembly.compile(await readFile(wasm)));
    const functions = exported.filter(({ kind }) => kind === 'function').map(({ name }) => name);
    const own = functions.filter((name) => !/^(_|emscripten_)/.test(name));
    expect(own.sort()).toEqual([...wasmFunctions].sort());
  });
});

describe('start', () => {
  it('opens a bundle ahead, so that opening is compiled when that of the shop arrives', async () => {
    const bytes = new Uint8Array(smallestBundle().buffer);
    const hash = new DataView(bytes.buffer).getBigUint64(8, true);
    expect(hash).toBe(xxh64(bytes.subarray(16)));
    const engine = await start(await WebAssembly.compile(await readFile(wasm)));
    expect(engine.open(0)).toBe(0); // the one that is there
    expect(new Uint32Array(engine.memory.buffer, engine.info(), 1)[0]).toBe(1);
  });
});
