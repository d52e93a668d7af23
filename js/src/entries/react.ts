// Hooks for React 18 and 19. They render the shop's own order on the server and in the first render of the page, so
// that hydration finds what it expects, and the model's lists once these are there.
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
import { ownList } from '../page/own_list.js';
import type { LiveOptions, SlotList, SlotOptions, Vitrine } from '../page/vitrine_types.js';
import type { Recommendation, RerankOptions } from '../ranking/types.js';

export type { LiveOptions };

const Context = createContext<Vitrine | undefined>(undefined);
const unsubscribed = () => {};

/** What {@link VitrineProvider} takes. */
export interface VitrineProviderProps {
  /** What `createVitrine` returned. Undefined on the server. */
  vitrine: Vitrine | undefined;
  /** Where the hooks may be used. */
  children?: ReactNode;
}

/** Hands the live object to the hooks below it. */
export function VitrineProvider({ vitrine, children }: VitrineProviderProps): ReactNode {
  return createElement(Context.Provider, { value: vitrine }, children);
}

/** The live object of the nearest provider; undefined on the server. */
export function useVitrine(): Vitrine | undefined {
  return useContext(Context);
}

/** What {@link useRecommendations} returns. */
export interface Recommendations {
  /** The list to draw: a new object when it changed. */
  readonly list: SlotList;
  /** Tells that the list came into view. */
  shown(): void;
  /** Tells that the shopper chose an item of it. */
  chosen(id: string): void;
}

/** The list of a slot. First `fallback`, then the model's when there is one in time. */
export function useRecommendations(
  slot: string,
  options: SlotOptions & LiveOptions = {},
): Recommendations {
  const { live = false, ...wanted } = options;
  const vitrine = useVitrine();
  const ready = useReady(vitrine, wanted.item !== undefined);
  const version = useVersion(vitrine, live);
  const key = JSON.stringify(wanted);
  // `key` stands for the options, `version` for the session.
  return useMemo(() => {
    const list = ready && vitrine ? vitrine.slot(slot, wanted) : ownList(slot, wanted);
    return {
      list,
      shown: () => vitrine?.shown(list),
      chosen: (id: string) => vitrine?.chosen(list, id),
    };
  }, [vitrine, ready, version, slot, key]);
}

/** The given ids in the best order for this shopper; first in their own. */
export function useRerank(
  ids: readonly string[],
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
        : ownList('', { limit: ids.length, ...wanted, fallback: ids }).items,
    [vitrine, ready, version, key],
  );
}

/** Which variation the visitor gets; nobody is in an experiment before the model is there. */
export function useExperiment(key: string): Assignment {
  const vitrine = useVitrine();
  const ready = useReady(vitrine, true);
  return useMemo(
    () => (ready && vitrine ? vitrine.experiment(key) : unknownExperiment(key)),
    [vitrine, ready, key],
  );
}

/** Whether there was a model in time, or the `whole` model; false in the first render. */
function useReady(vitrine: Vitrine | undefined, whole = false): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let mounted = true;
    void vitrine?.[whole ? 'whole' : 'ready'].then((there) => mounted && setReady(there));
    return () => {
      mounted = false;
    };
  }, [vitrine, whole]);
  return ready;
}

function useVersion(vitrine: Vitrine | undefined, live: boolean): number {
  return useSyncExternalStore(
    (listener) => (live && vitrine ? vitrine.subscribe(listener) : unsubscribed),
    () => (live && vitrine ? vitrine.version : 0),
    () => 0,
  );
}
