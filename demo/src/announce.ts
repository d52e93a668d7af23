import { find } from './html.js';

let timer: ReturnType<typeof setTimeout> | undefined;

/** Announces a text to screen readers. A message that is still visible is removed. */
export function announce(text: string): void {
  clearTimeout(timer);
  const status = find(document, '#announce');
  status.classList.remove('toast');
  status.textContent = text;
}

/** Announces a text and also shows it as a short line at the bottom of the window. */
export function tell(text: string): void {
  announce(text);
  const { classList } = find(document, '#announce');
  classList.add('toast');
  timer = setTimeout(() => classList.remove('toast'), 2200);
}
