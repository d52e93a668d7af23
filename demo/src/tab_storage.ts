/**
 * Stores values that survive a reload in this tab's sessionStorage, which ends when the tab is
 * closed. When the browser refuses storage, the shop works without a memory.
 */
export function remember(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(`fennimore.${key}`, JSON.stringify(value));
  } catch {
    // Storage is full or refused. The page still has the value in memory.
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
    // Nothing was stored.
  }
}
