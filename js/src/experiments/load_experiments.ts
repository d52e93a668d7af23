import type { ExperimentOptions } from './experiment_set.js';

/**
 * Loads the code for experiments. It is a separate file, which pages without experiments do not
 * load.
 */
export function loadExperiments(): Promise<typeof import('./index.js')> {
  return import('./index.js');
}

/**
 * Starts loading this code before the bundle is ready, when the page gives a `visitorId` or experiments.
 */
export function expectExperiments({
  visitorId,
  experiments,
}: {
  visitorId?: string;
  experiments?: ExperimentOptions;
}): void {
  // The call that needs the module loads it again, and reports the error.
  if (visitorId !== undefined || experiments?.definitions) loadExperiments().catch(() => {});
}
