import type { ReactNode } from 'react';
import { Personalization } from './personalization';

export const metadata = { title: 'Shop', icons: 'data:,' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Personalization>{children}</Personalization>
      </body>
    </html>
  );
}
