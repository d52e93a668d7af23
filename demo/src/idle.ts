/**
 * Runs `job` in a task of its own, once what was drawn is on the screen and the browser has nothing better to do; not
 * when `signal` has aborted by then.
 */
export function whenIdle(job: () => void, signal?: AbortSignal): void {
  const run = (): void => {
    if (signal?.aborted !== true) job();
  };
  // Safari has no requestIdleCallback. Busy pages get their turn after half a second.
  if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: 500 });
  else setTimeout(run, 50);
}

/** Resolves at such a time. */
export const idle = (): Promise<void> => new Promise((resolve) => whenIdle(resolve));

/** Resolves once what was drawn is on the screen. In a tab that nobody looks at, that is when somebody does. */
export const painted = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => whenIdle(resolve)));
