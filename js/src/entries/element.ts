// <vitrine-list slot-name="home" limit="8" label="For you"><template>...</template></vitrine-list>

import type { SlotList, SlotOptions, Vitrine } from '../page/vitrine_types.js';
import type { Recommendation } from '../ranking/types.js';

/**
 * The data of one item that the shop's template shows. The `data-*` attributes refer to its names.
 */
export type ItemData = Readonly<Record<string, string | number | undefined>>;

/** Options of {@link defineListElement}. */
export interface ListElementOptions {
  /** Returns the data of an item; undefined leaves the item out. Default: `{ id }`. */
  item?: (id: string) => ItemData | undefined | Promise<ItemData | undefined>;
  /** The name of the element. Default: `vitrine-list`. */
  name?: string;
}

const attributes = ['href', 'src', 'alt', 'title', 'value'] as const;
/** The share of the list that must be in view to count as viewed. */
const inView = 0.5;

/**
 * Defines an element that shows a slot as a list, with a copy of its `<template>` for each item. In
 * the template `data-text` names the value for the text of an element, and `data-href`, `data-src`,
 * `data-alt`, `data-title` and `data-value` name the values for these attributes.
 *
 * The space of the list is reserved until it is ready. Before this script is loaded, the shop's
 * style must reserve it with a `min-height`. A list that is already in the element stays until
 * then, or for good when there is no model. Nothing is animated.
 */
export function defineListElement(vitrine: Vitrine, options: ListElementOptions = {}): void {
  const { name = 'vitrine-list', item = (id: string): ItemData => ({ id }) } = options;
  if (customElements.get(name)) return;

  const dataOf = async ({ items }: SlotList): Promise<ReadonlyMap<string, ItemData | undefined>> =>
    new Map(
      await Promise.all(
        items.map(async ({ id }): Promise<[string, ItemData | undefined]> => {
          // An `item` that throws or rejects leaves its item out.
          const data = await Promise.resolve(id)
            .then(item)
            .catch(() => undefined);
          return [id, data];
        }),
      ),
    );

  class ListElement extends HTMLElement {
    static readonly observedAttributes = ['slot-name', 'limit', 'item', 'fallback', 'label'];
    #started = false;
    /** Counts the calls of `#render`; an older one ends where a newer one has begun. */
    #renders = 0;
    #observer: IntersectionObserver | undefined;
    #list: SlotList | undefined;
    /** The list that was in the element; undefined when it had none. */
    #own: Element | null | undefined;
    #end: (() => void) | undefined;

    connectedCallback(): void {
      if (this.#started) return;
      this.#started = true;
      // The browser may show the page again after a way back, when other pages have added events.
      let { restores } = vitrine;
      this.#end = vitrine.subscribe(() => {
        if (restores === vitrine.restores) return;
        restores = vitrine.restores;
        void this.#render();
      });
      // The parser may not have reached the template yet.
      if (document.readyState !== 'loading') void this.#render();
      else document.addEventListener('DOMContentLoaded', () => void this.#render(), { once: true });
    }

    attributeChangedCallback(_: string, before: string | null, now: string | null): void {
      if (this.#renders > 0 && before !== now) void this.#render();
    }

    disconnectedCallback(): void {
      this.#observer?.disconnect();
      this.#end?.();
    }

    async #render(): Promise<void> {
      const render = ++this.#renders;
      const template = this.querySelector('template');
      if (!template) return console.warn(`<${name}> needs a <template>`);
      const first = render === 1;
      if (first) this.#own = this.querySelector('ul, ol');
      const own = this.#own;
      const list = (first ? own : this.querySelector('ul, ol')) ?? this.#reserve(template);
      if (first) list.addEventListener('click', this.#click);
      const label = this.getAttribute('label');
      if (label !== null) list.setAttribute('aria-label', label);
      list.setAttribute('aria-busy', 'true');
      const options = this.#options();
      // The preview may not know the item.
      await (options.item === undefined ? vitrine.ready : vitrine.fullyReady);
      if (render !== this.#renders) return;
      const slot = vitrine.slot(this.getAttribute('slot-name') ?? name, options);
      const data = await dataOf(slot);
      if (render !== this.#renders) return;
      if (slot.personalized || !own) this.#fill(list, template, slot, data);
      list.removeAttribute('aria-busy');
    }

    /**
     * Adds as many invisible copies as there will be items, so that the content below does not
     * move.
     */
    #reserve(template: HTMLTemplateElement): HTMLUListElement {
      const list = document.createElement('ul');
      list.role = 'list'; // Safari removes the role from lists without bullets
      const { limit = 12 } = this.#options();
      for (let i = 0; i < limit; i++) {
        const place = document.createElement('li');
        place.style.visibility = 'hidden';
        place.setAttribute('aria-hidden', 'true');
        place.append(template.content.cloneNode(true));
        list.append(place);
      }
      this.append(list);
      return list;
    }

    #fill(
      list: Element,
      template: HTMLTemplateElement,
      slot: SlotList,
      data: ReadonlyMap<string, ItemData | undefined>,
    ): void {
      const items = slot.items.filter(({ id }) => data.get(id));
      this.#list = { ...slot, items };
      list.replaceChildren(
        ...items.map((recommendation) => this.#place(template, recommendation, data)),
      );
      this.#observer?.disconnect();
      this.#observer = new IntersectionObserver(
        (entries) => {
          if (!this.#list || !entries.some(({ isIntersecting }) => isIntersecting)) return;
          vitrine.trackView(this.#list);
          this.#observer?.disconnect();
        },
        { threshold: inView },
      );
      this.#observer.observe(list);
    }

    #place(
      template: HTMLTemplateElement,
      { id }: Recommendation,
      data: ReadonlyMap<string, ItemData | undefined>,
    ): HTMLLIElement {
      const place = document.createElement('li');
      place.dataset.id = id;
      const copy = template.content.cloneNode(true) as DocumentFragment;
      const all = copy.querySelectorAll<HTMLElement>('*');
      for (const element of all) bind(element, data.get(id) ?? {});
      place.append(copy);
      return place;
    }

    readonly #click = (event: Event): void => {
      const place = (event.target as Element).closest<HTMLElement>('li[data-id]');
      if (place && this.#list) vitrine.trackClick(this.#list, place.dataset.id ?? '');
    };

    #options(): SlotOptions {
      const limit = Number(this.getAttribute('limit') ?? Number.NaN);
      const item = this.getAttribute('item');
      const fallback = this.getAttribute('fallback')?.split(/\s+/).filter(Boolean);
      return {
        ...(Number.isFinite(limit) && { limit }),
        ...(item !== null && { item }),
        ...(fallback && { fallback }),
      };
    }
  }
  customElements.define(name, ListElement);
}

/**
 * Fills in the values that the `data-*` attributes of a copy name. Values are never set as HTML,
 * and addresses must be web addresses.
 */
function bind(element: HTMLElement, data: ItemData): void {
  const value = (key: string | undefined) =>
    key !== undefined && Object.hasOwn(data, key) ? `${data[key] ?? ''}` : undefined;
  const text = value(element.dataset.text);
  if (text !== undefined) element.textContent = text;
  for (const name of attributes) {
    const given = value(element.dataset[name]);
    if (given === undefined) continue;
    const isAddress = name === 'href' || name === 'src';
    if (!isAddress || isWebAddress(given)) element.setAttribute(name, given);
  }
}

function isWebAddress(text: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(text, document.baseURI).protocol);
  } catch {
    return false;
  }
}
