import { type Department, type Item, slug } from '../catalogue.js';
import { find, html } from '../html.js';
import { whenIdle } from '../idle.js';
import { breadcrumbs } from '../parts/breadcrumbs.js';
import { card, renderCards } from '../parts/card.js';
import { Row } from '../parts/row.js';
import type { Page, Shop } from '../shop.js';

const STEP = 36;

interface Choice {
  readonly brands: readonly string[];
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly order: 'for-you' | 'price';
}

function readChoice(query: URLSearchParams): Choice {
  const amount = (name: string): number | undefined => {
    const value = Number(query.get(name) ?? '');
    return value > 0 ? value : undefined;
  };
  return {
    brands: query.getAll('brand'),
    min: amount('min'),
    max: amount('max'),
    order: query.get('order') === 'price' ? 'price' : 'for-you',
  };
}

interface Found {
  readonly count: number;
  readonly items: readonly Item[];
}

/**
 * Returns the number of items that pass the filter, and the first `limit` of them in the chosen
 * order. Items that are sold out come last.
 */
async function ordered(
  shop: Shop,
  all: readonly Item[],
  { brands, min, max, order }: Choice,
  limit: number,
): Promise<Found> {
  const passing = all.filter(
    (item) =>
      (brands.length === 0 || brands.includes(item.brand)) &&
      (min === undefined || item.price >= min) &&
      (max === undefined || item.price <= max),
  );
  const there = passing.filter((item) => item.available);
  const gone = passing.filter((item) => !item.available);
  const best = async (): Promise<readonly Item[]> => {
    const ids = there.map(({ id }) => id);
    const ranked = await shop.shopper.rerank(ids, { limit, explain: false });
    return ranked.flatMap(({ id }) => shop.catalogue.get(id) ?? []);
  };
  const first = order === 'price' ? there.sort((a, b) => a.price - b.price) : await best();
  return { count: passing.length, items: [...first, ...gone].slice(0, limit) };
}

export async function category(
  shop: Shop,
  url: URL,
  { name, types }: Department,
  type?: string,
): Promise<Page> {
  const all = shop.catalogue.within(name, type);
  const path = type === undefined ? name : `${name}/${type}`;
  const choice = readChoice(url.searchParams);
  const found = await ordered(shop, all, choice, STEP);
  const brands = [...new Set(all.map(({ brand }) => brand))].sort();
  const popular = new Row(shop, {
    name: `popular-${slug(path)}`.replaceAll('/', '-'),
    heading: `Popular now in ${(type ?? name).toLowerCase()}`,
    list: (lists) => lists.popular({ limit: 6, filter: { category: path } }),
  });
  return {
    title: `${type ?? name} | Fennimore`,
    content: html`
      ${breadcrumbs(name, type)}
      <div class="page-head">
        <h1 class="page-title">${type ?? name}</h1>
        <p data-count-found></p>
      </div>
      <nav class="chips" aria-label="Kinds">
        <a class="chip" href="/shop/${slug(name)}" ${type === undefined && html`aria-current="page"`}>All</a>
        ${types.map((one) => html`<a class="chip" href="/shop/${slug(name)}/${slug(one)}" ${one === type && html`aria-current="page"`}>${one}</a>`)}
      </nav>
      <div class="listing">
        <form class="filters" aria-label="Filters">
          <fieldset>
            <legend>Order</legend>
            <label><input type="radio" name="order" value="for-you" ${choice.order === 'for-you' && 'checked'} /> For you</label>
            <label><input type="radio" name="order" value="price" ${choice.order === 'price' && 'checked'} /> Price</label>
          </fieldset>
          <fieldset class="prices">
            <legend>Price in €</legend>
            <label>from <input type="number" name="min" min="0" inputmode="numeric" value="${choice.min}" /></label>
            <label>to <input type="number" name="max" min="0" inputmode="numeric" value="${choice.max}" /></label>
          </fieldset>
          <details open>
            <summary>Brand</summary>
            <fieldset class="brands" aria-label="Brand">
              ${brands.map((brand) => html`<label><input type="checkbox" name="brand" value="${brand}" ${choice.brands.includes(brand) && 'checked'} /> ${brand}</label>`)}
            </fieldset>
          </details>
        </form>
        <div class="listing-main">
          <ul class="cards grid" data-grid></ul>
          <p class="more-line"><button type="button" class="button plain" data-more hidden>Show more</button></p>
        </div>
      </div>
      ${popular.html()}
    `,
    mount: (root, signal) => {
      let wanted = choice;
      let limit = STEP;
      const more = find(root, '[data-more]');
      const draw = ({ count, items }: Found): void => {
        find(root, '[data-count-found]').textContent =
          count === 1 ? '1 product' : `${count} products`;
        renderCards(
          find(root, '[data-grid]'),
          count > 0
            ? items.map((item) => card(shop, item))
            : [html`<li class="empty">Nothing passes these filters. Take one away.</li>`],
        );
        more.hidden = count <= limit;
      };
      draw(found);
      let asked: Promise<Found>;
      const show = async (): Promise<void> => {
        const answer = ordered(shop, all, wanted, limit);
        asked = answer;
        const next = await answer;
        if (asked === answer && !signal.aborted) draw(next);
      };
      shop.shopper.addEventListener('model', () => whenIdle(() => void show(), signal), { signal });
      more.addEventListener('click', () => {
        limit += STEP;
        void show();
      });
      const form = find<HTMLFormElement>(root, 'form.filters');
      form.addEventListener('submit', (event) => event.preventDefault());
      form.addEventListener('input', () => {
        const query = new URLSearchParams();
        for (const [key, value] of new FormData(form)) {
          if (typeof value === 'string' && value !== '' && value !== 'for-you')
            query.append(key, value);
        }
        wanted = readChoice(query);
        limit = STEP;
        const text = query.toString();
        history.replaceState(history.state, '', text === '' ? location.pathname : `?${text}`);
        void show();
      });
      if (matchMedia('(max-width: 860px)').matches) find(root, 'details').removeAttribute('open');
      popular.mount(root, signal);
    },
  };
}
