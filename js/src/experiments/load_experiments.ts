import type { ExperimentOptions } from './experiment_set.js';

/** The code for experiments: a file of its own, which pages without experiments do not load. */
export function loadExperiments(): Promise<typeof import('./index.js')> {
  return import('./index.js');
}

/** Starts that before the bundle is there, for whoever names a unit or experiments. */
export function expectExperiments({
  unit,
  experiments,
}: {
  unit?: string;
  experiments?: ExperimentOptions;
}): void {
  // Who needs it in the end loads it again, and tells what is wrong.
  if (unit !== undefined || experiments?.definitions) loadExperiments().catch(() => {});
}
