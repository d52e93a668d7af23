import { createVitrine } from 'vitrine';

export const vitrine = createVitrine({
  manifest: '/vitrine/manifest.json',
  visitorId: 'visitor-1',
});
