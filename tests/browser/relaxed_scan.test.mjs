// The scan that lies in a section of vitrine.wasm for browsers with relaxed SIMD, against its definition in core's dot.h.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { browserName, launch, serve } from './harness.mjs';

describe(`the scan by relaxed SIMD, in ${browserName}`, () => {
  let browser;
  let server;
  let page;

  before(async () => {
    server = await serve({
      mounts: { '/package/': 'js/dist' },
      pages: { '/': { body: '<!doctype html><title>scan</title>', type: 'text/html' } },
    });
    browser = await launch();
    page = await (await browser.newContext()).newPage();
    await page.goto(server.url);
    assert.ok(await page.evaluate(join), 'this browser has no relaxed SIMD');
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  it('gives exactly the numbers of the definition, at any shape', async () => {
    const wrong = await page.evaluate(compareScans);
    assert.deepEqual(wrong, []);
  });

  it('is used when its numbers are right, and not when they are wrong', async () => {
    assert.deepEqual(await page.evaluate(offerScans), { right: 1, wrong: 0 });
  });
});

/** In the page: gets the wasm, and whether the browser takes what is in the section. */
async function join() {
  globalThis.compiled = await WebAssembly.compileStreaming(fetch('/package/vitrine.wasm'));
  [globalThis.section] = WebAssembly.Module.customSections(compiled, 'relaxed_scan');
  return WebAssembly.validate(section);
}

/** In the page: what the scan does otherwise than its definition says. */
async function compareScans() {
  const memory = new WebAssembly.Memory({ initial: 4 });
  const { instance } = await WebAssembly.instantiate(section, { env: { memory } });
  const codesAt = 1024;
  const queryAt = codesAt + 300 * 256;
  const factorsAt = queryAt + 256;
  const hitsAt = factorsAt + 1024;
  const widen = new Float32Array(1);
  const wrong = [];
  let seed = 7;
  const random = (n) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % n;
  };
  const kinds = {
    random: { row: () => random(256) - 128, code: () => random(255) - 127 },
    least: { row: () => -128, code: () => -127 },
    opposite: { row: () => -128, code: () => 127 },
    largest: { row: () => 127, code: () => 127 },
    none: { row: () => 0, code: () => -127 },
  };
  for (const [kind, { row, code }] of Object.entries(kinds)) {
    for (const stride of [16, 32, 48, 64, 80, 128, 256]) {
      for (const count of [4, 5, 6, 7, 8, 63, 256, 257]) {
        const rows = new Int8Array(memory.buffer, codesAt, count * stride).map(row);
        new Int8Array(memory.buffer, codesAt, count * stride).set(rows);
        const query = new Int8Array(memory.buffer, queryAt, stride);
        query.set(query.map(code));
        const factors = new Uint16Array(memory.buffer, factorsAt, count);
        factors.set(factors.map(() => (random(9) === 0 ? 0 : random(0x4000))));
        const dots = Array.from({ length: count }, (_, r) =>
          query.reduce((sum, value, d) => sum + value * rows[r * stride + d], 0),
        );
        const scores = dots.map((dot, r) => {
          new Uint32Array(widen.buffer)[0] = factors[r] << 16;
          return Math.fround(Math.fround(dot) * widen[0]);
        });
        for (const bound of [-Infinity, 0, ...scores.slice(0, 5), Infinity]) {
          // The bytes behind the last hit must not change.
          new Int32Array(memory.buffer, hitsAt, 2 * count + 2).fill(-7);
          const found = instance.exports.scan(
            codesAt,
            count,
            stride,
            queryAt,
            factorsAt,
            bound,
            hitsAt, // biome-ignore format: one line
          );
          const hits = [...new Int32Array(memory.buffer, hitsAt, 2 * found)];
          const behind = new Int32Array(memory.buffer, hitsAt + 8 * count, 2);
          const expected = dots.flatMap((dot, r) => (scores[r] >= bound ? [r, dot] : []));
          if (`${hits}` !== `${expected}` || `${behind}` !== '-7,-7') {
            wrong.push({ kind, stride, count, bound, hits: hits.slice(0, 8) });
          }
        }
      }
    }
  }
  return wrong.slice(0, 5);
}

/** In the page: what the wasm answers to the scan of its section, and to one with `or` in the place of `xor`. */
async function offerScans() {
  const { exports } = await WebAssembly.instantiate(compiled);
  exports._initialize?.();
  const offer = async (code) => {
    const { instance } = await WebAssembly.instantiate(code, { env: { memory: exports.memory } });
    return exports.useRelaxedScan(exports.__indirect_function_table.grow(1, instance.exports.scan));
  };
  const spoilt = new Uint8Array(section.slice(0));
  for (let at = 1; at < spoilt.length; at++) {
    if (spoilt[at - 1] === 0xfd && spoilt[at] === 0x51) spoilt[at] = 0x50;
  }
  return { wrong: await offer(spoilt), right: await offer(section) };
}
