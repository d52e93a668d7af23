import './style/index.css';
import { Cart } from './cart.js';
import { Catalogue, slug } from './catalogue.js';
import { CatalogueLists } from './catalogue_lists.js';
import { find, html, render } from './html.js';
import { painted } from './idle.js';
import { cartPage } from './pages/cart.js';
import { category } from './pages/category.js';
import { home } from './pages/home.js';
import { notFound } from './pages/not_found.js';
import { product } from './pages/product.js';
import { search } from './pages/search.js';
import { listenForActions } from './parts/actions.js';
import { mountHeader } from './parts/header.js';
import { mountPanel } from './parts/panel.js';
import { hangPictures } from './parts/picture.js';
import { Router } from './router.js';
import { SearchIndex } from './search_index.js';
import type { Page, Shop } from './shop.js';
import { Shopper } from './shopper.js';

function pageFor(shop: Shop, index: SearchIndex, url: URL): Page | Promise<Page> {
  let steps: string[];
  try {
    steps = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return notFound();
  }
  const [first, second = '', third] = steps;
  if (first === undefined) return home(shop);
  if (first === 'cart' && steps.length === 1) return cartPage(shop);
  if (first === 'search' && steps.length === 1)
    return search(shop, index, (url.searchParams.get('q') ?? '').trim());
  if (first === 'item' && steps.length === 2) return product(shop, second);
  const department = first === 'shop' ? shop.catalogue.department(second) : undefined;
  if (department === undefined || steps.length > 3) return notFound();
  if (third === undefined) return category(shop, url, department);
  const type = department.types.find((one) => slug(one) === third);
  return type === undefined ? notFound() : category(shop, url, department, type);
}

function mountFooter(): void {
  render(
    find(document, '#footer'),
    html`
      <div class="footer-in">
        <p><b>Fennimore</b> is a made-up shop with made-up things, drawn by code.</p>
        <p>Your clicks are ranked in this tab by Vitrine and leave it for nowhere. <span class="offline">It works without a network now.</span></p>
      </div>
    `,
  );
}

/** Stores the whole shop in a cache, for use without a network. */
async function keepForOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register('/service-worker.js');
  await navigator.serviceWorker.ready;
  document.documentElement.dataset['offline'] = 'ready';
}

async function start(): Promise<void> {
  const catalogue = await Catalogue.load();
  const shopper = new Shopper(new CatalogueLists(catalogue));
  const shop: Shop = { catalogue, shopper, cart: new Cart(catalogue) };
  const index = new SearchIndex(catalogue);
  listenForActions(shop);
  hangPictures(catalogue);
  mountFooter();
  const mark = mountHeader(shop, (words) => {
    const there = location.pathname === '/search';
    router.go(`/search?q=${encodeURIComponent(words)}`, { replace: there, quiet: true });
  });
  const router = new Router((url) => pageFor(shop, index, url), mark);
  mountPanel(shop, () => router.go(location.href, { replace: true }));
  // The shop is visible. The model is loaded after that.
  await painted();
  await shopper.open();
  document.documentElement.dataset['ranking'] = shopper.problem === undefined ? 'on' : 'off';
  keepForOffline().catch((error: unknown) => console.warn('Offline use is off:', error));
}

start().catch((error: unknown) => {
  const line = error instanceof Error ? error.message : String(error);
  render(
    find(document, '#main'),
    html`<section class="empty"><h1>The shop could not open</h1><p>${line}</p><p><a class="button" href="/">Try again</a></p></section>`,
  );
});
