// Composables for Vue 3.3 and newer. On the server and in the first render of the page they give
// the shop's own order. The ranked lists follow when they are ready. Arguments may be refs or
// getters.
import type { InjectionKey, MaybeRefOrGetter, ShallowRef } from 'vue';
import { inject, onMounted, onUnmounted, shallowRef, toValue, watch } from 'vue';
import type { Assignment } from '../experiments/assign.js';
import { unknownExperiment } from '../experiments/unknown.js';
import { fallbackList } from '../page/fallback_list.js';
import type { LiveOptions, SlotList, SlotOptions, Vitrine } from '../page/vitrine_types.js';
import type { ItemId, Recommendation, RerankOptions } from '../ranking/types.js';

/**
 * The key for `app.provide(vitrineKey, createVitrine(...))`, which is called only in the page, not
 * on the server.
 */
export const vitrineKey: InjectionKey<Vitrine> = Symbol('vitrine');

/** The result of {@link useRecommendations}. */
export interface Recommendations {
  /** The list to draw. */
  readonly list: Readonly<ShallowRef<SlotList>>;
  /** Reports that the list came into view. */
  trackView(): void;
  /** Reports that the shopper clicked an item of the list. */
  trackClick(id: ItemId): void;
}

/**
 * Returns the list of a slot: first `fallback`, then the ranked list if the model is ready in time.
 */
export function useRecommendations(
  slot: MaybeRefOrGetter<string>,
  options: MaybeRefOrGetter<SlotOptions & LiveOptions> = {},
): Recommendations {
  const { vitrine, found: list } = useModel(options, slot, (model) => {
    const name = toValue(slot);
    const { live: _, ...wanted } = toValue(options);
    return model?.slot(name, wanted) ?? fallbackList(name, wanted);
  });
  const trackView = () => vitrine?.trackView(list.value);
  return { list, trackView, trackClick: (id) => vitrine?.trackClick(list.value, id) };
}

/** Returns the given ids, first in their own order, then in the best order for this shopper. */
export function useRerank(
  ids: MaybeRefOrGetter<readonly ItemId[]>,
  options: MaybeRefOrGetter<RerankOptions & LiveOptions> = {},
): Readonly<ShallowRef<readonly Recommendation[]>> {
  return useModel(options, ids, (model) => {
    const fallback = toValue(ids);
    const { live: _, ...wanted } = toValue(options);
    const own = { limit: fallback.length, ...wanted, fallback };
    return model?.rerank(fallback, wanted) ?? fallbackList('', own).items;
  }).found;
}

/** Returns the variation of the visitor; before the model is ready nobody is in an experiment. */
export function useExperiment(key: MaybeRefOrGetter<string>): Readonly<ShallowRef<Assignment>> {
  return useModel({ item: '' }, key, (model) => {
    const name = toValue(key);
    return model?.experiment(name) ?? unknownExperiment(name);
  }).found;
}

/**
 * Returns the result of `read`. It is computed again when the model is ready, when the value of
 * `what` or `options` changes, when the browser shows the page again, and with `live` after every event.
 */
function useModel<T>(
  options: MaybeRefOrGetter<LiveOptions & Pick<SlotOptions, 'item'>>,
  what: MaybeRefOrGetter<unknown>,
  read: (model?: Vitrine) => T,
) {
  const vitrine = inject(vitrineKey, undefined);
  const there = shallowRef<Vitrine>();
  const found = shallowRef(read());
  let end: (() => void) | undefined;
  const renew = () => Object.assign(found, { value: read(there.value) });
  // The values are compared, because Vue treats a shallow ref as changed at every access.
  watch([() => there.value, () => JSON.stringify([toValue(options), toValue(what)])], renew);
  onMounted(async () => {
    // The preview may not know the item, and it has no experiments.
    const { item, live } = toValue(options);
    let restores = vitrine?.restores;
    end = vitrine?.subscribe(() => {
      // A page that the browser shows again is drawn anew in any case.
      if (live || restores !== vitrine.restores) renew();
      restores = vitrine.restores;
    });
    if (await vitrine?.[item === undefined ? 'ready' : 'fullyReady']) there.value = vitrine;
  });
  onUnmounted(() => end?.());
  return { vitrine, found };
}
