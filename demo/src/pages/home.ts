import { slug } from '../catalogue.js';
import { html } from '../html.js';
import { picture } from '../parts/picture.js';
import { Row } from '../parts/row.js';
import type { Page, Shop } from '../shop.js';

/**
 * The heading and text of the home page, by variation of the experiment "hero", which a bundle may
 * contain. A home page that was drawn before the model was ready stays as it is.
 */
const HEROES: Readonly<Record<string, { heading: string; text: string }>> = {
  control: {
    heading: 'Well-made things, for home and away',
    text: 'Mugs that keep their glaze, stools that outlive the kitchen, tents that come back from every trip.',
  },
  warm: {
    heading: 'Come in. It is warm, and the kettle is on',
    text: 'Stoneware, oak and wool for slow mornings; lanterns and blankets for when the evening moves outside.',
  },
};

/** The six panes of the shop window show one item of each department. */
const WINDOW = ['Table Lamps', 'Kettles', 'Chairs', 'Backpacks', 'Jackets', 'Tents'];

export function home(shop: Shop): Page {
  const { catalogue, shopper } = shop;
  const hero = HEROES[shopper.hero ?? 'control'] ?? HEROES['control'];
  const forYou = new Row(shop, {
    name: 'for-you',
    heading: 'For you',
    note: 'Starts with what is popular, then follows your clicks. They stay in this tab.',
    explain: true,
    list: (lists) => lists.forYou({ limit: 10 }),
  });
  const last = shopper.lastViewed();
  const because = new Row(shop, {
    name: `because-${last}`,
    heading: `Because you viewed ${catalogue.get(last ?? '')?.title ?? 'it'}`,
    list: (lists) =>
      last === undefined ? undefined : lists.similar(last, { limit: 10, exclude: forYou.ids }),
  });
  const popular = new Row(shop, {
    name: 'popular',
    heading: 'Popular now',
    list: (lists) => lists.popular({ limit: 10, exclude: forYou.ids }),
  });
  return {
    title: 'Fennimore: well-made things, for home and away',
    content: html`
      <section class="hero">
        <div class="hero-text">
          <h1>${hero?.heading}</h1>
          <p>${hero?.text}</p>
          <p class="hero-links">
            ${catalogue.departments.slice(0, 2).map(({ name }, i) => html`<a class="${i === 0 ? 'button' : 'button plain'}" href="/shop/${slug(name)}">Shop ${name.toLowerCase()}</a>`)}
          </p>
        </div>
        <ul class="window" aria-label="In the window">
          ${WINDOW.map((type) => {
            const item = catalogue.items.find((one) => one.type === type && one.available);
            return (
              item && html`<li><a href="/item/${item.id}">${picture(item, item.title)}</a></li>`
            );
          })}
        </ul>
      </section>
      ${forYou.html()}
      <section class="row" aria-labelledby="row-departments">
        <div class="row-head"><h2 id="row-departments">Departments</h2></div>
        <ul class="department-tiles">
          ${catalogue.departments.map(({ name, count, types }) => {
            const faces = types
              .slice(0, 2)
              .flatMap((type) => catalogue.within(name, type).find((one) => one.available) ?? []);
            return html`
              <li>
                <a href="/shop/${slug(name)}">
                  <span class="faces">${faces.map((item) => picture(item))}</span>
                  <span class="department-name">${name}</span>
                  <span class="department-count">${count} things</span>
                </a>
              </li>
            `;
          })}
        </ul>
      </section>
      ${because.html()}
      ${popular.html()}
    `,
    mount: (root, signal) => {
      for (const row of [forYou, because, popular]) row.mount(root, signal);
    },
  };
}
