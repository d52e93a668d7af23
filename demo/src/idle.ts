/**
 * Runs `job` in a separate task, after the page is drawn and when the browser is idle. Does nothing
 * when `signal` has aborted by then.
 */
export function whenIdle(job: () => void, signal?: AbortSignal): void {
  const run = (): void => {
    if (signal?.aborted !== true) job();
  };
  // Safari has no requestIdleCallback. On a busy page the job runs after half a second.
  if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: 500 });
  else setTimeout(run, 50);
}

/** Resolves when the page is drawn and the browser is idle. */
export const idle = (): Promise<void> => new Promise((resolve) => whenIdle(resolve));

/** Resolves after the page is drawn. In a hidden tab this is when the tab becomes visible. */
export const painted = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => whenIdle(resolve)));
