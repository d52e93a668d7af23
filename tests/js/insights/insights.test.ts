import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { VitrineError } from '../../../js/src/error.ts';
import { assign } from '../../../js/src/experiments/assign.ts';
import { createInsights, type Insights } from '../../../js/src/insights/index.ts';
import { writeBundle } from '../bundle_writer.ts';
import { shop } from '../shop.ts';

const file = (path: string) => new URL(`../../../${path}`, import.meta.url);
const wasm = readFileSync(file('build/wasm/insights.wasm'));

let insights: Insights;
beforeAll(async () => {
  insights = await createInsights({ wasm });
});

function error(call: () => unknown): VitrineError {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof VitrineError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

it('is compiled against the types that the linker wrote', () => {
  const committed = readFileSync(file('js/src/insights/insights_module.d.ts'), 'utf8');
  expect(committed, 'copy build/wasm/insights.d.ts over js/src/insights/insights_module.d.ts').toBe(
    readFileSync(file('build/wasm/insights.d.ts'), 'utf8'),
  );
});

describe('a bundle', () => {
  it('tells what is in it', () => {
    const bundle = insights.openBundle(writeBundle(shop));
    expect(bundle.info).toMatchObject({ items: 8, brands: 2, version: 1 });
    expect(bundle.info.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(bundle.sections.map(({ name }) => name)).toContain('session rows');
    expect(bundle.metadata).toEqual({ trained_on: 'a test', items: 8 });
    expect(bundle.mostPopular(2)).toEqual(['mug-blue', 'mug-red']);
    expect(bundle.settings).toMatchObject({ recommend: { popularity: expect.any(Number) } });
    bundle.verify();
    bundle.dispose();
  });

  it('describes an item by its id or number', () => {
    const bundle = insights.openBundle(writeBundle(shop));
    const mug = bundle.describe('mug-blue');
    expect(mug).toMatchObject({
      id: 'mug-blue',
      category: 'Kitchen/Mugs',
      brand: 'Aster',
      price: 12,
      available: true,
      popularity: 1,
    });
    expect(mug?.next.map(({ id }) => id)).toEqual(['mug-red', 'teapot']);
    expect(bundle.describe(bundle.find('ébène') as number)?.id).toBe('ébène');
    expect(bundle.describe('gift, "card" 🎁')).not.toHaveProperty('price');
    expect(bundle.describe('sold-out-vase')?.available).toBe(false);
    expect(bundle.describe('unknown')).toBeUndefined();
    expect(bundle.describe(8)).toBeUndefined();
    bundle.dispose();
  });

  it('is refused with the status of the core when it is damaged', () => {
    const bytes = writeBundle(shop);
    expect(error(() => insights.openBundle(bytes.subarray(0, 100)))).toMatchObject({
      code: 'bundle',
      status: 'truncated',
    });
    bytes[200] = (bytes[200] as number) ^ 1;
    expect(error(() => insights.openBundle(bytes)).status).toBe('hash-mismatch');
  });

  it('is measured on sessions by the ranks of their next items', () => {
    const bundle = insights.openBundle(writeBundle(shop));
    const found = bundle.evaluate(
      [['mug-blue', 'mug-red'], ['mug-blue', 'nowhere'], ['teapot']],
      1,
    );
    expect(found).toMatchObject({ predictions: 2, unknownTargets: 1 });
    expect(found.hitRate.mean).toBe(0.5);
    expect(found.mrr.mean).toBe(0.5);
    expect(found.hitRate.interval.low).toBeLessThan(0.5);
    expect(found.coverage).toBe(1 / 8);
    bundle.dispose();
    expect(error(() => bundle.info).code).toBe('disposed');
  });
});

describe('an explanation', () => {
  const experiment = {
    key: 'blend',
    variations: ['a', 'b'],
    hashVersion: 2,
    coverage: 0.8,
    condition: { country: { $in: ['DE'] }, email: { $regex: '@shop\\.' } },
  } as const;
  const attributes = { id: 'é-7', country: 'DE', email: 'x@shop.de' };

  it('comes to what the page assigns, and shows the draw', () => {
    const explained = insights.explain([experiment], 'blend', { attributes });
    const assigned = assign(experiment as never, 'é-7', { attributes } as never);
    expect(explained.variation).toBe(assigned.variation ?? -1);
    expect(explained.reason).toBe(assigned.reason);
    expect(explained.checks.at(-1)).toEqual({ reason: explained.reason, decides: true });
    expect(explained.draws[0]).toMatchObject({
      name: 'variation',
      seed: 'blend',
      ranges: [
        [0, 0.4],
        [0.5, 0.9],
      ],
      range: explained.variation,
    });
  });

  it('shows the field of the condition that does not hold', () => {
    const explained = insights.explain([experiment], 'blend', {
      attributes: { ...attributes, country: 'FR' },
    });
    expect(explained).toMatchObject({ variation: -1, reason: 'condition', draws: [] });
    expect(explained.requirements).toEqual([
      { name: 'country', wanted: { $in: ['DE'] }, found: 'FR', fulfilled: false },
      { name: 'email', wanted: { $regex: '@shop\\.' }, found: 'x@shop.de', fulfilled: true },
    ]);
  });

  it('answers the shared cases as command and page do', () => {
    const shared = JSON.parse(readFileSync(file('tests/conformance/assignments.json'), 'utf8'));
    for (const { attributes, expected } of shared.cases) {
      shared.experiments.forEach(({ key }: { key: string }, index: number) => {
        const { variation, reason } = insights.explain(shared.experiments, key, {
          attributes,
          now: shared.now,
        });
        expect([variation, reason]).toEqual(expected[index]);
      });
    }
  });

  it('names the field of a definition that a page would refuse', () => {
    expect(error(() => insights.explain([{ key: 'a', variations: [1] }], 'a')).message).toBe(
      '"experiments[0].variations" must be a list of at least two, not [1].',
    );
    expect(error(() => insights.explain([experiment], 'other')).code).toBe('usage');
  });
});

describe('statistics', () => {
  const path = file('../shared/stats/computed.json');
  const rows = existsSync(path)
    ? JSON.parse(readFileSync(path, 'utf8').replaceAll('Infinity', '1e308'))
    : undefined;
  if (!rows) console.warn(`no ${path.pathname}: the computed answers are not compared`);
  const near = (got: number, wanted: number, scale = Math.abs(wanted)) =>
    // 0 stands for what fifty digits cannot hold.
    expect(Math.abs(got - wanted)).toBeLessThanOrEqual(scale === 0 ? 1e-50 : 1e-9 * scale);
  // biome-ignore lint/suspicious/noExplicitAny: rows of a file
  type Row = any;
  const arm = (given: Row) =>
    given.type === 'proportion'
      ? { units: given.n, conversions: given.sum }
      : {
          units: given.n,
          mean: given.sum / given.n,
          variance: (given.sum_squares - given.sum ** 2 / given.n) / (given.n - 1),
        };

  it.skipIf(!rows)('compare arms as fifty digits do', () => {
    for (const row of rows.welch_t as Row[]) {
      const found = insights.compare(arm(row.a), arm(row.b), { relative: row.relative });
      near(found.estimate, row.expected.estimate);
      near(found.standardError, row.expected.se);
      near(found.p, row.expected.p_two);
      const [low, high] = row.expected.ci;
      near(found.interval.low, low, high - low);
      near(found.interval.high, high, high - low);
    }
    for (const row of rows.beta_binomial as Row[]) {
      const found = insights.compareRates(
        { units: row.n1, conversions: row.x1 },
        { units: row.n2, conversions: row.x2 },
        row.prior,
      );
      near(found.chanceToWin, row.expected.p_2_greater);
      near(found.lossOfTreatment, row.expected.loss_choose_2);
    }
  });

  it.skipIf(!rows)('test at any look, and give posteriors, as fifty digits do', () => {
    for (const row of rows.sequential_waudby_smith as Row[]) {
      const { relative, tuning, alpha, expected } = row;
      const { always } = insights.compare(arm(row.a), arm(row.b), { relative, tuning, alpha });
      if (always.interval === null) continue; // too few units, which the rows do not look at
      const [low, high] = expected.ci;
      near(always.p, expected.p);
      near(always.interval.low, low, high - low);
      near(always.interval.high, high, high - low);
    }
    for (const row of rows.bayes_gaussian_effect as Row[]) {
      const { relative, prior, expected } = row;
      const { posterior } = insights.compare(arm(row.a), arm(row.b), { relative, prior });
      near(posterior.mean, expected.mean);
      near(posterior.sd, expected.sd);
      near(posterior.chanceToWin, expected.chance_to_win);
      near(posterior.lossOfControl, expected.risk_ctrl);
      near(posterior.lossOfTreatment, expected.risk_trt);
    }
  });

  it.skipIf(!rows)('adjust p-values and check sample ratios as fifty digits do', () => {
    for (const row of rows.multiple_comparison as Row[]) {
      insights.adjust(row.p, 'holm').map((p, i) => near(p, row.holm[i]));
      insights
        .adjust(row.p, 'benjamini-hochberg')
        .map((p, i) => near(p, row.benjamini_hochberg[i]));
    }
    for (const row of rows.srm_chi2 as Row[]) {
      const found = insights.sampleRatio(row.observed, row.weights);
      near(found.chiSquared, row.expected.chi2);
      near(found.p, row.expected.p);
    }
  });

  it('plan an experiment so that it has the power that was asked for', () => {
    const plan = { rate: 0.03, power: 0.9 };
    const units = insights.unitsPerArm(plan, 0.1);
    near(insights.power(plan, 0.1, units), 0.9);
    near(insights.smallestLift(plan, units), 0.1);
    expect(insights.unitsPerArm({ ...plan, tuning: 50_000 }, 0.1)).toBeGreaterThan(units);
  });

  it('have no interval for any look before both arms have enough units', () => {
    const few = { units: 100, conversions: 12 };
    const { always, interval } = insights.compare({ units: 100, conversions: 10 }, few);
    expect(always).toEqual({ p: 1, interval: null });
    expect(interval.low).toBeLessThan(interval.high);
    const many = insights.compare({ units: 900, conversions: 90 }, { units: 900, conversions: 99 });
    expect(many.always.interval?.low).toBeLessThan(many.interval.low);
  });

  it('name why arms cannot be compared', () => {
    const { code, message } = error(() =>
      insights.compare({ units: 100, conversions: 0 }, { units: 100, conversions: 3 }),
    );
    expect([code, message]).toEqual(['usage', 'the arms cannot be compared: zero-variance']);
  });

  it('say how likely each of several arms is to be the best', () => {
    const shapes: [number, number][] = [
      [1, 1],
      [2, 1],
      [1, 1],
    ];
    const chances = insights.chancesToBeBest(shapes);
    near(
      chances.reduce((sum, chance) => sum + chance, 0),
      1,
    );
    expect(chances[1]).toBeCloseTo(0.5, 12);
  });
});

it('answers nothing after dispose', async () => {
  const own = await createInsights({ wasm });
  own.dispose();
  expect(error(() => own.power({ rate: 0.1 }, 0.1, 100)).code).toBe('disposed');
});

it('rejects with the code of what went wrong', async () => {
  await expect(createInsights({ wasm: new Uint8Array(8) })).rejects.toMatchObject({ code: 'wasm' });
});
