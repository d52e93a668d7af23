import { useRecommendations } from 'vitrine/react';

const bestsellers = ['jug', 'lamp', 'mug-red']; // the shop's own order

export function ForYou({ slot, onOpen }: { slot: string; onOpen: (id: string) => void }) {
  const { list, trackClick } = useRecommendations(slot, { limit: 3, fallback: bestsellers });
  const open = (id: string) => {
    trackClick(id);
    onOpen(id);
  };
  return (
    <ul aria-label="For you">
      {list.items.map(({ id }) => (
        <li key={id}>
          <button type="button" onClick={() => open(id)}>
            {id}
          </button>
        </li>
      ))}
    </ul>
  );
}
