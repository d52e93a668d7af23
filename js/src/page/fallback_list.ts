import type { SlotList, SlotOptions } from './vitrine_types.js';

/** Returns a slot without a model: the shop's own order. */
export function fallbackList(
  slot: string,
  { fallback = [], exclude = [], limit = 12 }: SlotOptions,
): SlotList {
  const left = new Set(exclude.map(String));
  const items = [...new Set(fallback.map(String))]
    .filter((id) => !left.has(id))
    .slice(0, limit)
    .map((id) => ({ id, score: 0, reasons: [] }));
  return { slot, items, personalized: false };
}
