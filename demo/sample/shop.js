// The page that `npx vitrine demo` serves: all that a shop needs, in one file without a framework.
import { createVitrine } from '../index.browser.js';
import { bundle, items } from '../sample.js';
import { drawPicture } from './pictures.js';

const ids = Object.keys(items);
const vitrine = createVitrine({
  bundle,
  slots: {
    home: { limit: 6, fallback: ids },
    similar: { limit: 6, dedupe: false },
  },
});

const $ = (id) => document.getElementById(id);
const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });
let open; // the id of the product that is shown

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

/** An image that the page draws, as a shop without pictures has none. */
function picture(id) {
  const { title, category, material, color } = items[id];
  const [, type] = category.split('/');
  const svg = drawPicture({ id, type, title, material, colorHex: color });
  const image = make('img', '');
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  image.alt = '';
  return image;
}

/** Says in words where the largest part of a score comes from. */
function because({ reasons = [] }) {
  const reason = reasons.find(({ kind }) => kind !== 'other');
  if (!reason) return '';
  const source = items[reason.item]?.title;
  return {
    session: `often opened after ${source}`,
    embedding: `shoppers treat it like ${source}`,
    neighbours: `in visits that had ${source}`,
    popularity: 'seen often recently',
    trending: 'rising now',
  }[reason.kind];
}

function show(list, entries) {
  list.replaceChildren(
    ...entries.map((entry) => {
      const { title, brand, price } = items[entry.id];
      const button = make(
        'button',
        'card',
        picture(entry.id),
        make('strong', '', title),
        make('span', '', `${brand}, ${money.format(price)}`),
        make('small', '', because(entry)),
      );
      button.type = 'button';
      button.addEventListener('click', () => view(entry.id));
      return make('li', '', button);
    }),
  );
}

function render() {
  const begin = performance.now();
  const category = $('category').value;
  const home = vitrine.slot('home');
  const similar = open && vitrine.slot('similar', { item: open });
  const all = vitrine.rerank(ids.filter((id) => items[id].category.startsWith(category)));
  const time = performance.now() - begin;

  $('home-heading').textContent = vitrine.history.length > 0 ? 'For you' : 'Popular now';
  $('forget').hidden = vitrine.history.length === 0;
  show($('home'), home.items);
  show($('all'), all.slice(0, 60));
  if (similar) show($('similar'), similar.items);
  $('time').textContent = `${time.toFixed(1)} ms`;
  $('events').textContent = String(vitrine.history.length);
}

function view(id) {
  open = id;
  const { title, category, brand, price } = items[id];
  vitrine.track('view_item', { items: [{ item_id: id }] });
  $('product').hidden = false;
  $('picture').replaceChildren(picture(id));
  $('product-heading').textContent = title;
  $('details').textContent = `${category} · ${brand} · ${money.format(price)}`;
  $('product-heading').focus({ preventScroll: true });
  render();
  scrollTo({ top: 0, behavior: 'smooth' });
}

for (const category of [...new Set(ids.map((id) => items[id].category))].sort()) {
  $('category').append(new Option(category, category));
}
$('category').addEventListener('change', render);
$('add').addEventListener('click', () => {
  vitrine.track('add_to_cart', { items: [{ item_id: open }] });
  render();
});
$('forget').addEventListener('click', async () => {
  await vitrine.erase();
  open = undefined;
  $('product').hidden = true;
  render();
});

render();
await vitrine.ready;
render();
// The pictures are data: addresses, which load nothing.
const loaded = ({ name }) => !name.startsWith('data:');
let requests = 0;
new PerformanceObserver((list) => {
  requests += list.getEntries().filter(loaded).length;
  $('requests').textContent = String(requests);
}).observe({ type: 'resource' });
