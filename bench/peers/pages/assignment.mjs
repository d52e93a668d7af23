// In the page or in Node: which variation a visitor gets, by ours and by the usual libraries.
import { attributes, nanoseconds, plain, targeted, units } from '../../assignment.mjs';
import { place, sorted } from '../measure.mjs';

/** 32-bit FNV-1a over the code units of a text. */
function fnv(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
/** The place of a visitor in [0, 1) by two hashes, GrowthBook's version 2. */
const fnvBucket = (unit) => (fnv(`${fnv(`hero${unit}`)}`) % 10_000) / 10_000;

/** Each gives `assign(unit)`, which returns 0 for the control. All decide in the page, from two halves. */
const contenders = {
  'bare FNV hashes': async () => (unit) => (fnvBucket(unit) < 0.5 ? 0 : 1),
  async 'vitrine/experiments'() {
    const { assign } = await import(place('/sdk/experiments.js'));
    return (unit) => assign(plain, unit).variation;
  },
  async 'vitrine/experiments, aimed'() {
    const { assign } = await import(place('/sdk/experiments.js'));
    return (unit) => assign(targeted, unit, { attributes }).variation;
  },
  async growthbook() {
    const { GrowthBookClient } = await import('@growthbook/growthbook');
    const client = new GrowthBookClient({});
    const experiment = { key: 'hero', variations: ['control', 'b'], hashVersion: 2 };
    return (unit) =>
      client.runInlineExperiment(experiment, { attributes: { id: unit } }).variationId;
  },
  async 'statsig, on device'() {
    const { StatsigOnDeviceEvalClient } = await import('@statsig/js-on-device-eval-client');
    const options = {
      loggingEnabled: 'disabled',
      networkConfig: { preventAllNetworkTraffic: true },
    };
    const client = new StatsigOnDeviceEvalClient('client-bench', options);
    client.dataAdapter.setData(JSON.stringify(statsigSpecs));
    client.initializeSync();
    return (userID) => {
      const found = client.getExperiment('hero', { userID }, { disableExposureLog: true });
      return found.value.variation;
    };
  },
  async unleash() {
    const { default: module } = await import('unleash-client/lib/client.js');
    const { defaultStrategies } = await import('unleash-client/lib/strategy/index.js');
    const repository = { getToggle: () => unleashFlag, getSegment: () => undefined };
    const client = new (module.default ?? module)(repository, defaultStrategies);
    return (userId) => Number(client.getVariant('hero', { userId }).name);
  },
  async 'openfeature, in memory'() {
    const { InMemoryProvider, OpenFeature } = await import('@openfeature/web-sdk');
    let visitor = units[0];
    const contextEvaluator = () => (fnvBucket(visitor) < 0.5 ? 'control' : 'b');
    const variants = { control: 0, b: 1 };
    const hero = { variants, defaultVariant: 'control', disabled: false, contextEvaluator };
    await OpenFeature.setProviderAndWait(new InMemoryProvider({ hero }));
    const client = OpenFeature.getClient();
    return (unit) => {
      visitor = unit; // the context of this SDK belongs to the page, and changing it is asynchronous
      return client.getNumberValue('hero', -1);
    };
  },
};

const half = (variation, from) => ({
  name: `group ${variation}`,
  groupName: `group ${variation}`,
  id: `group-${variation}`,
  salt: '',
  passPercentage: 100,
  idType: 'userID',
  isExperimentGroup: true,
  returnValue: { variation },
  conditions: [
    {
      type: 'user_bucket',
      targetValue: from + 500,
      operator: 'lt',
      field: null,
      additionalValues: { salt: 'hero' },
      isDeviceBased: false,
      idType: 'userID',
    },
  ],
});
const statsigSpecs = {
  has_updates: true,
  time: 1,
  feature_gates: [],
  layer_configs: [],
  dynamic_configs: [
    {
      name: 'hero',
      type: 'dynamic_config',
      entity: 'experiment',
      salt: 'hero',
      enabled: true,
      isActive: true,
      idType: 'userID',
      defaultValue: {},
      rules: [half(0, 0), half(1, 500)],
    },
  ],
};
const unleashFlag = {
  name: 'hero',
  enabled: true,
  strategies: [{ name: 'default', parameters: {}, constraints: [] }],
  variants: ['0', '1'].map((name) => ({
    name,
    weight: 500,
    weightType: 'fix',
    stickiness: 'userId',
  })),
};

export async function assignments({ rounds = 100 } = {}) {
  const rows = [];
  const skipped = {};
  for (const [name, load] of Object.entries(contenders)) {
    try {
      const assign = await load();
      const inTest = units.filter((unit) => assign(unit) === 1).length;
      const inControl = units.filter((unit) => assign(unit) === 0).length;
      if (inTest + inControl !== units.length || inTest < 350 || inTest > 900) {
        throw new Error(
          `gives ${inControl} the control and ${inTest} the other, of ${units.length}`,
        );
      }
      rows.push({ name, assign, times: [] });
    } catch (error) {
      skipped[name] = String(error?.message ?? error).split('\n')[0];
    }
  }
  let sum = 0; // so that no call is left out as useless
  for (let round = 0; round < rounds; round++) {
    for (const { assign, times } of rows) {
      times.push(
        nanoseconds((unit) => {
          sum += assign(unit);
        }, 2),
      );
    }
  }
  const summary = rows.map(({ name, times }) => {
    const all = sorted(times);
    return { name, best: all[0], median: all[all.length >> 1] };
  });
  return { rows: summary, skipped, sum };
}
