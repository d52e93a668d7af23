import { eventTypes, historyLength, longestId, mode, table, unknown } from '../abi.js';
import type { Hints } from '../debug/hints.js';
import { type Report, tell, VitrineError } from '../error.js';
import type { Assignment } from '../experiments/assign.js';
import type { AssignmentCheck } from '../experiments/draw.js';
import type { ExperimentSet } from '../experiments/experiment_set.js';
import type { ExposedList } from '../experiments/exposure.js';
import { unknownExperiment } from '../experiments/unknown.js';
import { idText } from '../id.js';
import type { Engine } from './engine.js';
import { type ListRequest, none } from './list_request.js';
import { planOf } from './plan.js';
import type {
  BundleInfo,
  ItemFilter,
  ItemId,
  ListOptions,
  Personalizer,
  Recommendation,
  RecordedEvent,
  RerankOptions,
  ShopperEvent,
} from './types.js';

export const defaultLimit = 12;
/**
 * The largest number of unknown filter values that are reported, so that a faulty page does not
 * fill the memory.
 */
const mostReports = 100;
/** The largest number of unknown ids that are kept. */
const mostUnknown = 100;

export interface PersonalizerParts {
  engine: Engine;
  metadata: BundleInfo['metadata'];
  /** Undefined when neither the bundle nor the page has experiments. */
  experiments: ExperimentSet | undefined;
  /** Returns the experiments after an overlay. Rejects with a VitrineError. */
  readExperiments: () => Promise<ExperimentSet | undefined>;
  report: Report;
  /** With the option `debug`. */
  hints: Hints | undefined;
}

/** A {@link Personalizer} over one open bundle. */
export class BundlePersonalizer implements Personalizer {
  /** Resolves when the experiments of the last overlay are valid. */
  settled: Promise<void> | undefined;
  readonly #parts: PersonalizerParts;
  readonly #report: Report;
  readonly #reported = new Set<string>();
  readonly #unknown = new Set<string>();
  #engine: Engine | undefined;
  #info: BundleInfo;
  #experiments: ExperimentSet | undefined;
  /** True when the page may already act on an experiment. */
  #asked = false;
  #history: readonly RecordedEvent[] = [];

  constructor(parts: PersonalizerParts) {
    this.#parts = parts;
    this.#report = parts.report;
    this.#engine = parts.engine;
    this.#info = infoOf(parts);
    this.#experiments = parts.experiments;
  }

  get info(): BundleInfo {
    return this.#info;
  }

  get history(): readonly RecordedEvent[] {
    return this.#history;
  }

