export { createPersonalizer } from './create_personalizer.js';
export { type BundleStatus, VitrineError, type VitrineErrorCode } from './error.js';
export * from './experiments/index.js';
export type {
  BundleInfo,
  BytesSource,
  EventType,
  ItemFilter,
  ListOptions,
  Personalizer,
  PersonalizerOptions,
  Reason,
  Recommendation,
  RecordedEvent,
  RerankOptions,
  ShopperEvent,
} from './types.js';
