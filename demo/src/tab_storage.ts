/**
 * What survives a reload: this tab's sessionStorage, and nothing else. It is gone when the tab is closed. A browser
 * that refuses storage leaves the shop working without a memory.
 */
export function remember(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(`fennimore.${key}`, JSON.stringify(value));
  } catch {
    // Full or refused: the page keeps its own copy.
  }
}

export function recall<T>(key: string, accept: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(`fennimore.${key}`) ?? 'null');
    return accept(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function forgetAll(): void {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith('fennimore.')) sessionStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept.
  }
}
