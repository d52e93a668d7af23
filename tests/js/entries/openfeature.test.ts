import { expect, it } from 'vitest';
import { VitrineOpenFeatureProvider } from '../../../js/src/entries/openfeature.ts';
import { createVitrine } from '../../../js/src/page/create_vitrine.ts';
import { writeBundle } from '../bundle_writer.ts';
import { shop, wasm } from '../shop.ts';

it('answers for flags with the variations of experiments', async () => {
  const vitrine = createVitrine({ bundle: writeBundle(shop), wasm, visitorId: 'u1' });
  const provider = new VitrineOpenFeatureProvider(vitrine);
  const before = { value: 'own', reason: 'DEFAULT' };
  expect(provider.resolveStringEvaluation('hero', 'own')).toEqual(before);
  await provider.initialize();
  const { variation, name } = vitrine.experiment('hero');
  const told = { variant: name, reason: 'SPLIT' };
  expect(provider.resolveStringEvaluation('hero', 'own')).toEqual({ value: name, ...told });
  expect(provider.resolveNumberEvaluation('hero', 9)).toEqual({ value: variation, ...told });
  expect(provider.resolveBooleanEvaluation('hero', false)).toEqual({
    value: variation > 0,
    ...told,
  });
  expect(provider.resolveObjectEvaluation('hero', {})).toMatchObject({
    value: {},
    reason: 'ERROR',
    errorCode: 'TYPE_MISMATCH',
  });
  expect(provider.resolveStringEvaluation('nobody', 'own')).toEqual(before);
  vitrine.dispose();
});
