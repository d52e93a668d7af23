/** A text that is already HTML. All other values in a template are escaped. */
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

/**
 * Makes HTML from a template such as html`<b>${title}</b>`. Lists are joined; false and undefined
 * give an empty text.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = parts[0] ?? '';
  for (const [i, value] of values.entries()) text += markup(value) + (parts[i + 1] ?? '');
  return new Html(text);
}

export function render(into: Element, content: Html): void {
  into.innerHTML = content.text;
}

/** Returns the element below `root` that matches `selector`; throws when there is none. */
export function find<T extends Element = HTMLElement>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (found === null) throw new TypeError(`the page has no ${selector}`);
  return found;
}
