'use client';

import { useState } from 'react';
import { createWorkerPersonalizer, type WorkerPersonalizer } from 'vitrine/worker';

let personalizer: Promise<WorkerPersonalizer> | undefined;

export function Search() {
  const [results, setResults] = useState('');
  async function search() {
    personalizer ??= createWorkerPersonalizer({ bundle: '/vitrine/shop.vitrine' });
    const list = await (await personalizer).rerank(['jug', 'lamp', 'teapot']);
    setResults(list.map(({ id }) => id).join(' '));
  }
  return (
    <>
      <button type="button" onClick={search}>
        Search
      </button>
      <output>{results}</output>
    </>
  );
}
