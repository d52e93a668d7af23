// Shows a developer the state of the personalization and the reasons for each list: ?vitrine_debug
import type { Reason, Recommendation } from '../ranking/types.js';
import type { SlotList, Vitrine } from './vitrine_types.js';

const style = `
:host { position: fixed; inset: auto 0 0 auto; z-index: 2147483647; margin: 12px; max-width: 480px; max-height: 70vh;
  overflow: auto; font: 13px/1.5 system-ui, sans-serif; color: #111; background: #fff; border: 1px solid #888;
  border-radius: 8px; padding: 8px 12px }
h2 { font-size: 14px; margin: 0 } header { display: flex; justify-content: space-between; gap: 16px }
summary { cursor: pointer; font-weight: 600 } ol, dl { margin: 4px 0 } dl { display: grid; grid-template-columns: auto 1fr;
  gap: 0 12px } dd { margin: 0; overflow-wrap: anywhere } li small { color: #444 } button { font: inherit }
:focus-visible { outline: 2px solid #06c; outline-offset: 2px }`;
/**
 * The clock of a page has larger steps than the time of a ranking, so many rankings are timed
 * together.
 */
const timedRuns = 200;
const mostEvents = 20;

/**
 * Opens the inspector. It follows all changes until it is closed, and then gives the focus back.
 */
export function openInspector(vitrine: Vitrine, lists: () => readonly SlotList[]): void {
  const host = document.createElement('section');
  host.setAttribute('aria-label', 'Vitrine inspector');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  const content = element('div');
  const closing = element('button', 'Close');
  root.append(element('header', element('h2', 'Vitrine'), closing), content);

  const open = new Set(['Model', 'Lists']);
  const part = (title: string, ...inside: Node[]) => {
    const details = element('details', element('summary', title), ...inside);
    details.open = open.has(title);
    details.addEventListener('toggle', () => open[details.open ? 'add' : 'delete'](title));
    return details;
  };
  const draw = async () => {
    const { consent, waiting } = await vitrine.export();
    const focused = root.activeElement?.textContent;
    content.replaceChildren(
      part('Model', model(vitrine)),
      part('Lists', ...lists().map(list)),
      part('Experiments', experiments(vitrine)),
      part('Session', details({ consent }), history(vitrine)),
      part(
        'Delivery',
        details({ waiting: waiting.length }),
        ordered(waiting.slice(-mostEvents).map(({ event }) => event)),
      ),
    );
    // The part that had the focus was drawn again.
    const again = [...root.querySelectorAll('summary')].find(
      ({ textContent }) => textContent === focused,
    );
    again?.focus();
  };

  const unsubscribe = vitrine.subscribe(() => void draw());
  const timer = setInterval(() => void draw(), 2000);
  const before = document.activeElement;
  const close = () => {
    unsubscribe();
    clearInterval(timer);
    host.remove();
    if (before instanceof HTMLElement) before.focus();
  };
  closing.addEventListener('click', close);
  host.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
  const show = () => {
    document.body.append(host);
    closing.focus({ preventScroll: true });
    void draw();
  };
  if (document.body) show();
  else document.addEventListener('DOMContentLoaded', show, { once: true });
}

function model({ personalizer }: Vitrine): Node {
  if (!personalizer) return element('p', "no model: the page shows the shop's own order");
  const { itemCount, hash } = personalizer.info;
  const start = performance.now();
  for (let run = 0; run < timedRuns; run++) personalizer.recommend();
  const time = (1000 * (performance.now() - start)) / timedRuns;
  const { unknownItems } = personalizer;
  return details({
    bundle: hash,
    items: itemCount,
    'one ranking': `${time.toFixed(0)} µs`,
    'unknown items': `${unknownItems.length} ${unknownItems.slice(0, 5).join(' ')}`,
  });
}

/** The assignments: each is computed in the page, and a second time by the compiled core. */
function experiments({ personalizer }: Vitrine): Node {
  const checks = personalizer?.checks ?? [];
  return ordered(
    checks.map(({ key, variation, core }) =>
      variation === core
        ? `${key}: variation ${variation}, in the core too`
        : `${key}: variation ${variation}, but ${core} in the core`,
    ),
  );
}

function list({ slot, items, personalized }: SlotList): Node {
  const order = ordered(items.map(place));
  return element('div', element('b', slot), personalized ? '' : ' (own order)', order);
}

function place({ id, score, reasons, propensity }: Recommendation): Node {
  const why = reasons.map(reasonText).join(', ');
  const chance = propensity === undefined ? '' : `, by chance ${propensity.toFixed(3)}`;
  return element('span', `${id} ${score.toFixed(4)} `, element('small', why + chance));
}

function reasonText({ kind, item, rule, score }: Reason): string {
  const source = item ?? rule;
  return `${kind}${source === undefined ? '' : ` ${source}`} ${score.toFixed(4)}`;
}

function history({ history }: Vitrine): Node {
  const latest = history.slice(-mostEvents).reverse();
  return ordered(
    latest.map(({ type, item, time }) => `${new Date(time).toLocaleTimeString()} ${type} ${item}`),
  );
}

function details(entries: Record<string, string | number>): Node {
  return element(
    'dl',
    ...Object.entries(entries).flatMap(([name, value]) => [
      element('dt', name),
      element('dd', `${value}`),
    ]),
  );
}

function ordered(entries: readonly (Node | string)[]): Node {
  return element('ol', ...entries.map((entry) => element('li', entry)));
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.append(...inside);
  return made;
}
