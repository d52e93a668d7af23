import type { Recommendation } from 'vitrine';
import { element, find, type Html, html } from '../html.js';
import type { Shop } from '../shop.js';
import { card } from './card.js';

/** Items of a row shown last, by row, so that a page that comes back can move from there to the new order. */
const lastShown = new Map<string, readonly string[]>();

export interface RowOptions {
  readonly name: string;
  /** A function is asked again after every event. */
  readonly heading: string | (() => string);
  readonly note?: string;
  readonly explain?: boolean;
  readonly more?: { readonly href: string; readonly text: string };
  /** The list as it is now; asked again after every event. */
  readonly list: () => readonly Recommendation[];
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** A shelf of products. */
export class Row {
  #shown = '';

  constructor(
    readonly shop: Shop,
    readonly options: RowOptions,
  ) {}

  html(): Html {
    const { name, heading, note, more } = this.options;
    return html`
      <section class="row" data-row="${name}" aria-labelledby="row-${name}">
        <div class="row-head">
          <h2 id="row-${name}">${typeof heading === 'string' ? heading : heading()}</h2>
          ${note !== undefined && html`<p>${note}</p>`}
          ${more !== undefined && html`<a class="more" href="${more.href}">${more.text}</a>`}
        </div>
        <ul class="cards shelf"></ul>
      </section>
    `;
  }

  /** Fills the row inside `root` and keeps it up to date until `signal` aborts. */
  mount(root: ParentNode, signal: AbortSignal): void {
    const section = find(root, `[data-row="${this.options.name}"]`);
    const shelf = find(section, '.cards');
    const known = lastShown.get(this.options.name) ?? [];
    const list = this.options.list();
    const moved = known.length > 0 && known.join() !== list.map(({ id }) => id).join();
    if (moved)
      this.#fill(
        shelf,
        known.map((id) => list.find((r) => r.id === id) ?? { id, score: 0, reasons: [] }),
      );
    this.#update(section, shelf, moved);
    this.shop.shopper.addEventListener('change', () => this.#update(section, shelf, true), {
      signal,
    });
  }

  #update(section: HTMLElement, shelf: HTMLElement, animate: boolean): void {
    const list = this.options.list();
    section.hidden = list.length === 0;
    const { heading } = this.options;
    if (typeof heading === 'function') find(section, 'h2').textContent = heading();
    lastShown.set(
      this.options.name,
      list.map(({ id }) => id),
    );
    const state = JSON.stringify(list.map(({ id, reasons }) => [id, reasons]));
    if (state === this.#shown) return;
    this.#shown = state;
    if (animate && !calm.matches) this.#move(shelf, list);
    else this.#fill(shelf, list);
  }

  #cards(list: readonly Recommendation[]): HTMLElement[] {
    return list.flatMap(({ id, reasons }) => {
      const item = this.shop.catalogue.get(id);
      if (item === undefined) return [];
      return [
        element(
          card(this.shop, item, { reasons: this.options.explain === true ? reasons : undefined }),
        ),
      ];
    });
  }

  #fill(shelf: HTMLElement, list: readonly Recommendation[]): void {
    shelf.replaceChildren(...this.#cards(list));
  }

  /** Cards that stay slide to their new place, new ones rise. */
  #move(shelf: HTMLElement, list: readonly Recommendation[]): void {
    const active = shelf.contains(document.activeElement) ? document.activeElement : null;
    const focused = active?.closest<HTMLElement>('.card')?.dataset['id'];
    const act = active?.getAttribute('data-act') ?? '';
    const before = new Map(
      [...shelf.children].map((old) => [
        (old as HTMLElement).dataset['id'],
        old.getBoundingClientRect(),
      ]),
    );
    this.#fill(shelf, list);
    const timing = { duration: 420, easing: 'cubic-bezier(.2,.7,.2,1)' };
    for (const [i, next] of [...shelf.children].entries()) {
      const id = (next as HTMLElement).dataset['id'];
      const from = before.get(id);
      const to = next.getBoundingClientRect();
      if (from === undefined) {
        const rise = [
          { opacity: 0, transform: 'translateY(14px) scale(.97)' },
          { opacity: 1, transform: 'none' },
        ];
        next.animate(rise, { ...timing, delay: i * 24, fill: 'backwards' });
      } else if (from.left !== to.left || from.top !== to.top) {
        next.animate(
          [
            { transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` },
            { transform: 'none' },
          ],
          timing,
        );
      }
      // A button that was pressed by keyboard keeps the focus where its card went.
      if (focused !== undefined && id === focused) {
        next
          .querySelector<HTMLElement>(act === '' ? 'a' : `[data-act="${act}"]`)
          ?.focus({ preventScroll: true });
      }
    }
  }
}

/** A shelf that starts afresh, as after "Forget me". */
export const forgetRows = (): void => lastShown.clear();
