import type {
  ListOptions,
  Personalizer,
  Reason,
  Recommendation,
  RerankOptions,
  VitrineError,
} from 'vitrine';
import bundleUrl from '../generated/shop.vitrine?url';
import { idle } from './idle.js';
import { type Lists, type OwnLists, unranked } from './own_lists.js';
import { forgetAll, recall, remember } from './tab_storage.js';

export type EventType = 'view' | 'cart' | 'purchase' | 'favorite' | 'remove';

export interface Noted {
  readonly item: string;
  readonly type: EventType;
  /** In milliseconds since 1970. */
  readonly time: number;
}

const isNotes = (value: unknown): value is Noted[] =>
  Array.isArray(value) &&
  value.every(
    (note) =>
      typeof note?.item === 'string' &&
      typeof note?.type === 'string' &&
      typeof note?.time === 'number',
  );
const isText = (value: unknown): value is string => typeof value === 'string';

/**
 * The visitor of this tab: what they did, and every list that follows from it. Lists are in the shop's own order until
 * the model is there, and for good when it does not come.
 *
 * Emits "change" after each event of the visitor, and "model" when the model is there or will not come.
 */
export class Shopper extends EventTarget implements Lists {
  #personalizer: Personalizer | undefined;
  #notes = recall('events', isNotes) ?? [];
  #bundleBytes = 0;
  #problem: string | undefined;
  #hero: string | undefined;

  /** `own`: the same lists without a model. */
  constructor(readonly own: OwnLists) {
    super();
  }

  /** Brings the model. Never rejects: `problem` says why there is none. */
  async open(): Promise<void> {
    try {
      const [{ createPersonalizer }, bundle] = await Promise.all([
        import('./sdk.js'),
        fetch(bundleUrl),
      ]);
      await idle();
      if (!bundle.ok) throw new Error(`the bundle did not arrive (${bundle.status})`);
      const copy = bundle.clone();
      const unit = recall('unit', isText) ?? crypto.randomUUID();
      remember('unit', unit);
      // Given while it is on its way, so that the wasm comes beside it.
      const personalizer = await createPersonalizer({
        bundle,
        unit,
        onError: (error) => console.warn(error.message),
      });
      this.#bundleBytes = (await copy.arrayBuffer()).byteLength;
      await idle();
      const hero = personalizer.experiment('hero');
      if (hero.inExperiment) this.#hero = hero.name;
      await idle();
      for (const note of this.#notes) personalizer.record(note);
      this.#personalizer = personalizer;
    } catch (error) {
      const { code, message } = error as Partial<VitrineError>;
      this.#problem = [code, message ?? String(error)].filter(isText).join(': ');
    }
    this.dispatchEvent(new Event('model'));
  }

  /** Why there is no model, once that is known. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** In bytes; 0 without a model. */
  get bundleBytes(): number {
    return this.#bundleBytes;
  }

  get bundleHash(): string {
    return this.#personalizer?.info.hash ?? '';
  }

  get notes(): readonly Noted[] {
    return this.#notes;
  }

  note(type: EventType, item: string): void {
    const note = { item, type, time: Date.now() };
    this.#notes.push(note);
    remember('events', this.#notes);
    this.#personalizer?.record(note);
    this.dispatchEvent(new Event('change'));
  }

  isFavorite(id: string): boolean {
    return (
      this.#notes.findLast(
        ({ item, type }) => item === id && (type === 'favorite' || type === 'remove'),
      )?.type === 'favorite'
    );
  }

  /** The item looked at last, other than `except`. */
  lastViewed(except?: string): string | undefined {
    return this.#notes.findLast(({ item, type }) => type === 'view' && item !== except)?.item;
  }

  forget(): void {
    forgetAll();
    this.#notes = [];
    this.#personalizer?.clear();
    this.dispatchEvent(new Event('change'));
  }

  forYou(options: ListOptions): readonly Recommendation[] {
    return this.#personalizer?.recommend(options) ?? this.own.forYou(options);
  }

  similar(id: string, options: ListOptions): readonly Recommendation[] {
    return this.#personalizer?.similar(id, options) ?? this.own.similar(id, options);
  }

  popular(options: ListOptions): readonly Recommendation[] {
    return this.#personalizer?.popular(options) ?? this.own.popular(options);
  }

  /** The given items, best for this visitor first. */
  rerank(ids: readonly string[], options: RerankOptions): readonly Recommendation[] {
    return this.#personalizer?.rerank(ids, options) ?? unranked(ids.slice(0, options.limit));
  }

  /** The variation of the experiment "hero" that this visitor gets; undefined outside it and before the model is there. */
  get hero(): string | undefined {
    return this.#hero;
  }

  /**
   * Mean time of one ranking in microseconds over a few milliseconds of them: the clock of a page that is not
   * isolated ticks in steps of 100, longer than a ranking takes.
   */
  measure(): { microseconds: number; runs: number } | undefined {
    const personalizer = this.#personalizer;
    if (personalizer === undefined) return undefined;
    const start = performance.now();
    let runs = 0;
    let end = start;
    while (end - start < 4) {
      personalizer.recommend({ limit: 12 });
      runs++;
      end = performance.now();
    }
    return { microseconds: (1000 * (end - start)) / runs, runs };
  }
}

/** The reason that weighs most. */
export function mainReason(reasons: readonly Reason[]): Reason | undefined {
  return reasons.reduce<Reason | undefined>(
    (best, r) => (best === undefined || r.score > best.score ? r : best),
    undefined,
  );
}
