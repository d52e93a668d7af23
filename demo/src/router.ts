import { find, render } from './html.js';
import type { Page } from './shop.js';

export type Resolve = (url: URL) => Page;

/** Real addresses without reloads: links, back and forward, scroll position, focus and title. */
export class Router {
  readonly #main: HTMLElement;
  #leaving = new AbortController();

  constructor(
    readonly resolve: Resolve,
    readonly onShow: (url: URL) => void,
  ) {
    this.#main = find(document, '#main');
    history.scrollRestoration = 'manual';
    document.addEventListener('click', (event) => this.#follow(event));
    addEventListener('popstate', () => this.#show(true));
    addEventListener('scrollend', () => this.#keepScroll());
    this.#show(true);
  }

  /** Goes to `address`; `replace`: without a new step for the back button; `quiet`: the focus stays where it is. */
  go(address: string, { replace = false, quiet = false } = {}): void {
    if (replace) history.replaceState({ y: 0 }, '', address);
    else {
      this.#keepScroll();
      history.pushState({ y: 0 }, '', address);
    }
    this.#show(quiet || replace);
  }

  #keepScroll(): void {
    history.replaceState({ y: scrollY }, '');
  }

  #follow(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.target !== '' || link.origin !== location.origin || link.hash !== '')
      return;
    event.preventDefault();
    this.go(link.href);
  }

  #show(quiet: boolean): void {
    this.#leaving.abort();
    this.#leaving = new AbortController();
    const url = new URL(location.href);
    const page = this.resolve(url);
    document.title = page.title;
    render(this.#main, page.content);
    this.onShow(url);
    page.mount?.(this.#main, this.#leaving.signal);
    const y: unknown = history.state?.y;
    scrollTo({ top: typeof y === 'number' ? y : 0, behavior: 'instant' });
    if (quiet) return;
    this.#main.focus({ preventScroll: true });
    find(document, '#announce').textContent = page.title;
  }
}
