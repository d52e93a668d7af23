import { slug } from '../catalogue.js';
import { find, html, render } from '../html.js';
import type { Shop } from '../shop.js';
import { icons } from './icons.js';

/**
 * Adds the top of every page: name, departments, search, cart. Calls `search` while the visitor
 * types. Returns a function that marks the current page.
 */
export function mountHeader(shop: Shop, search: (words: string) => void): (url: URL) => void {
  const header = find(document, '#header');
  render(
    header,
    html`
      <div class="header-in">
        <a class="logo" href="/">Fennimore</a>
        <nav class="departments" aria-label="Departments">
          ${shop.catalogue.departments.map(({ name }) => html`<a href="/shop/${slug(name)}">${name}</a>`)}
        </nav>
        <form class="search" role="search" action="/search">
          ${icons.search}
          <input type="search" name="q" aria-label="Search the shop" placeholder="Search" autocomplete="off" spellcheck="false" maxlength="80" />
        </form>
        <a class="cart-link" href="/cart">${icons.bag}<span class="cart-word">Cart</span> <span class="count" data-count></span></a>
      </div>
    `,
  );
  const input = find<HTMLInputElement>(header, 'input');
  input.addEventListener('input', () => search(input.value));
  find(header, 'form').addEventListener('submit', (event) => {
    event.preventDefault();
    search(input.value);
  });
  const count = (): void => {
    const { pieces } = shop.cart;
    const badge = find(header, '[data-count]');
    badge.textContent = pieces > 0 ? String(pieces) : '';
    find(header, '.cart-link').setAttribute(
      'aria-label',
      `Cart, ${pieces} ${pieces === 1 ? 'piece' : 'pieces'}`,
    );
  };
  shop.cart.addEventListener('change', count);
  count();

  return (url) => {
    for (const link of header.querySelectorAll('a')) {
      const here =
        link.pathname === '/' ? url.pathname === '/' : url.pathname.startsWith(link.pathname);
      if (here) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    if (document.activeElement !== input)
      input.value = url.pathname === '/search' ? (url.searchParams.get('q') ?? '') : '';
  };
}
