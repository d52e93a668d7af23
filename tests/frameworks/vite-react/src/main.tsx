import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { VitrineProvider } from 'vitrine/react';
import { App } from './App';
import { vitrine } from './vitrine';

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <VitrineProvider vitrine={vitrine}>
      <App />
    </VitrineProvider>
  </StrictMode>,
);
