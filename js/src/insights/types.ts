/** From `low` to `high`. */
export interface Interval {
  low: number;
  high: number;
}

/** The facts of a bundle. */
export interface BundleFacts {
  /** Names the content: 16 hexadecimal digits. */
  hash: string;
  version: number;
  bytes: number;
  items: number;
  categories: number;
  brands: number;
  markets: number;
  /** Of embeddings; 0 when there are none. */
  dimensions: number;
  /** Entries of all session rows. */
  sessionEntries: number;
  sampledSessions: number;
}

/** An entry of the table of sections, in bytes from the start of the file. */
export interface BundleSection {
  name: string;
  offset: number;
  size: number;
}

/** One item as the bundle knows it. */
export interface BundleItem {
  id: string;
  category?: string;
  brand?: string;
  price?: number;
  available: boolean;
  /** Share of the best-known item, 0 to 1. */
  popularity: number;
  /** What shoppers went on to, heaviest first. */
  next: { id: string; weight: number }[];
}

/** A mean over predictions, with its 95 % interval over sessions. */
export interface PredictionMean {
  mean: number;
  interval: Interval;
}

/** How well a bundle predicts the next item of sessions. */
export interface SessionEvaluation {
  predictions: number;
  /** Of the predictions, those of an item that the bundle does not have. Each is a miss. */
  unknownTargets: number;
  /** The next item is in the list. */
  hitRate: PredictionMean;
  /** 1 / rank, 0 where the list lacks the item. */
  mrr: PredictionMean;
  /** 1 / log2(1 + rank), 0 where the list lacks the item. */
  ndcg: PredictionMean;
  /** Share of the items shown at least once. */
  coverage: number;
}

/** An attribute and its value. */
export interface AssignedUnit {
  attribute: string;
  value: string;
}

/** Where a unit fell; it is in when a range holds the bucket. */
export interface AssignmentDraw {
  name: 'namespace' | 'filter' | 'variation';
  unit: AssignedUnit;
  seed: string;
  hashVersion: number;
  bucket: number;
  /** From start to before end. Of the draw of a variation, one for each. */
  ranges: [start: number, end: number][];
  /** The first range that holds the bucket; -1 when none does. */
  range: number;
}

/** How an assignment came about. Reasons are those of `vitrine/experiments`. */
export interface AssignmentExplanation {
  /** -1: not in the experiment. */
  variation: number;
  reason: string;
  unit: AssignedUnit;
  /** Each check that was made, by the reason that it gives; the last one decides. */
  checks: { reason: string; decides: boolean }[];
  draws: AssignmentDraw[];
  /** The fields of the condition, and the parents. */
  requirements: { name: string; wanted: unknown; found: unknown; fulfilled: boolean }[];
}

/** What an assignment depends on beside the experiments; see `docs/experiments.md`. */
export interface ExplanationContext {
  attributes?: Record<string, unknown>;
  url?: string;
  forcedVariations?: Record<string, number>;
  enabled?: boolean;
  qaMode?: boolean;
  savedGroups?: Record<string, unknown[]>;
  features?: Record<string, unknown>;
  /** Documents as a sticky store has them. Default: nothing is kept. */
  sticky?: { attributeName: string; attributeValue: string; assignments: Record<string, string> }[];
  /** For ramps. Default: the time of the call. */
  now?: Date | number;
}

/** One arm of an experiment: how many units converted, or mean and variance of a value of one unit. */
export type Arm =
  | { units: number; conversions: number }
  | { units: number; mean: number; variance: number };

/** Settings of a comparison. */
export interface CompareOptions {
  /** The effect is divided by |mean of the control|. Default: true. */
  relative?: boolean;
  /** 1 - alpha is the coverage of intervals. Default: 0.05. */
  alpha?: number;
  /** Units of both arms for which the interval for any look is narrowest. Default: 5000. */
  tuning?: number;
  /** The effect before the data, as a normal distribution. Default: flat. */
  prior?: { mean: number; sd: number };
}

/** Two arms, by each of the tests that `vitrine experiment analyze` prints. */
export interface Comparison {
  /** Relative, unless asked otherwise. */
  estimate: number;
  standardError: number;
  /** Degrees of freedom. */
  df: number;
  t: number;
  /** Of Welch's test, two-sided: for one look at the end. */
  p: number;
  interval: Interval;
  /** Valid however often it is looked at. `p` is 1 until there are enough units (`settled`). */
  always: { settled: boolean; p: number; interval: Interval };
  posterior: {
    mean: number;
    sd: number;
    interval: Interval;
    chanceToWin: number;
    /** Expected loss of choosing the control, and the treatment. */
    lossOfControl: number;
    lossOfTreatment: number;
  };
}

/** Why two arms cannot be compared. */
export type ComparisonTrouble = 'empty-arm' | 'too-few-units' | 'zero-variance' | 'zero-control';

/** What is known of a metric before an experiment: a rate, or mean and variance of one unit. */
export type PlanOptions = ({ rate: number } | { mean: number; variance: number }) & {
  /** Default: 0.05, two-sided. */
  alpha?: number;
  /** Default: 0.8. */
  power?: number;
  /** Units of both arms, for a test that is looked at all the time. Default: one look, at the end. */
  tuning?: number;
};
