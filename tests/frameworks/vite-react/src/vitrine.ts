import { createVitrine } from 'vitrine';

export const vitrine = createVitrine({
  manifest: '/vitrine/manifest.json',
  unit: 'visitor-1',
});
