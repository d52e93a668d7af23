import { slug } from '../catalogue.js';
import { type Html, html } from '../html.js';

/** Returns the links "Home / Department / Type". The current page has no link. */
export function breadcrumbs(department: string, type?: string, here?: string): Html {
  const steps: [string, string][] = [
    ['Home', '/'],
    [department, `/shop/${slug(department)}`],
  ];
  if (type !== undefined) steps.push([type, `/shop/${slug(department)}/${slug(type)}`]);
  if (here !== undefined) steps.push([here, '']);
  return html`
    <nav class="crumbs" aria-label="Breadcrumbs">
      <ol>
        ${steps.map(([name, href], i) =>
          i + 1 < steps.length
            ? html`<li><a href="${href}">${name}</a></li>`
            : html`<li aria-current="page">${name}</li>`,
        )}
      </ol>
    </nav>
  `;
}
