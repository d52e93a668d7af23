import type { Assignment } from './assign.js';

/** Returns the assignment for an experiment that does not exist. */
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
