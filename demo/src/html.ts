/** Text that is already HTML. Everything else that goes into a template is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | string | number | false | null | undefined | readonly Value[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function markup(value: Value): string {
  if (value instanceof Html) return value.text;
  if (value === false || value === null || value === undefined) return '';
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c);
  if (typeof value === 'number') return String(value);
  return value.map(markup).join('');
}

/** html`<b>${title}</b>`: lists are joined, false and undefined leave nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = parts[0] ?? '';
  for (const [i, value] of values.entries()) text += markup(value) + (parts[i + 1] ?? '');
  return new Html(text);
}

export function render(into: Element, content: Html): void {
  into.innerHTML = content.text;
}

/** The element below `root` that has to be there. */
export function find<T extends Element = HTMLElement>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (found === null) throw new TypeError(`the page has no ${selector}`);
  return found;
}
