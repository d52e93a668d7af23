import { ForYou } from './for_you';
import { Search } from './search';

export default function Home() {
  const bestsellers = ['jug', 'lamp', 'mug-red']; // from the shop's own database
  return (
    <main>
      <h1>Shop</h1>
      <ForYou slot="home" bestsellers={bestsellers} />
      <Search />
    </main>
  );
}
