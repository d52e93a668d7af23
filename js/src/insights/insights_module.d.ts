// TypeScript bindings for emscripten-generated code.  Automatically generated at compile time.
declare namespace RuntimeExports {
    let HEAPF32: any;
    let HEAPF64: any;
    let HEAP_DATA_VIEW: any;
    let HEAP8: any;
    let HEAPU8: any;
    let HEAP16: any;
    let HEAPU16: any;
    let HEAP32: any;
    let HEAPU32: any;
    let HEAP64: any;
    let HEAPU64: any;
}
interface WasmModule {
}

type EmbindString = ArrayBuffer|Uint8Array|Uint8ClampedArray|Int8Array|string;
export type Interval = {
  low: number,
  high: number
};

export type MeanOfPredictions = {
  mean: number,
  interval: Interval
};

export type SessionEvaluation = {
  predictions: number,
  unknownTargets: number,
  hitRate: MeanOfPredictions,
  mrr: MeanOfPredictions,
  ndcg: MeanOfPredictions,
  coverage: number
};

export type Sample = {
  n: number,
  mean: number,
  variance: number
};

export type ComparisonOptions = {
  relative: boolean,
  alpha: number,
  tuning: number,
  priorMean: number | undefined,
  priorSd: number | undefined
};

export type BetaBinomial = {
  chanceToWin: number,
  lossOfControl: number,
  lossOfTreatment: number
};

export type PlanInput = {
  mean: number,
  variance: number,
  alpha: number,
  power: number,
  tuning: number
};

export type SampleRatio = {
  chiSquared: number,
  p: number
};

export type Opened = {
  status: number,
  message: EmbindString
};

export type BundleFacts = {
  hash: EmbindString,
  version: number,
  bytes: number,
  items: number,
  categories: number,
  brands: number,
  markets: number,
  dimensions: number,
  sessionEntries: number,
  sampledSessions: number,
  sections: number
};

export type SectionFacts = {
  name: EmbindString,
  offset: number,
  size: number
};

export type ItemFacts = {
  id: EmbindString,
  category: EmbindString,
  brand: EmbindString,
  price: number | undefined,
  available: boolean,
  popularity: number
};

export type ArmComparison = {
  problem: EmbindString,
  estimate: number,
  standardError: number,
  df: number,
  t: number,
  p: number,
  interval: Interval,
  settled: boolean,
  alwaysP: number,
  alwaysInterval: Interval,
  posteriorMean: number,
  posteriorSd: number,
  posteriorInterval: Interval,
  chanceToWin: number,
  lossOfControl: number,
  lossOfTreatment: number
};

interface EmbindModule {
  chancesToBeBest(): Float64Array;
  holm(): Float64Array;
  benjaminiHochberg(): Float64Array;
  reserveDoubles(_0: number): Float64Array;
  reserveWords(_0: number): Uint32Array;
  createInspector(): number;
  deleteInspector(_0: number): void;
  reserveBundle(_0: number, _1: number): Uint8Array;
  sessionRow(_0: number, _1: number): Float64Array;
  mostPopular(_0: number, _1: number): Uint32Array;
  evaluate(_0: number, _1: number, _2: number): SessionEvaluation;
  betaBinomial(_0: number, _1: number, _2: number, _3: number, _4: number, _5: number): BetaBinomial;
  power(_0: PlanInput, _1: number, _2: number, _3: number): number;
  unitsPerArm(_0: PlanInput, _1: number): number;
  smallestLift(_0: PlanInput, _1: number, _2: number): number;
  sampleRatio(): SampleRatio;
  openBundle(_0: number): Opened;
  verifyBundle(_0: number): Opened;
  info(_0: number): BundleFacts;
  section(_0: number, _1: number): SectionFacts;
  describeItem(_0: number, _1: number): ItemFacts;
  findItem(_0: number, _1: EmbindString): number | undefined;
  settings(_0: number): string;
  metadata(_0: number): string;
  experiments(_0: number): string;
  explainAssignment(_0: EmbindString, _1: EmbindString, _2: EmbindString): string;
  compareArms(_0: Sample, _1: Sample, _2: ComparisonOptions): ArmComparison;
}

export type MainModule = WasmModule & typeof RuntimeExports & EmbindModule;
export default function MainModuleFactory (options?: unknown): Promise<MainModule>;
