export {
  type Assignment,
  type AssignmentContext,
  type AssignmentReason,
  assign,
  queryStringOverride,
} from './assign.js';
export {
  type Bandit,
  banditPropensities,
  chancesToBeBest,
  type Outcomes,
  type Shape,
} from './bandit.js';
export { type BanditState, Bandits, type BanditsOptions } from './bandits.js';
export { type Condition, evalCondition, type SavedGroups } from './condition.js';
export {
  checkExperiments,
  type Experiment,
  type Experiments,
  type Filter,
  type ParentCondition,
  parseExperiments,
  type RampStep,
} from './definition.js';
export type { AssignmentCheck, Draw } from './draw.js';
export { type ExperimentBundle, type ExperimentOptions, ExperimentSet } from './experiment_set.js';
export {
  type ExposedKeys,
  type ExposedList,
  type Exposure,
  ExposureLog,
  type ExposureOptions,
  whenSeen,
} from './exposure.js';
export {
  type BucketRange,
  bucket,
  bucketRanges,
  chooseVariation,
  equalWeights,
  inNamespace,
  type Namespace,
} from './hash.js';
export type { StickyDocument, StickyStore } from './sticky.js';
