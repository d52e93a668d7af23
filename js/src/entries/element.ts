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

  class ListElement extends HTMLElement {
    #started = false;
    #observer: IntersectionObserver | undefined;
    #list: SlotList | undefined;

    connectedCallback(): void {
      if (this.#started) return;
      this.#started = true;
      // The parser may not have reached the template yet.
      if (document.readyState !== 'loading') void this.#render();
      else document.addEventListener('DOMContentLoaded', () => void this.#render(), { once: true });
    }

    disconnectedCallback(): void {
      this.#observer?.disconnect();
    }

    async #render(): Promise<void> {
      const template = this.querySelector('template');
      if (!template) return console.warn(`<${name}> needs a <template>`);
      const own = this.querySelector('ul, ol');
      const list = own ?? this.#reserve(template);
      const label = this.getAttribute('label');
      if (label !== null) list.setAttribute('aria-label', label);
      list.setAttribute('aria-busy', 'true');
      const options = this.#options();
      // The preview may not know the item.
      await (options.item === undefined ? vitrine.ready : vitrine.fullyReady);
      const slot = vitrine.slot(this.getAttribute('slot-name') ?? name, options);
      if (slot.personalized || !own) await this.#fill(list, template, slot);
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

    async #fill(list: Element, template: HTMLTemplateElement, slot: SlotList): Promise<void> {
      const known = await Promise.all(
        slot.items.map(async ({ id }) => [
          id,
          await Promise.resolve(item(id)).catch(() => undefined),
        ]),
      );
      const data = new Map(known as [string, ItemData | undefined][]);
      const items = slot.items.filter(({ id }) => data.get(id));
      this.#list = { ...slot, items };
      list.replaceChildren(
        ...items.map((recommendation) => this.#place(template, recommendation, data)),
      );
      list.addEventListener('click', (event) => {
        const place = (event.target as Element).closest<HTMLElement>('li[data-id]');
        if (place && this.#list) vitrine.trackClick(this.#list, place.dataset.id ?? '');
      });
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