  get unknownItems(): readonly string[] {
    return [...this.#unknown];
  }

  record(event: ShopperEvent): boolean {
    return this.#guard(false, (engine) => {
      const { item, type = 'view' } = event;
      const index = engine.index(table.items, item);
      if (index === unknown) return this.#missed(engine, item);
      const kind = eventTypes.includes(type) ? type : 'other';
      const time = number(event.time, Date.now());
      engine.record(index, eventTypes.indexOf(kind), time);
      const recorded = Object.freeze({ item: idText(item), type: kind, time });
      this.#history = [...this.#history.slice(1 - historyLength), recorded];
      return true;
    });
  }

  clear(): void {
    this.#guard(undefined, (engine) => {
      engine.clear();
      this.#history = [];
    });
  }

  apply(overlay: ArrayBuffer | Uint8Array): boolean {
    return this.#guard(false, (engine) => {
      engine.apply(new Uint8Array(overlay as ArrayBuffer));
      this.#info = infoOf(this.#parts);
      const events = this.#history;
      this.clear();
      for (const event of events) this.record(event);
      this.settled = this.#renewExperiments();
      return true;
    });
  }

  recommend(options?: ListOptions): Recommendation[] {
    return this.#guard([], (engine) =>
      engine.list(this.#request(engine, mode.recommend, options, [])),
    );
  }

  rerank(ids: readonly ItemId[], options?: RerankOptions): Recommendation[] {
    return this.#guard(
      () => unranked(ids),
      (engine) => {
        const { where } = options ?? {};
        const given = texts(ids);
        const wanted = typeof where === 'function' ? given.filter((id) => where(id)) : given;
        const found = engine.find(table.items, wanted);
        const request = this.#request(engine, mode.rerank, options, found);
        const known = engine.list(request);
        if (!found.includes(unknown) || hasAttributes(options?.filter)) return known;
        const others = wanted.filter((_, i) => found[i] === unknown);
        const all = known.concat(unranked(others, options?.exclude));
        return request.limit < all.length ? all.slice(0, request.limit) : all;
      },
    );
  }

  similar(id: ItemId, options?: ListOptions): Recommendation[] {
    return this.#guard([], (engine) => {
      const item = engine.index(table.items, id);
      if (item === unknown) {
        this.#missed(engine, id);
        return this.popular(options);
      }
      return engine.list(this.#request(engine, mode.similar, options, [item]));
    });
  }

  popular(options?: ListOptions): Recommendation[] {
    return this.#guard([], (engine) =>
      engine.list(this.#request(engine, mode.popular, options, [])),
    );
  }

  experiment(key: string): Assignment {
    return this.#guard(
      () => unknownExperiment(key),
      () => {
        this.#asked = true;
        return this.#experiments?.assign(key) ?? unknownExperiment(key);
      },
    );
  }

  get checks(): readonly AssignmentCheck[] {
    return this.#experiments?.checks ?? none;
  }

  expose(key: string, list?: ExposedList): boolean {
    this.#asked = true;
    return this.#guard(false, () => this.#experiments?.expose(key, list) ?? false);
  }

  dispose(): void {
    this.#engine = undefined;
    this.#history = [];
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Notes an id that the bundle does not have. */
  #missed(engine: Engine, item: unknown): false {
    const id = idText(item).slice(0, longestId);
    if (this.#unknown.size < mostUnknown) this.#unknown.add(id);
    this.#parts.hints?.unknownItem(id, engine.ids());
    return false;
  }

  /** Uses the experiments of an overlay, unless the page may already act on earlier ones. */
  async #renewExperiments(): Promise<void> {
    try {
      const experiments = await this.#parts.readExperiments();
      if (!this.#asked) this.#experiments = experiments;
    } catch (error) {
      tell(this.#report, error);
    }
  }

  /** Options as the engine takes them. Whatever is not of the type it should be counts as not given. */
  #request(
    engine: Engine,
    kind: ListRequest['mode'],
    options: ListOptions | undefined,
    given: readonly number[],
  ): ListRequest {
    const { limit, filter, exclude, excludeSeen, explain, context } = options ?? {};
    this.#parts.hints?.list(nameOf(kind), options);
    const reranks = kind === mode.rerank;
    const places = number(limit, reranks ? Number.POSITIVE_INFINITY : defaultLimit);
    return {
      now: Date.now(),
      mode: kind,
      limit: Math.min(Math.max(0, Math.floor(places)), 2 ** 32 - 1),
      minPrice: number(filter?.minPrice, 0),
      maxPrice: number(filter?.maxPrice, Number.POSITIVE_INFINITY),
      availableOnly: !flag(filter?.includeUnavailable, reranks),
      excludeSeen: flag(excludeSeen, kind === mode.recommend),
      explain: flag(explain, true),
      categories: this.#look(engine, 'category', filter?.category),
      brands: this.#look(engine, 'brand', filter?.brand),
      excluded: engine.find(table.items, texts(exclude)),
      given,
      shown: this.#look(engine, 'category', context?.category),
      landing: engine.index(table.items, context?.landingProduct),
      market: engine.index(table.markets, context?.country),
      ...planOf(engine, options ?? {}, (what, given) => this.#look(engine, what, given)),
    };
  }

  /**
   * Returns the indices of the values of a filter. Unknown values stay in the filter, and no item
   * passes for them.
   */
  #look(
    engine: Engine,
    what: 'category' | 'brand',
    given: string | readonly string[] | undefined,
  ): number[] {
    const names: readonly unknown[] =
      typeof given === 'string' ? [given] : Array.isArray(given) ? given : none;
    const found = engine.find(what === 'brand' ? table.brands : table.categories, names);
    for (let i = 0; i < found.length; i++) {
      if (found[i] === unknown) this.#reportOnce(what, String(names[i]).slice(0, 200));
    }
    return found;
  }

  #reportOnce(what: string, name: string): void {
    const message = `the bundle has no ${what} "${name}": nothing passes the filter for it`;
    if (this.#reported.has(message) || this.#reported.size >= mostReports) return;
    this.#reported.add(message);
    this.#report('filter', message);
  }

  /** Runs `call`. When it cannot run or throws, reports the error and returns the fallback. */
  #guard<T>(fallback: T | (() => T), call: (engine: Engine) => T): T {
    try {
      if (this.#engine) return call(this.#engine);
      this.#report('disposed', 'the personalizer is disposed; create another');
    } catch (cause) {
      const ours = cause instanceof VitrineError;
      const code = cause instanceof WebAssembly.RuntimeError ? 'wasm' : 'usage';
      tell(this.#report, cause, code, ours ? '' : 'the call could not be answered: ');
    }
    return fallback instanceof Function ? fallback() : fallback;
  }
}

function nameOf(kind: ListRequest['mode']): string {
  return Object.entries(mode).find(([, value]) => value === kind)?.[0] ?? '';
}

function infoOf({ engine, metadata }: PersonalizerParts): BundleInfo {
  return Object.freeze({ itemCount: engine.itemCount, hash: engine.hash, metadata });
}

/** Returns true when a filter needs the catalogue. */
function hasAttributes(filter: ItemFilter | undefined): boolean {
  return (
    (filter?.category?.length ?? 0) > 0 ||
    (filter?.brand?.length ?? 0) > 0 ||
    number(filter?.minPrice, 0) > 0 ||
    number(filter?.maxPrice, Number.POSITIVE_INFINITY) < Number.POSITIVE_INFINITY
  );
}

/** Returns the ids of `ids`, which may be any value, as texts. */
function texts(ids: unknown): readonly string[] {
  if (!Array.isArray(ids)) return none;
  // A list that contains only strings need not be copied. findIndex also finds the gaps of a sparse
  // list.
  return ids.findIndex((id) => typeof id !== 'string') < 0
    ? ids
    : Array.from(ids, idText).filter((id) => id !== '');
}

/** Returns `ids` in their own order, each once. */
export function unranked(ids: unknown, exclude?: unknown): Recommendation[] {
  const left = new Set(texts(ids));
  for (const id of texts(exclude)) left.delete(id);
  return Array.from(left, (id) => ({ id, score: 0, reasons: [] }));
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' && !Number.isNaN(value) ? value : otherwise;
}

function flag(value: unknown, otherwise: boolean): boolean {
  return typeof value === 'boolean' ? value : otherwise;
}
