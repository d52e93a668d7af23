// Hooks for React 18 and 19. On the server and in the first render of the page they give the shop's
// own order, so that hydration finds the same content. The ranked lists follow when they are ready.
import {
  createContext,
  createElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import type { Assignment } from '../experiments/assign.js';
import { unknownExperiment } from '../experiments/unknown.js';
import { fallbackList } from '../page/fallback_list.js';
import type { LiveOptions, SlotList, SlotOptions, Vitrine } from '../page/vitrine_types.js';
import type { ItemId, Recommendation, RerankOptions } from '../ranking/types.js';

export type { LiveOptions };

const Context = createContext<Vitrine | undefined>(undefined);
const unsubscribed = () => {};

/** The properties of {@link VitrineProvider}. */
export interface VitrineProviderProps {
  /** The result of `createVitrine`; undefined on the server. */
  vitrine: Vitrine | undefined;
  /** The components that may use the hooks. */
  children?: ReactNode;
}

/** Gives the live object to the hooks below it. */
export function VitrineProvider({ vitrine, children }: VitrineProviderProps): ReactNode {
  return createElement(Context.Provider, { value: vitrine }, children);
}

/** The live object of the nearest provider; undefined on the server. */
export function useVitrine(): Vitrine | undefined {
  return useContext(Context);
}

/** The result of {@link useRecommendations}. */
export interface Recommendations {
  /** The list to draw. After a change it is a new object. */
  readonly list: SlotList;
  /** Reports that the list came into view. */
  trackView(): void;
  /** Reports that the shopper clicked an item of the list. */
  trackClick(id: ItemId): void;
}

/**
 * Returns the list of a slot: first `fallback`, then the ranked list if the model is ready in time.
 */
export function useRecommendations(
  slot: string,
  options: SlotOptions & LiveOptions = {},
): Recommendations {
  const { live = false, ...wanted } = options;
  const vitrine = useVitrine();
  const ready = useReady(vitrine, wanted.item !== undefined);
  const version = useVersion(vitrine, live);
  const key = JSON.stringify(wanted);
  // `key` changes with the options, `version` with the session.
  return useMemo(() => {
    const list = ready && vitrine ? vitrine.slot(slot, wanted) : fallbackList(slot, wanted);
    return {
      list,
      trackView: () => vitrine?.trackView(list),
      trackClick: (id: ItemId) => vitrine?.trackClick(list, id),
    };
  }, [vitrine, ready, version, slot, key]);
}

/** Returns the given ids, first in their own order, then in the best order for this shopper. */
export function useRerank(
  ids: readonly ItemId[],
  options: RerankOptions & LiveOptions = {},
): readonly Recommendation[] {
  const { live = false, ...wanted } = options;
  const vitrine = useVitrine();
  const ready = useReady(vitrine);
  const version = useVersion(vitrine, live);
  const key = JSON.stringify([ids, wanted]);
  return useMemo(
    () =>
      ready && vitrine
        ? vitrine.rerank(ids, wanted)
        : fallbackList('', { limit: ids.length, ...wanted, fallback: ids }).items,
    [vitrine, ready, version, key],
  );
}

/** Returns the variation of the visitor; before the model is ready nobody is in an experiment. */
export function useExperiment(key: string): Assignment {
  const vitrine = useVitrine();
  const ready = useReady(vitrine, true);
  return useMemo(
    () => (ready && vitrine ? vitrine.experiment(key) : unknownExperiment(key)),
    [vitrine, ready, key],
  );
}

/**
 * Returns true when the model, or with `fullyReady` the complete model, was ready in time; false in the
 * first render.
 */
function useReady(vitrine: Vitrine | undefined, fullyReady = false): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let mounted = true;
    void vitrine?.[fullyReady ? 'fullyReady' : 'ready'].then((there) => mounted && setReady(there));
    return () => {
      mounted = false;
    };
  }, [vitrine, fullyReady]);
  return ready;
}

function useVersion(vitrine: Vitrine | undefined, live: boolean): number {
  return useSyncExternalStore(
    (listener) => vitrine?.subscribe(listener) ?? unsubscribed,
    // A page that the browser shows again is drawn anew in any case.
    () => (live ? vitrine?.version : vitrine?.restores) ?? 0,
    () => 0,
  );
}
