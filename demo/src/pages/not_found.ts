import { html } from '../html.js';
import type { Page } from '../shop.js';

export function notFound(heading = 'There is no such page'): Page {
  return {
    title: `${heading} | Fennimore`,
    content: html`
      <section class="empty">
        <h1>${heading}</h1>
        <p>The address may be old or mistyped.</p>
        <p><a class="button" href="/">Back to the shop window</a></p>
      </section>
    `,
  };
}
