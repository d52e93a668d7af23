import type { ListOptions, Reason, RerankOptions, VitrineError } from 'vitrine';
import type { WorkerPersonalizer } from 'vitrine/worker';
import bundleUrl from '../generated/shop.vitrine?url';
import { type CatalogueLists, type List, type Lists, unranked } from './catalogue_lists.js';
import { idle } from './idle.js';
import { forgetAll, recall, remember } from './tab_storage.js';

export type EventType = 'view' | 'cart' | 'purchase' | 'favorite' | 'remove';

export interface Noted {
  readonly item: string;
  readonly type: EventType;
  /** In milliseconds since 1970. */
  readonly time: number;
}

/** In milliseconds. When ranking takes longer, the shop's own order is shown. */
const longestWait = 1000;

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
 * The visitor of this tab: the events so far, and every list that is ranked from them. A worker
 * ranks, so that the page stays responsive. Lists have the shop's own order until the model is
 * ready, and also when it cannot be loaded.
 *
 * Emits "change" after each event of the visitor, and "model" when the model is ready or cannot be
 * loaded.
 */
export class Shopper extends EventTarget implements Lists<Promise<List>> {
  #personalizer: WorkerPersonalizer | undefined;
  #notes = recall('events', isNotes) ?? [];
  #bundleBytes = 0;
  #problem: string | undefined;
  #hero: string | undefined;

  /** `fallback` gives the same lists without a model. */
  constructor(readonly fallback: CatalogueLists) {
    super();
  }

  /** Loads the model. Never rejects; `problem` tells why there is no model. */
  async open(): Promise<void> {
    try {
      const [{ createWorkerPersonalizer }, bundle] = await Promise.all([
        import('./sdk.js'),
        bundleBytes(),
      ]);
      await idle();
      const visitorId = recall('visitorId', isText) ?? crypto.randomUUID();
      remember('visitorId', visitorId);
      const { byteLength } = bundle;
      const personalizer = await createWorkerPersonalizer({
        bundle,
        visitorId,
        timeout: longestWait,
        onError: (error) => console.warn(error.message),
      });
      await idle();
      const hero = await personalizer.experiment('hero');
      if (hero.inExperiment) this.#hero = hero.name;
      this.#bundleBytes = byteLength;
      for (const note of this.#notes) void personalizer.record(note);
      this.#personalizer = personalizer;
    } catch (error) {
      const { code, message } = error as Partial<VitrineError>;
      this.#problem = [code, message ?? String(error)].filter(isText).join(': ');
    }
    this.dispatchEvent(new Event('model'));
  }

  /** The reason why there is no model, as soon as it is known. */
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
    void this.#personalizer?.record(note);
    this.dispatchEvent(new Event('change'));
  }

  isFavorite(id: string): boolean {
    return (
      this.#notes.findLast(
        ({ item, type }) => item === id && (type === 'favorite' || type === 'remove'),
      )?.type === 'favorite'
    );
  }

  /** Returns the item viewed last, except `except`. */
  lastViewed(except?: string): string | undefined {
    return this.#notes.findLast(({ item, type }) => type === 'view' && item !== except)?.item;
  }

  forget(): void {
    forgetAll();
    this.#notes = [];
    void this.#personalizer?.clear();
    this.dispatchEvent(new Event('change'));
  }

  async forYou(options: ListOptions): Promise<List> {
    return filled(await this.#personalizer?.recommend(options)) ?? this.fallback.forYou(options);
  }

  async similar(id: string, options: ListOptions): Promise<List> {
    return (
      filled(await this.#personalizer?.similar(id, options)) ?? this.fallback.similar(id, options)
    );
  }

  async popular(options: ListOptions): Promise<List> {
    return filled(await this.#personalizer?.popular(options)) ?? this.fallback.popular(options);
  }

  /** Ranks the given items, with the best for this visitor first. */
  async rerank(ids: readonly string[], options: RerankOptions): Promise<List> {
    const list = (await this.#personalizer?.rerank(ids, options)) ?? unranked(ids);
    return list.slice(0, options.limit);
  }

  /**
   * The variation of the experiment "hero" for this visitor; undefined outside the experiment and
   * before the model is ready.
   */
  get hero(): string | undefined {
    return this.#hero;
  }

  /**
   * Measures the mean time from asking the worker for a list to receiving it, in microseconds. It
   * asks for many lists, one after another, because the clock of a page that is not isolated has
   * steps of 100 microseconds.
   */
  async measure(): Promise<{ microseconds: number; runs: number } | undefined> {
    const personalizer = this.#personalizer;
    if (personalizer === undefined) return undefined;
    const runs = 50;
    const start = performance.now();
    for (let i = 0; i < runs; i++) await personalizer.recommend({ limit: 12 });
    return { microseconds: (1000 * (performance.now() - start)) / runs, runs };
  }
}

async function bundleBytes(): Promise<ArrayBuffer> {
  const response = await fetch(bundleUrl);
  if (!response.ok) throw new Error(`the bundle did not arrive (${response.status})`);
  return response.arrayBuffer();
}

/** A worker that has stopped answers with empty lists. The shop's own lists are better. */
const filled = (list: List | undefined): List | undefined =>
  list?.length === 0 ? undefined : list;

/** Returns the reason with the largest part of the score. */
export function mainReason(reasons: readonly Reason[]): Reason | undefined {
  return reasons.reduce<Reason | undefined>(
    (best, r) => (best === undefined || r.score > best.score ? r : best),
    undefined,
  );
}
