// Composables for Vue 3.3 and newer. They give the shop's own order on the server and in the first render of the page,
// and the model's lists once these are there. What they are given may be a ref or a getter.
import type { InjectionKey, MaybeRefOrGetter, ShallowRef } from 'vue';
import { inject, onMounted, onUnmounted, shallowRef, toValue, watch } from 'vue';
import type { Assignment } from '../experiments/assign.js';
import { unknownExperiment } from '../experiments/unknown.js';
import { ownList } from '../page/own_list.js';
import type { LiveOptions, SlotList, SlotOptions, Vitrine } from '../page/vitrine_types.js';
import type { Recommendation, RerankOptions } from '../ranking/types.js';

/** For `app.provide(vitrineKey, createVitrine(...))`, in the page alone. */
export const vitrineKey: InjectionKey<Vitrine> = Symbol('vitrine');

/** What {@link useRecommendations} returns. */
export interface Recommendations {
  /** The list to draw. */
  readonly list: Readonly<ShallowRef<SlotList>>;
  /** Tells that the list came into view. */
  shown(): void;
  /** Tells that the shopper chose an item of it. */
  chosen(id: string): void;
}

/** The list of a slot. First `fallback`, then the model's when there is one in time. */
export function useRecommendations(
  slot: MaybeRefOrGetter<string>,
  options: MaybeRefOrGetter<SlotOptions & LiveOptions> = {},
): Recommendations {
  const { vitrine, found: list } = useModel(options, slot, (model) => {
    const [name, wanted] = [toValue(slot), toValue(options)];
    return model?.slot(name, wanted) ?? ownList(name, wanted);
  });
  const shown = () => vitrine?.shown(list.value);
  return { list, shown, chosen: (id) => vitrine?.chosen(list.value, id) };
}

/** The given ids in the best order for this shopper; first in their own. */
export function useRerank(
  ids: MaybeRefOrGetter<readonly string[]>,
  options: MaybeRefOrGetter<RerankOptions & LiveOptions> = {},
): Readonly<ShallowRef<readonly Recommendation[]>> {
  return useModel(options, ids, (model) => {
    const [fallback, wanted] = [toValue(ids), toValue(options)];
    const own = { limit: fallback.length, ...wanted, fallback };
    return model?.rerank(fallback, wanted) ?? ownList('', own).items;
  }).found;
}

/** Which variation the visitor gets; nobody is in an experiment before the model is there. */
export function useExperiment(key: MaybeRefOrGetter<string>): Readonly<ShallowRef<Assignment>> {
  return useModel({ item: '' }, key, (model) => {
    const name = toValue(key);
    return model?.experiment(name) ?? unknownExperiment(name);
  }).found;
}

/** What `read` finds: anew when the model is there, when `what` or `options` say something else, and where they are live. */
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
  // Values, since Vue takes a shallow ref for changed whenever it looks.
  watch([() => there.value, () => JSON.stringify([toValue(options), toValue(what)])], renew);
  onMounted(async () => {
    // The starter may not know the item, and no experiments.
    const { item, live } = toValue(options);
    if (live) end = vitrine?.subscribe(renew);
    if (await vitrine?.[item === undefined ? 'ready' : 'whole']) there.value = vitrine;
  });
  onUnmounted(() => end?.());
  return { vitrine, found };
}
