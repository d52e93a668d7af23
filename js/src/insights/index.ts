export type { BundleInspector } from './bundle_inspector.js';
export { createInsights, type InsightsOptions } from './create_insights.js';
export type { Insights } from './insights.js';
export type * from './types.js';
