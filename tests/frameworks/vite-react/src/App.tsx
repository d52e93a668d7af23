import { useState } from 'react';
import { useExperiment } from 'vitrine/react';
import { ForYou } from './ForYou';
import { vitrine } from './vitrine';

export function App() {
  const [product, setProduct] = useState<string>();
  const [results, setResults] = useState('');
  const { name } = useExperiment('hero');

  function open(id: string) {
    vitrine.newPage();
    vitrine.track('view_item', { items: [{ item_id: id }] });
    setProduct(id);
  }

  async function search() {
    const { order } = await import('./search');
    setResults((await order(['jug', 'lamp', 'teapot'])).join(' '));
  }

  return (
    <main data-variation={name}>
      <h1>{product ?? 'Shop'}</h1>
      <ForYou key={product} slot={product ? 'product' : 'home'} onOpen={open} />
      <button type="button" onClick={search}>
        Search
      </button>
      <output>{results}</output>
    </main>
  );
}
