import { createVitrine } from 'vitrine';

const vitrine = createVitrine({ manifest: '/vitrine/manifest.json', visitorId: 'visitor-1' });
const main = document.querySelector('main');
const list = main.querySelector('ul');

function show(slot) {
  const { items } = vitrine.slot(slot, { limit: 3, fallback: ['jug', 'lamp', 'mug-red'] });
  list.replaceChildren(
    ...items.map(({ id }) => {
      const place = document.createElement('li');
      const button = document.createElement('button');
      button.textContent = id;
      button.addEventListener('click', () => open(id));
      place.append(button);
      return place;
    }),
  );
}

function open(id) {
  vitrine.newPage();
  vitrine.track('view_item', { items: [{ item_id: id }] });
  document.querySelector('h1').textContent = id;
  show('product');
}

show('home');
vitrine.ready.then(() => {
  show('home');
  main.dataset.variation = vitrine.experiment('hero').name;
});

document.querySelector('#search').addEventListener('click', async () => {
  const { order } = await import('./search.js');
  document.querySelector('output').textContent = (await order(['jug', 'lamp', 'teapot'])).join(' ');
});
