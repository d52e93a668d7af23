import type { Catalogue, Item } from '../catalogue.js';
import { find, type Html, html } from '../html.js';
import { isDrawn, pictureUrl } from '../pictures/index.js';

/**
 * Returns a placeholder for an item's picture; `hangPictures` fills it. Without `alt` the picture
 * is decoration.
 */
export const picture = (item: Item, alt = ''): Html =>
  html`<img data-picture="${item.id}" width="400" height="400" alt="${alt}" decoding="async" />`;

const empty = 'img[data-picture]:not([src])';

/**
 * Fills all picture placeholders of the page. A picture that was drawn before is shown at once, so
 * that nothing blinks. Other pictures are drawn when they come near the visible part of the page.
 * Drawing takes longer than the rest of the page, so each picture has a separate task.
 */
export function hangPictures(catalogue: Catalogue): void {
  const queue: HTMLImageElement[] = [];
  let drawing = false;
  const itemOf = ({ dataset }: HTMLImageElement): Item | undefined =>
    catalogue.get(dataset['picture'] ?? '');
  const draw = async (): Promise<void> => {
    drawing = true;
    for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
      // The visitor may have left the page of this picture.
      const item = place.isConnected ? itemOf(place) : undefined;
      if (item === undefined) continue;
      place.src = pictureUrl(item);
      await new Promise((resolve) => setTimeout(resolve));
    }
    drawing = false;
  };
  const watcher = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        queue.push(target as HTMLImageElement);
      }
      if (!drawing) void draw();
    },
    { rootMargin: '50%' },
  );
  const added = new MutationObserver((changes) => {
    for (const { target } of changes) {
      for (const place of (target as Element).querySelectorAll<HTMLImageElement>(empty)) {
        const item = itemOf(place);
        if (item === undefined) continue;
        if (isDrawn(item)) place.src = pictureUrl(item);
        else watcher.observe(place);
      }
    }
  });
  added.observe(find(document, '#main'), { childList: true, subtree: true });
}
