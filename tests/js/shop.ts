// The small shop of the unit tests, with the real wasm.
import { readFileSync } from 'node:fs';
import type { VitrineError } from '../../js/src/error.ts';
import { createPersonalizer } from '../../js/src/ranking/create_personalizer.ts';
import type { Personalizer, PersonalizerOptions } from '../../js/src/ranking/types.ts';
import { type TestBundle, writeBundle } from './bundle_writer.ts';

export const wasm = new WebAssembly.Module(
  readFileSync(new URL('../../js/dist/vitrine.wasm', import.meta.url)),
);

/** Eight items in three categories, most popular first. Only the mugs have session rows. */
export const shop: TestBundle = {
  items: [
    {
      id: 'mug-blue',
      popularity: 1,
      category: 'Kitchen/Mugs',
      brand: 'Aster',
      price: 12,
      next: { 'mug-red': 0.8, teapot: 0.4 },
    },
    {
      id: 'mug-red',
      popularity: 0.8,
      category: 'Kitchen/Mugs',
      brand: 'Birch',
      price: 14,
      next: { 'mug-blue': 0.5, teapot: 0.9 },
    },
    { id: 'teapot', popularity: 0.6, category: 'Kitchen', brand: 'Aster', price: 40 },
    { id: 'oak-stool', popularity: 0.5, category: 'Furniture', brand: 'Birch', price: 90 },
    { id: 'oak-table', popularity: 0.4, category: 'Furniture', price: 300 },
    { id: 'sold-out-vase', popularity: 0.3, category: 'Kitchen', price: 25, available: false },
    { id: 'gift, "card" 🎁', popularity: 0.2 },
    { id: 'ébène', popularity: 0.1, category: 'Furniture/Été', price: 60 },
  ],
  metadata: '{"trained_on": "a test", "items": 8}',
  experiments: JSON.stringify({
    experiments: [
      { key: 'hero', variations: ['control', 'bold'], seed: null },
      { key: 'nobody', variations: ['control', 'b'], coverage: 0 },
    ],
  }),
};

export const available = shop.items.filter((item) => item.available !== false).map(({ id }) => id);

export interface Opened {
  personalizer: Personalizer;
  errors: VitrineError[];
}

export async function open(
  bundle: TestBundle = shop,
  options: Partial<PersonalizerOptions> = {},
): Promise<Opened> {
  const errors: VitrineError[] = [];
  const personalizer = await createPersonalizer({
    bundle: writeBundle(bundle),
    wasm,
    onError: (error) => errors.push(error),
    ...options,
  });
  return { personalizer, errors };
}

export const ids = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);
