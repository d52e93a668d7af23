import { find } from './html.js';

let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells screen readers; what was still shown goes. */
export function announce(text: string): void {
  clearTimeout(timer);
  const status = find(document, '#announce');
  status.classList.remove('toast');
  status.textContent = text;
}

/** The same, and a short line at the bottom of the window. */
export function tell(text: string): void {
  announce(text);
  const { classList } = find(document, '#announce');
  classList.add('toast');
  timer = setTimeout(() => classList.remove('toast'), 2200);
}
