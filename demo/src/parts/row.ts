import type { List, Lists } from '../catalogue_lists.js';
import { find, type Html, html } from '../html.js';
import { idle, whenIdle } from '../idle.js';
import { isDrawn, prepared } from '../pictures/index.js';
import type { Shop } from '../shop.js';
import { card, renderCards } from './card.js';

/**
 * The list that each row showed last. A page that is opened again starts with it and moves to the
 * new order.
 */
const lastShown = new Map<string, List>();

export interface RowOptions {
  readonly name: string;
  readonly heading: string;
  readonly note?: string;
  readonly explain?: boolean;
  /** Returns the list to show; undefined hides the row. It is called again after every event. */
  readonly list: <Answer>(lists: Lists<Answer>) => Answer | undefined;
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** A row of products. */
export class Row {
  #list: List = [];
  /** The list to show next. */
  #wanted: Promise<List> | undefined;

  constructor(
    readonly shop: Shop,
    readonly options: RowOptions,
  ) {}

  /** The ids that the row shows. */
  get ids(): string[] {
    return this.#list.map(({ id }) => id);
  }

  html(): Html {
    const { name, heading, note, explain } = this.options;
    return html`
      <section class="row" data-row="${name}" aria-labelledby="row-${name}">
        <div class="row-head">
          <h2 id="row-${name}">${heading}</h2>
          ${note !== undefined && html`<p>${note}</p>`}
        </div>
        <ul class="cards shelf ${explain && 'explained'}"></ul>
      </section>
    `;
  }

  /**
   * Fills the row inside `root` and keeps it up to date until `signal` aborts. Drawing a page must
   * not wait for ranking. So the row shows its last list, or the shop's own order, and is ranked
   * when it is in view and the browser is idle.
   */
  mount(root: ParentNode, signal: AbortSignal): void {
    const section = find(root, `[data-row="${this.options.name}"]`);
    const shelf = find(section, '.cards');
    const known = lastShown.get(this.options.name);
    this.#fill(section, shelf, known ?? this.options.list(this.shop.shopper.fallback) ?? []);
    let stale = true;
    let near = false;
    let animate = known !== undefined;
    const follow = (): void => {
      if (!stale || !(near || section.hidden)) return;
      stale = false;
      this.#wanted = undefined; // the list that was requested is out of date too
      section.ariaBusy = 'true';
      whenIdle(() => this.#update(section, shelf, animate, signal), signal);
    };
    const watcher = new IntersectionObserver(
      (seen) => {
        near = seen.at(-1)?.isIntersecting === true;
        follow();
      },
      { rootMargin: '25%' },
    );
    watcher.observe(section);
    signal.addEventListener('abort', () => watcher.disconnect());
    for (const event of ['change', 'model']) {
      const changed = (): void => {
        stale = true;
        // The change of the model is not animated; the result of the visitor's actions is.
        animate = event === 'change';
        follow();
      };
      this.shop.shopper.addEventListener(event, changed, { signal });
    }
  }

  async #update(
    section: HTMLElement,
    shelf: HTMLElement,
    animate: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const wanted = Promise.resolve(this.options.list(this.shop.shopper) ?? []);
    this.#wanted = wanted;
    const list = await wanted;
    // Each picture is drawn in a separate task, because drawing ten at once would block the page.
    const pictures: HTMLImageElement[] = [];
    for (const { id } of list) {
      const item = this.shop.catalogue.get(id);
      if (item === undefined || isDrawn(item)) continue;
      await idle();
      pictures.push(await prepared(item));
    }
    if (signal.aborted || this.#wanted !== wanted) return;
    section.ariaBusy = null;
    const state = (of: List): string => JSON.stringify(of.map(({ id, reasons }) => [id, reasons]));
    if (state(list) === state(this.#list)) return;
    if (animate && !calm.matches) this.#move(section, shelf, list);
    else this.#fill(section, shelf, list);
  }

  #fill(section: HTMLElement, shelf: HTMLElement, list: List): void {
    this.#list = list;
    lastShown.set(this.options.name, list);
    section.hidden = list.length === 0;
    const { explain = false } = this.options;
    const cards = list.flatMap(({ id, reasons }) => {
      const item = this.shop.catalogue.get(id);
      return item === undefined
        ? []
        : [card(this.shop, item, { reasons: explain ? reasons : undefined })];
    });
    renderCards(shelf, cards);
  }

  /** Animates a change: cards that stay move to their new place, new ones rise. */
  #move(section: HTMLElement, shelf: HTMLElement, list: List): void {
    const before = new Map(
      [...shelf.children].map((old) => [
        (old as HTMLElement).dataset['id'],
        old.getBoundingClientRect(),
      ]),
    );
    this.#fill(section, shelf, list);
    const timing = { duration: 420, easing: 'cubic-bezier(.2,.7,.2,1)' };
    for (const [i, next] of [...shelf.children].entries()) {
      const from = before.get((next as HTMLElement).dataset['id']);
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
    }
  }
}

/** Clears the remembered lists, for a fresh start after "Forget me". */
export const forgetRows = (): void => lastShown.clear();
