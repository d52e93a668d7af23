'use client';

import { useEffect } from 'react';
import { useVitrine } from 'vitrine/react';

export function Viewed({ id }: { id: string }) {
  const vitrine = useVitrine();
  useEffect(() => {
    vitrine?.track('view_item', { items: [{ item_id: id }] });
  }, [vitrine, id]);
  return null;
}
