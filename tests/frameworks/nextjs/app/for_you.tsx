'use client';

import Link from 'next/link';
import { useExperiment, useRecommendations, useVitrine } from 'vitrine/react';

export function ForYou({ slot, bestsellers }: { slot: string; bestsellers: string[] }) {
  const vitrine = useVitrine();
  const { list, trackClick } = useRecommendations(slot, { limit: 3, fallback: bestsellers });
  const { name } = useExperiment('hero');
  const open = (id: string) => {
    trackClick(id);
    vitrine?.newPage();
  };
  return (
    <ul aria-label="For you" data-variation={name}>
      {list.items.map(({ id }) => (
        <li key={id}>
          <Link href={`/products/${id}`} prefetch={false} onClick={() => open(id)}>
            {id}
          </Link>
        </li>
      ))}
    </ul>
  );
}
