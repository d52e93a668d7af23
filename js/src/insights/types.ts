/** From `low` to `high`. */
export interface Interval {
  /** The lower end. */
  low: number;
  /** The upper end. */
  high: number;
}

/** The info of a bundle. */
export interface BundleFacts {
  /** Names the content: 16 hexadecimal digits. */
  hash: string;
  /** The version of the format. */
  version: number;
  /** The size of the file. */
  bytes: number;
  /** The number of items. */
  items: number;
  /** The number of categories. */
  categories: number;
  /** The number of brands. */
  brands: number;
  /** The number of markets. */
  markets: number;
  /** Of embeddings; 0 when there are none. */
  dimensions: number;
  /** Entries of all session rows. */
  sessionEntries: number;
  /** The number of sampled sessions. */
  sampledSessions: number;
}

/** An entry of the table of sections, in bytes from the start of the file. */
export interface BundleSection {
  /** The name of the kind of section. */
  name: string;
  /** The start. */
  offset: number;
  /** The length. */
  size: number;
}

/** One item as the bundle knows it. */
export interface BundleItem {
  /** The id in the catalogue. */
  id: string;
  /** The category path; absent when there is none. */
  category?: string;
  /** The brand; absent when there is none. */
  brand?: string;
  /** The price; absent when there is none. */
  price?: number;
  /** False when the item is sold out. */
  available: boolean;
  /** Share of the best-known item, 0 to 1. */
  popularity: number;
  /** The next items of shoppers, heaviest first. */
  next: {
    /** The id of the other item. */
    id: string;
    /** Its weight in the session row. */
    weight: number;
  }[];
}

/** A mean over predictions, with its 95 % interval over sessions. */
export interface PredictionMean {
  /** The mean. */
  mean: number;
  /** The interval. */
  interval: Interval;
}

/** The quality of the predictions that a bundle makes of the next items of sessions. */
export interface SessionEvaluation {
  /** The number of predictions. */
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
  /** The name of the attribute. */
  attribute: string;
  /** Its value. */
  value: string;
}

/** The bucket of a unit; the unit is in when a range holds the bucket. */
export interface AssignmentDraw {
  /** The purpose of the draw. */
  name: 'namespace' | 'filter' | 'variation';
  /** The unit that was hashed. */
  visitorId: AssignedUnit;
  /** The seed of the hash. */
  seed: string;
  /** The version of the hash, 1 or 2. */
  hashVersion: number;
  /** The result of the hash, from 0 to before 1. */
  bucket: number;
  /** From start to before end. Of the draw of a variation, one for each. */
  ranges: [start: number, end: number][];
  /** The first range that holds the bucket; -1 when none does. */
  range: number;
}

/** The derivation of an assignment. Reasons are those of `vitrine/experiments`. */
export interface AssignmentExplanation {
  /** -1: not in the experiment. */
  variation: number;
  /** The reason of the last check. */
  reason: string;
  /** The unit that was assigned. */
  visitorId: AssignedUnit;
  /** Each check that was made, by the reason that it gives; the last one decides. */
  checks: {
    /** The reason that the check gives when it decides. */
    reason: string;
    /** True when it decides. */
    decides: boolean;
  }[];
  /** The draws, in their order. */
  draws: AssignmentDraw[];
  /** The fields of the condition, and the parents. */
  requirements: {
    /** The field, or the parent's feature. */
    name: string;
    /** The required value or condition. */
    wanted: unknown;
    /** The value of the visitor. */
    found: unknown;
    /** True when the value meets the requirement. */
    fulfilled: boolean;
  }[];
}

/** The context of an assignment, beside the experiments; see `docs/experiments.md`. */
export interface ExplanationContext {
  /** The attributes of the visitor. Default: none. */
  attributes?: Record<string, unknown>;
  /** The address of the page. Default: none. */
  url?: string;
  /** Variations by experiment key. Default: none. */
  forcedVariations?: Record<string, number>;
  /** False turns all experiments off. Default: true. */
  enabled?: boolean;
  /** True leaves only forced variations. Default: false. */
  qaMode?: boolean;
  /** Lists that conditions name. Default: none. */
  savedGroups?: Record<string, unknown[]>;
  /** Features that parents name. Default: none. */
  features?: Record<string, unknown>;
  /** Documents as a sticky store has them. Default: nothing is kept. */
  sticky?: {
    /** The name of the attribute. */
    attributeName: string;
    /** Its value. */
    attributeValue: string;
    /** Variation keys by experiment. */
    assignments: Record<string, string>;
  }[];
  /** For ramps. Default: the time of the call. */
  now?: Date | number;
}

/** One arm of an experiment: how many units converted, or mean and variance of a value of one unit. */
export type Arm =
  | {
      /** The number of units. */
      units: number;
      /** The number of units that converted. */
      conversions: number;
    }
  | {
      /** The number of units. */
      units: number;
      /** The mean over units. */
      mean: number;
      /** The variance of one unit. */
      variance: number;
    };

/** Settings of a comparison. */
export interface CompareOptions {
  /** The effect is divided by |mean of the control|. Default: true. */
  relative?: boolean;
  /** 1 - alpha is the coverage of intervals. Default: 0.05. */
  alpha?: number;
  /** Units of both arms for which the interval for any look is narrowest. Default: 5000. */
  tuning?: number;
  /** The effect before the data, as a normal distribution. Default: flat. */
  prior?: {
    /** The mean. */
    mean: number;
    /** The standard deviation. */
    sd: number;
  };
}

/** Two arms, by each of the tests that `vitrine experiment analyze` prints. */
export interface Comparison {
  /** Relative, unless asked otherwise. */
  estimate: number;
  /** The standard error of the estimate. */
  standardError: number;
  /** Degrees of freedom. */
  df: number;
  /** Welch's statistic. */
  t: number;
  /** Of Welch's test, two-sided: for one look at the end. */
  p: number;
  /** The interval for one look at the end. */
  interval: Interval;
  /** The sequential test, which is valid however often it is looked at. */
  always: {
    /** The p-value; 1 until both arms have enough units. */
    p: number;
    /** The confidence sequence at this number of units; null until both arms have enough of them. */
    interval: Interval | null;
  };
  /** The Bayesian posterior of the effect, a normal distribution. */
  posterior: {
    /** The mean. */
    mean: number;
    /** The standard deviation. */
    sd: number;
    /** The credible interval. */
    interval: Interval;
    /** The probability that the treatment is better. */
    chanceToWin: number;
    /** The expected loss of choosing the control. */
    lossOfControl: number;
    /** The expected loss of choosing the treatment. */
    lossOfTreatment: number;
  };
}

/** The test of the shares of units by arm. */
export interface SampleRatio {
  /** The statistic. */
  chiSquared: number;
  /** The p-value. */
  p: number;
  /** True when p is below 0.001. */
  mismatch: boolean;
}

/** Why two arms cannot be compared. */
export type ComparisonProblem = 'empty-arm' | 'too-few-units' | 'zero-variance' | 'zero-control';

/** A metric as it is known before an experiment: a rate, or mean and variance of one unit. */
export type PlanOptions = (
  | {
      /** The conversion rate. */
      rate: number;
    }
  | {
      /** The mean of one unit. */
      mean: number;
      /** The variance of one unit. */
      variance: number;
    }
) & {
  /** Default: 0.05, two-sided. */
  alpha?: number;
  /** Default: 0.8. */
  power?: number;
  /** Units of both arms, for a test that is looked at all the time. Default: one look, at the end. */
  tuning?: number;
};
