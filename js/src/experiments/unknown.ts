import type { Assignment } from './assign.js';

/** What a unit gets of an experiment that there is not. */
export function unknownExperiment(key: string): Assignment {
  return {
    key,
    variation: -1,
    name: undefined,
    value: undefined,
    inExperiment: false,
    reason: 'unknown-experiment',
    attribute: 'id',
    unit: '',
  };
}
