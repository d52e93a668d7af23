import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { VitrineError } from '../../../js/src/error.ts';
import { assign } from '../../../js/src/experiments/assign.ts';
import type { Experiment } from '../../../js/src/experiments/definition.ts';
import { type Draw, drawOf } from '../../../js/src/experiments/draw.ts';
import { createPersonalizer } from '../../../js/src/ranking/create_personalizer.ts';
import { sizeOfDraw, writeDraw } from '../../../js/src/ranking/request_block.ts';
import { start, type WasmExports } from '../../../js/src/ranking/wasm_exports.ts';
import { writeBundle } from '../bundle_writer.ts';
import { open, shop, wasm } from '../shop.ts';

const file = readFileSync(new URL('../../../js/dist/vitrine.wasm', import.meta.url));

/** The module with another basis of the hash: its draws are those of another seed. */
function otherHash(): WebAssembly.Module {
  const bytes = new Uint8Array(file);
  const basis = [0x41, 0xc5, 0xbb, 0xf2, 0x88, 0x78]; // i32.const 0x811c9dc5
  let changed = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (!basis.every((byte, i) => bytes[at + i] === byte)) continue;
    bytes[at + 1] = 0xc4;
    changed++;
  }
  expect(changed).toBeGreaterThan(0);
  return new WebAssembly.Module(bytes);
}

function write(engine: WasmExports, draw: Draw): void {
  const address = engine.input(sizeOfDraw(draw));
  const { buffer } = engine.memory;
  const views = {
    words: new Uint32Array(buffer),
    floats: new Float32Array(buffer),
    doubles: new Float64Array(buffer),
  };
  writeDraw(draw, views, address / 4);
}

describe('the draw of the wasm', () => {
  it('gives known buckets', async () => {
    const engine = await start(wasm);
    const draw = drawOf({ key: 'seed', variations: ['a', 'b'] }, 'é', 0);
    for (const [version, bucket] of [
      [2, 0.8663],
      [3, -1],
    ] as const) {
      write(engine, { ...draw, version });
      expect(engine.bucket()).toBe(bucket);
    }
  });

  it('gives the variations of the page, by coverage, weights, ranges and ramps', async () => {
    const engine = await start(wasm);
    const variations = ['a', 'b', 'c'];
    const experiments: Experiment[] = [
      { key: 'plain', variations },
      { key: 'half', variations, coverage: 0.5, hashVersion: 2 },
      { key: 'weighted', variations, weights: [0.7, 0.2, 0.1], hashVersion: 2 },
      { key: 'too-few-weights', variations, weights: [0.7, 0.3] },
      { key: 'ramp', variations, ramp: [{ from: '2020-01-01', coverage: 0.25 }] },
      {
        key: 'ranges',
        variations,
        hashVersion: 2,
        ranges: [
          [0, 0.1],
          [0.3, 0.4],
          [0.5, 1],
        ],
      },
    ];
    for (const experiment of experiments) {
      const seen = new Set<number>();
      for (let unit = 0; unit < 200; unit++) {
        const { variation } = assign(experiment, `é-${unit}`);
        write(engine, drawOf(experiment, `é-${unit}`, Date.now()));
        expect(engine.variation()).toBe(variation);
        seen.add(variation);
      }
      expect(seen.size).toBeGreaterThan(1);
    }
  });
});

describe('with debug', () => {
  it('each assignment is compared with the draw of the wasm', async () => {
    const { personalizer, errors } = await open(shop, { visitorId: 'u-1', debug: true });
    const { variation } = personalizer.experiment('hero');
    personalizer.experiment('nobody');
    expect(personalizer.checks).toEqual([
      { key: 'hero', variation, core: variation },
      { key: 'nobody', variation: -1, core: -1 },
    ]);
    expect(errors).toEqual([]);
  });

  it('a difference is reported, once', async () => {
    const errors: VitrineError[] = [];
    let different = 0;
    for (let i = 0; i < 8; i++) {
      const personalizer = await createPersonalizer({
        bundle: writeBundle(shop),
        wasm: otherHash(),
        visitorId: `u-${i}`,
        debug: true,
        onError: (error) => errors.push(error),
      });
      for (let again = 0; again < 2; again++) personalizer.experiment('hero');
      const [check] = personalizer.checks;
      if (check?.core !== check?.variation) different++;
      expect(errors).toHaveLength(different);
      personalizer.dispose();
    }
    expect(different).toBeGreaterThan(0);
    for (const { code, message } of errors) {
      expect(code).toBe('assignment');
      expect(message).toMatch(/^"hero" has variation [01] in the page, [01] in the core$/);
    }
  });
});

describe('without debug', () => {
  it('nothing is compared', async () => {
    const { personalizer, errors } = await open(shop, { visitorId: 'u-1', wasm: otherHash() });
    for (let i = 0; i < 3; i++) personalizer.experiment('hero');
    expect(personalizer.checks).toEqual([]);
    expect(errors).toEqual([]);
  });
});
