'use client';

import type { ReactNode } from 'react';
import { createVitrine } from 'vitrine';
import { VitrineProvider } from 'vitrine/react';

const vitrine =
  typeof window === 'undefined'
    ? undefined
    : createVitrine({ manifest: '/vitrine/manifest.json', visitorId: 'visitor-1' });

export function Personalization({ children }: { children: ReactNode }) {
  return <VitrineProvider vitrine={vitrine}>{children}</VitrineProvider>;
}
