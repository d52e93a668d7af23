const main = document.querySelector('main');
const places = [...main.querySelectorAll('li')];

function show(live, slot) {
  const fallback = places.map((place) => place.textContent.trim());
  const { items } = live.slot(slot, { limit: places.length, fallback });
  items.forEach(({ id }, i) => {
    places[i].querySelector('button').textContent = id;
  });
}

function open(live, id) {
  live.newPage();
  live.track('view_item', { items: [{ item_id: id }] });
  document.querySelector('h1').textContent = id;
  show(live, 'product');
}

vitrine.push(async (live) => {
  await live.ready;
  show(live, 'home');
  main.dataset.variation = live.experiment('hero').name;
  main.addEventListener('click', ({ target }) => {
    if (target.matches('li button')) open(live, target.textContent);
  });
});
