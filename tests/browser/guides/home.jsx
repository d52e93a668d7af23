import { useRecommendations, VitrineProvider } from 'vitrine/react';

function Home({ bestsellers }) {
  const { list, trackClick } = useRecommendations('home', { limit: 8, fallback: bestsellers });
  return list.items.map(({ id }) => <Card key={id} id={id} onClick={() => trackClick(id)} />);
}

export const page = (vitrine, ids) => (
  <VitrineProvider vitrine={vitrine}>
    <Home bestsellers={ids} />
  </VitrineProvider>
);
