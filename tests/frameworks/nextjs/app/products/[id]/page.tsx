import { ForYou } from '../../for_you';
import { Viewed } from '../../viewed';

export default async function Product({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <main>
      <h1>{id}</h1>
      <Viewed id={id} />
      <ForYou slot="product" bestsellers={['jug', 'lamp', 'mug-red']} />
    </main>
  );
}
