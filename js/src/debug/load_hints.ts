import type { Hints } from './hints.js';

/**
 * Loads the hints for developers, a separate file. Resolves to undefined when it does not load: a
 * page must work without them.
 */
export async function loadHints(): Promise<Hints | undefined> {
  try {
    const { Hints } = await import('./index.js');
    return new Hints();
  } catch {
    return undefined;
  }
}
