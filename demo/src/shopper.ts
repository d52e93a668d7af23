import {
  createPersonalizer,
  type ListOptions,
  type Personalizer,
  type Reason,
  type Recommendation,
  VitrineError,
} from 'vitrine';
import bundleUrl from '../generated/shop.vitrine?url';
import type { Catalogue } from './catalogue.js';
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

/** The visitor of this tab: what they did, and every list that follows from it. Emits "change" after each event. */
export class Shopper extends EventTarget {
  readonly #catalogue: Catalogue;
  readonly #personalizer: Personalizer | undefined;
  #notes: Noted[];

  private constructor(
    catalogue: Catalogue,
    personalizer: Personalizer | undefined,
    readonly bundleBytes: number,
    readonly problem: string | undefined,
  ) {
    super();
    this.#catalogue = catalogue;
    this.#personalizer = personalizer;
    this.#notes = recall('events', isNotes) ?? [];
    for (const note of this.#notes) personalizer?.record(note);
  }

  /** Never rejects: without the bundle the shop keeps its own order, and `problem` says why. */
  static async open(catalogue: Promise<Catalogue>): Promise<Shopper> {
    const unit = recall('unit', isText) ?? crypto.randomUUID();
    remember('unit', unit);
    try {
      const bundle = await fetch(bundleUrl);
      if (!bundle.ok) throw new Error(`the bundle did not arrive (${bundle.status})`);
      const copy = bundle.clone();
      // Given while it is on its way, so that the wasm comes beside it.
      const personalizer = await createPersonalizer({
        bundle,
        unit,
        onError: (error) => console.warn(error.message),
      });
      const bytes = (await copy.arrayBuffer()).byteLength;
      return new Shopper(await catalogue, personalizer, bytes, undefined);
    } catch (error) {
      const code = error instanceof VitrineError ? `${error.code}: ` : '';
      return new Shopper(
        await catalogue,
        undefined,
        0,
        code + (error instanceof Error ? error.message : String(error)),
      );
    }
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
    return this.#list((personalizer) => personalizer.recommend(options), options);
  }

  similar(id: string, options: ListOptions): readonly Recommendation[] {
    return this.#list((personalizer) => personalizer.similar(id, options), options);
  }

  popular(options: ListOptions): readonly Recommendation[] {
    return this.#list((personalizer) => personalizer.popular(options), options);
  }

  /** The given items, best for this visitor first. */
  rerank(ids: readonly string[]): readonly Recommendation[] {
    const unchanged = (): Recommendation[] => ids.map((id) => ({ id, score: 0, reasons: [] }));
    return this.#personalizer?.rerank(ids) ?? unchanged();
  }

  /** Name of the variation this visitor sees, undefined outside the experiment. */
  variation(key: string): string | undefined {
    const assigned = this.#personalizer?.experiment(key);
    return assigned?.inExperiment === true ? assigned.name : undefined;
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

  #list(
    call: (personalizer: Personalizer) => Recommendation[],
    options: ListOptions,
  ): readonly Recommendation[] {
    if (this.#personalizer !== undefined) return call(this.#personalizer);
    const category = options.filter?.category;
    return this.#catalogue.items
      .filter(
        (item) =>
          item.available && (typeof category !== 'string' || item.category.startsWith(category)),
      )
      .slice(0, options.limit ?? 12)
      .map(({ id }) => ({ id, score: 0, reasons: [] }));
  }
}

/** The reason that weighs most. */
export function mainReason(reasons: readonly Reason[]): Reason | undefined {
  return reasons.reduce<Reason | undefined>(
    (best, r) => (best === undefined || r.score > best.score ? r : best),
    undefined,
  );
}
