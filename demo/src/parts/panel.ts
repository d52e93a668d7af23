import { money } from '../catalogue.js';
import type { List } from '../catalogue_lists.js';
import { find, type Html, html, render } from '../html.js';
import { whenIdle } from '../idle.js';
import type { Shop } from '../shop.js';
import type { EventType, Shopper } from '../shopper.js';
import { icons } from './icons.js';
import { forgetRows } from './row.js';

const SIGN: Readonly<Record<EventType, Html>> = {
  view: icons.eye,
  cart: icons.bag,
  purchase: icons.check,
  favorite: icons.heart,
  remove: icons.close,
};
const WORD: Readonly<Record<EventType, string>> = {
  view: 'viewed',
  cart: 'added to cart',
  purchase: 'bought',
  favorite: 'liked',
  remove: 'took back',
};
const KIND: Readonly<Record<string, string>> = {
  session: 'what others did next',
  embedding: 'similar taste',
  neighbours: 'in sessions like yours',
  popularity: 'popular',
  other: 'other',
};

function events({ shopper, catalogue }: Shop): Html {
  if (shopper.notes.length === 0)
    return html`<p class="small">Nothing yet. Open a product and look again.</p>`;
  const latest = shopper.notes.slice(-6).reverse();
  return html`
    <ol class="events">
      ${latest.map(({ item, type }) => html`<li>${SIGN[type]}<span>${WORD[type]} <b>${catalogue.get(item)?.title ?? item}</b></span></li>`)}
    </ol>
    ${shopper.notes.length > latest.length && html`<p class="small">and ${shopper.notes.length - latest.length} before</p>`}
  `;
}

function reasons({ catalogue }: Shop, top: List): Html {
  return html`
    <ol class="reasons">
      ${top.map(({ id, reasons: parts }) => {
        const item = catalogue.get(id);
        const all = parts.reduce((sum, part) => sum + Math.max(0, part.score), 0) || 1;
        return html`
          <li>
            <p><b>${item?.title ?? id}</b> <span>${item && money(item.price)}</span></p>
            ${parts
              .filter((part) => part.score / all >= 0.005)
              .map(({ kind, item: source, score }) => {
                const share = (100 * score) / all;
                const name =
                  source === undefined ? undefined : (catalogue.get(source)?.title ?? source);
                return html`
                  <div class="reason ${kind}">
                    <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="6" /><rect class="bar" width="${share.toFixed(1)}" height="6" /></svg>
                    <span>${Math.round(share)} % ${KIND[kind] ?? kind}${name !== undefined && html` after ${name}`}</span>
                  </div>
                `;
              })}
          </li>
        `;
      })}
    </ol>
  `;
}

function details({ shopper, catalogue }: Shop, timing: Timing): Html {
  const rows: [string, string][] = [
    [
      'From question to ranking',
      timing === undefined
        ? 'none'
        : `${Math.round(timing.microseconds)} µs (mean of ${timing.runs})`,
    ],
    ['Products ranked', String(catalogue.items.length)],
    ['Bundle', shopper.bundleHash === '' ? 'none' : shopper.bundleHash],
    ['Bundle size', `${(shopper.bundleBytes / 1024).toFixed(1)} KB`],
    ['Experiment “hero”', shopper.hero ?? 'not running'],
    ['Sent to a server', 'nothing'],
  ];
  return html`<dl class="details">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

type Timing = Awaited<ReturnType<Shopper['measure']>>;

/**
 * Adds the panel that shows everything the ranking knows about this visitor, with a button to
 * forget it.
 */
export function mountPanel(shop: Shop, onForget: () => void): void {
  const place = find(document, '#panel');
  render(
    place,
    html`
      <aside class="panel" aria-label="What this page knows about you">
        <button type="button" class="panel-toggle" aria-expanded="false" aria-controls="panel-body">
          <span class="dot" aria-hidden="true"></span> <span class="long">What this page knows about you</span><span class="short" aria-hidden="true">About you</span>
        </button>
        <div id="panel-body" class="panel-body" hidden></div>
      </aside>
    `,
  );
  const toggle = find<HTMLButtonElement>(place, '.panel-toggle');
  const body = find(place, '.panel-body');
  const isOpen = (): boolean => toggle.ariaExpanded === 'true';
  let timing: Timing;
  let asked: Promise<List>;
  const show = async (): Promise<void> => {
    if (!isOpen()) return;
    const answer = shop.shopper.forYou({ limit: 3 });
    asked = answer;
    const top = await answer;
    if (asked !== answer || !isOpen()) return;
    render(
      body,
      html`
        ${shop.shopper.problem !== undefined && html`<p class="problem">Ranking is off: ${shop.shopper.problem}</p>`}
        <h2>Recorded in this tab</h2>
        ${events(shop)}
        <h2>Why the first three are for you</h2>
        ${reasons(shop, top)}
        <h2>How</h2>
        ${details(shop, timing)}
        <button type="button" class="button plain wide" data-forget>Forget me</button>
      `,
    );
    body.hidden = false;
  };
  const measure = async (): Promise<void> => {
    if (!isOpen()) return;
    timing ??= await shop.shopper.measure();
    await show();
  };
  const open = (wanted: boolean): void => {
    toggle.ariaExpanded = String(wanted);
    // The panel is shown as soon as it has content.
    if (!wanted) body.hidden = true;
    void show();
    whenIdle(() => void measure());
  };
  toggle.addEventListener('click', () => open(!isOpen()));
  place.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !isOpen()) return;
    open(false);
    toggle.focus();
  });
  body.addEventListener('click', (event) => {
    if (!(event.target instanceof Element) || event.target.closest('[data-forget]') === null)
      return;
    forgetRows();
    shop.cart.clear();
    shop.shopper.forget();
    onForget();
    toggle.focus();
  });
  shop.shopper.addEventListener('change', () => whenIdle(() => void show()));
  shop.shopper.addEventListener('model', () => whenIdle(() => void measure()));
}
