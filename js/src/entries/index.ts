export type {
  DeliveredEvent,
  DeliveredItem,
  DeliveryResult,
  Transport,
} from '../delivery/record.js';
export { dataLayerTransport, fetchTransport, segmentTransport } from '../delivery/transports.js';
export { type BundleStatus, VitrineError, type VitrineErrorCode } from '../error.js';
export type { DataLayer } from '../events/data_layer.js';
export { whenSeen } from '../experiments/exposure.js';
export type * from '../experiments/index.js';
export type { BytesSource } from '../loading/load.js';
export { createVitrine } from '../page/create_vitrine.js';
export type {
  ExportedData,
  FallbackOptions,
  SlotList,
  SlotOptions,
  Vitrine,
  VitrineOptions,
} from '../page/vitrine_types.js';
export { createPersonalizer } from '../ranking/create_personalizer.js';
export type {
  BundleInfo,
  Diversity,
  EventType,
  Exploration,
  ItemFilter,
  ItemId,
  ListOptions,
  PageContext,
  Personalizer,
  PersonalizerOptions,
  Reason,
  Recommendation,
  RecordedEvent,
  RerankOptions,
  Rule,
  ShopperEvent,
} from '../ranking/types.js';
export type { Consent, ConsentState, PrivacySignals } from '../session/consent.js';
export type { HistoryEvent } from '../session/history.js';
