import { announce } from './announce.js';
import { find, render } from './html.js';
import type { Page } from './shop.js';

export type Resolve = (url: URL) => Page | Promise<Page>;

/**
 * Navigates with real addresses and without reloads. It handles links, back and forward, scroll
 * position, focus and title. The current page stays until the next one is ready.
 */
export class Router {
  readonly #main: HTMLElement;
  #leaving = new AbortController();
  #wanted: URL | undefined;

  constructor(
    readonly resolve: Resolve,
    readonly onShow: (url: URL) => void,
  ) {
    this.#main = find(document, '#main');
    history.scrollRestoration = 'manual';
    document.addEventListener('click', (event) => this.#follow(event));
    addEventListener('popstate', () => void this.#show(true));
    addEventListener('scrollend', () => this.#keepScroll());
    void this.#show(true);
  }

  /**
   * Goes to `address`. With `replace` the back button gets no new step; with `quiet` the focus
   * stays where it is.
   */
  go(address: string, { replace = false, quiet = false } = {}): void {
    if (replace) history.replaceState({ y: 0 }, '', address);
    else {
      this.#keepScroll();
      history.pushState({ y: 0 }, '', address);
    }
    void this.#show(quiet || replace);
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

  async #show(quiet: boolean): Promise<void> {
    const url = new URL(location.href);
    const y: unknown = history.state?.y;
    this.#wanted = url;
    this.onShow(url);
    const page = await this.resolve(url);
    // The visitor has gone to another page in the meantime.
    if (this.#wanted !== url) return;
    this.#leaving.abort();
    this.#leaving = new AbortController();
    document.title = page.title;
    render(this.#main, page.content);
    page.mount?.(this.#main, this.#leaving.signal);
    scrollTo({ top: typeof y === 'number' ? y : 0, behavior: 'instant' });
    if (quiet) return;
    this.#main.focus({ preventScroll: true });
    announce(page.title);
  }
}
