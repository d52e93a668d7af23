import { eventTypes, historyLength, longestId } from '../abi.js';
import type { Hints } from '../debug/hints.js';
import { loadHints } from '../debug/load_hints.js';
import { defaultOutboxLimits, Outbox } from '../delivery/outbox.js';
import { type DeliveredEvent, longestEvent, type Transport } from '../delivery/record.js';
import { fetchTransport } from '../delivery/transports.js';
import { type Report, reporter, tell } from '../error.js';
import { type DataLayer, followDataLayer } from '../events/data_layer.js';
import { parseShopEvent, shopEventNames } from '../events/shop_event.js';
import type { Assignment } from '../experiments/assign.js';
import type { ExperimentOptions } from '../experiments/experiment_set.js';
import { unknownExperiment } from '../experiments/unknown.js';
import { idText, randomId } from '../id.js';
import { defaultLimit, unranked } from '../ranking/personalizer.js';
import type {
  EventType,
  ItemId,
  ListOptions,
  Personalizer,
  Recommendation,
  RerankOptions,
  ShopperEvent,
} from '../ranking/types.js';
import { type Consent, type ConsentState, StoredConsent } from '../session/consent.js';
import type { HistoryEvent } from '../session/history.js';
import { SessionStore } from '../session/session_store.js';
import { Model, nameOf } from './model.js';
import { Slots } from './slots.js';
import type {
  ExportedData,
  FallbackOptions,
  SlotList,
  SlotOptions,
  Vitrine,
  VitrineOptions,
} from './vitrine_types.js';

const day = 24 * 3600 * 1000;
/**
 * The largest number of letters of a transaction id that tell orders apart.
 */
const longestOrder = 100;
/**
 * The largest number of different messages for a developer, so that a faulty page does not fill the
 * console.
 */
const mostMessages = 100;

/**
 * Starts the personalization of a shop. Returns at once; {@link Vitrine.ready} tells when lists are
 * ranked.
 */
export function createVitrine(options: VitrineOptions): Vitrine {
  return new PageVitrine(options);
}

class PageVitrine implements Vitrine {
  readonly ready: Promise<boolean>;
  readonly fullyReady: Promise<boolean>;
  readonly consent: Consent;
  readonly #options: VitrineOptions;
  readonly #debug: boolean;
  /** With the option `debug`. */
  readonly #hints: Promise<Hints | undefined> | undefined;
  readonly #report: Report;
  readonly #model: Model;
  readonly #session: SessionStore;
  readonly #consent: StoredConsent;
  readonly #outbox: Outbox | undefined;
  readonly #slots: Slots;
  readonly #listeners = new Set<() => void>();
  readonly #told = new Set<string>();
  #version = 0;
  #disposed = false;
  #restores = 0;
  /** Resolves when no `beforeSend` is at work. */
  #changing: Promise<unknown> = Promise.resolve();
  #storing: Promise<void> = Promise.resolve();

  constructor(given: VitrineOptions) {
    const options = given ?? {};
    this.#options = options;
    const inspected = options.inspector !== false && isInspected();
    this.#debug = options.debug ?? (isLocal() || inspected);
    this.#report = reporter(options.onError ?? console.warn);
    this.#hints = this.#debug ? loadHints() : undefined;
    void this.#hints?.then((hints) => hints?.page(options));
    const name = nameOf(options.scope);
    const { consent } = options;
    const initial = consent === 'granted' || consent === 'denied' ? consent : 'pending';
    this.#consent = new StoredConsent(initial, options, name, {
      onChange: (state) => this.#obey(state),
      onErase: (everything) => this.#forget(everything),
    });
    this.consent = this.#consent;
    this.#session = new SessionStore({
      limits: {
        events: Math.min(options.historyEvents ?? historyLength, historyLength),
        age: (options.historyDays ?? 30) * day,
      },
      name,
      consent: this.#consent,
      report: this.#report,
      onChange: () => this.#replay(),
    });
    this.#slots = new Slots(options.slots);
    this.#outbox = options.transport
      ? new Outbox({
          transport: transportOf(options),
          limits: defaultOutboxLimits,
          database: () => this.#session.database,
          sync: () => this.#consent.sync(),
          dropped: () => this.#consent.dropped,
          lock: `${name}.outbox`,
          report: this.#report,
        })
      : undefined;
    this.#obey(this.#consent.state);
    // The outbox has its listeners already, so that it sends before storage is closed.
    globalThis.addEventListener?.('pagehide', this.#leave);
    globalThis.addEventListener?.('pageshow', this.#return);
    const experiments: ExperimentOptions = {
      ...options.experiments,
      onExposure: (exposure) => {
        options.experiments?.onExposure?.(exposure);
        this.send(exposure.event, exposure);
      },
    };
    this.#model = new Model({ ...options, experiments, debug: this.#debug }, this.#report, () =>
      this.#replay(),
    );
    this.ready = this.#model.ready;
    this.fullyReady = this.#model.fullyReady;
    if (inspected) void this.#inspect();
  }

  get personalizer(): Personalizer | undefined {
    return this.#model.personalizer;
  }

  get history(): readonly HistoryEvent[] {
    return this.#session.events;
  }

  get version(): number {
    return this.#version;
  }

  get restores(): number {
    return this.#restores;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  track(name: string, parameters?: object): boolean {
    return this.#guard(false, () => {
      if (this.#isDisposed()) return false;
      const parsed = parseShopEvent(name, parameters, this.#options.itemId);
      if (!parsed)
        void this.#hints?.then((hints) => hints?.event(name, parameters, shopEventNames()));
      for (const problem of parsed?.problems ?? []) this.#tell(problem);
      if (!parsed || !('event' in parsed)) return false;
      const { name: event, type, items, list, order } = parsed.event;
      // A page that thanks for an order may be loaded again.
      if (type && !this.#rememberItems(type, items, order.transaction_id)) return true;
      this.send(event, { items, ...order, ...(list && { item_list_id: list }) });
      return true;
    });
  }

  record(event: ShopperEvent): boolean {
    return this.#guard(false, () => {
      if (this.#isDisposed()) return false;
      const { type = 'view', time } = event;
      const item = idText(event.item);
      if (item.length === 0 || item.length > longestId) {
        this.#tell(`an event needs an item of 1 to ${longestId} characters`);
        return false;
      }
      const now = Date.now();
      this.#remember({
        id: randomId(),
        item,
        type: eventTypes.includes(type) ? type : 'other',
        time: Number.isFinite(time) ? Math.min(time as number, now) : now,
      });
      return true;
    });
  }

  connect(dataLayer: DataLayer): () => void {
    return this.#guard(
      () => {},
      () =>
        followDataLayer(dataLayer, (name, parameters) => {
          this.track(name as string, parameters as object);
        }),
    );
  }

  recommend(options?: ListOptions & FallbackOptions): Recommendation[] {
    return this.personalizer?.recommend(options) ?? own(options);
  }

  rerank(ids: readonly ItemId[], options?: RerankOptions): Recommendation[] {
    return (
      this.personalizer?.rerank(ids, options) ??
      own({ limit: Number.POSITIVE_INFINITY, ...options, fallback: ids })
    );
  }

  similar(id: ItemId, options?: ListOptions & FallbackOptions): Recommendation[] {
    return this.personalizer?.similar(id, options) ?? own(options);
  }

  popular(options?: ListOptions & FallbackOptions): Recommendation[] {
    return this.personalizer?.popular(options) ?? own(options);
  }

  experiment(key: string): Assignment {
    return this.personalizer?.experiment(key) ?? unknownExperiment(key);
  }

  expose(key: string, list?: SlotList): boolean {
    return this.#guard(false, () => {
      const exposed = list && {
        slot: list.slot,
        items: list.items.map(({ id }) => id),
        propensities: list.items.map(({ propensity = 1 }) => propensity),
      };
      return this.personalizer?.expose(key, exposed) ?? false;
    });
  }

  slot(name: string, given?: SlotOptions): SlotList {
    const nothing = { slot: name, items: [], personalized: false };
    return this.#guard(nothing, () => {
      const options = this.#slots.options(name, given);
      const { item, list = item === undefined ? 'recommend' : 'similar' } = options;
      const items =
        list === 'similar'
          ? this.similar(item ?? '', options)
          : this[list === 'popular' ? 'popular' : 'recommend'](options);
      const personalized = this.personalizer !== undefined;
      return this.#slots.take({ slot: name, items, personalized });
    });
  }

  trackView(list: SlotList): void {
    this.#guard(undefined, () => {
      const items = list.items.map(({ id }, index) => ({ item_id: id, index }));
      if (items.length > 0) this.#deliverList('view_item_list', list, items);
    });
  }

  trackClick(list: SlotList, given: ItemId): void {
    this.#guard(undefined, () => {
      const id = idText(given);
      const index = list.items.findIndex((item) => item.id === id);
      if (index >= 0) this.#deliverList('select_item', list, [{ item_id: id, index }]);
    });
  }

  newPage(): void {
    this.#slots.clear();
  }

  send(event: string, data?: object): void {
    this.#guard(undefined, () => {
      this.#consent.sync();
      if (!this.#outbox || this.#consent.state === 'denied') return;
      const id = randomId();
      const { dropped } = this.#consent;
      const full: DeliveredEvent = { ...data, id, event, time: Date.now() };
      const { beforeSend } = this.#options;
      const changed = beforeSend ? beforeSend(full) : full;
      if (!(changed instanceof Promise)) return this.#enqueue(id, changed, dropped);
      const added = changed
        .then((later) => this.#enqueue(id, later, dropped))
        .catch((cause) => tell(this.#report, cause, 'usage', 'beforeSend rejects: '));
      this.#changing = Promise.all([this.#changing, added]);
    });
  }

  refresh(): Promise<boolean> {
    return this.#model.refresh();
  }

  async flush(): Promise<void> {
    await this.#changing;
    if (this.#consent.state === 'granted') await this.#outbox?.flush();
  }

  async export(): Promise<ExportedData> {
    this.#consent.sync();
    await this.#storing;
    await this.#session.settled();
    return {
      consent: this.#consent.state,
      visitorId: this.#options.visitorId,
      history: this.history,
      unknownItems: this.personalizer?.unknownItems ?? [],
      waiting: this.#outbox?.waiting ?? [],
    };
  }

  async erase(): Promise<void> {
    this.#consent.erase();
    await this.#storing;
    await Promise.all([this.#session.erase(), this.#outbox?.erase()]);
  }

  push(...callbacks: ((vitrine: Vitrine) => void)[]): void {
    for (const callback of callbacks) this.#guard(undefined, () => callback(this));
  }

  dispose(): void {
    this.#disposed = true;
    globalThis.removeEventListener?.('pagehide', this.#leave);
    globalThis.removeEventListener?.('pageshow', this.#return);
    this.#model.dispose();
    this.#consent.dispose();
    this.#outbox?.dispose();
    this.#listeners.clear();
    void this.#session.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #isDisposed(): boolean {
    if (this.#disposed) this.#report('disposed', 'this object is disposed; create another');
    return this.#disposed;
  }

  /**
   * Adds an event for each item. The items of an order have the same ids each time. Returns false
   * when the history has all of them.
   */
  #rememberItems(
    type: EventType,
    items: readonly { item_id: string }[],
    transaction: string | number | undefined,
  ): boolean {
    const isOrder = type === 'purchase' && transaction !== undefined;
    const known = new Set(isOrder ? this.history.map(({ id }) => id) : []);
    const events = items
      .map(({ item_id: item }) => ({
        id: isOrder ? `${transaction}`.slice(0, longestOrder) + item : randomId(),
        item,
        type,
        time: Date.now(),
      }))
      .filter(({ id }) => !known.has(id));
    for (const event of events) this.#remember(event);
    return events.length > 0;
  }

  #remember(event: HistoryEvent): void {
    this.#consent.sync();
    const latest = this.history.at(-1)?.time ?? 0;
    this.#session.add(event);
    // The model takes events in their order.
    if (event.time < latest) this.#replay();
    else {
      this.personalizer?.record(event);
      this.#changed();
    }
  }

  /**
   * Lets an event wait for delivery, as `beforeSend` has returned it. `dropped` is the last erasure
   * before the event.
   */
  #enqueue(id: string, event: DeliveredEvent | null, dropped: number): void {
    this.#consent.sync();
    if (!event || this.#consent.state === 'denied' || dropped !== this.#consent.dropped) return;
    // An event that cannot be converted to JSON must not stop the other events.
    const text = JSON.stringify({ ...event, id });
    if (text.length <= longestEvent) this.#outbox?.add(JSON.parse(text) as DeliveredEvent);
    else this.#report('delivery', `an event of ${text.length} letters is dropped: too long`);
  }

  #deliverList(event: string, list: SlotList, items: object[]): void {
    const bundle = list.personalized ? this.personalizer?.info.hash : undefined;
    this.send(event, { items, item_list_id: list.slot, ...(bundle && { bundle }) });
  }

  /**
   * Changes storage and delivery after an answer of the shopper. Answers are handled one after the
   * other, in their order.
   */
  #obey(state: ConsentState): void {
    this.#outbox?.allow(state === 'granted');
    this.#storing = this.#storing.then(async () => {
      if (state === 'granted') {
        await this.#session.persist();
        await this.#outbox?.adopt();
      } else {
        await this.#session.stopPersisting();
      }
    });
  }

  /** Drops in memory what another tab or this one has erased. */
  #forget(everything: boolean): void {
    this.#outbox?.drop();
    if (!everything) return;
    this.#session.forget();
    this.#replay();
  }

  /** The browser may keep the page for a way back, unless it has a channel open. */
  readonly #leave = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#session.suspend();
  };

  /** The page was kept: other pages may have changed everything meanwhile. */
  readonly #return = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return;
    const resumed = this.#session.resume();
    this.#consent.sync();
    this.#storing = this.#storing.then(async () => {
      await resumed;
      await this.#outbox?.flush();
      this.#restores++;
      this.#replay();
    });
  };

  /**
   * Gives the complete history to the model again: after events from another tab, after an erasure,
   * or for a new model.
   */
  #replay(): void {
    const { personalizer } = this;
    personalizer?.clear();
    for (const event of this.history) personalizer?.record(event);
    this.#changed();
  }

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) this.#guard(undefined, listener);
  }

  /** Opens the inspector. It is loaded only then. */
  async #inspect(): Promise<void> {
    try {
      const { openInspector } = await import('./inspector.js');
      openInspector(this, () => this.#slots.lists);
    } catch (cause) {
      tell(this.#report, cause, 'network', 'the inspector does not open: ');
    }
  }

  /** Prints a message for developers, each message once. */
  #tell(problem: string): void {
    if (!this.#debug || this.#told.has(problem) || this.#told.size >= mostMessages) return;
    this.#told.add(problem);
    console.warn(`vitrine: ${problem}`);
  }

  #guard<T>(fallback: T, call: () => T): T {
    try {
      return call();
    } catch (cause) {
      tell(this.#report, cause, 'usage', 'the call could not be answered: ');
      return fallback;
    }
  }
}

/** Returns the list in the shop's own order. */
function own(options: (ListOptions & FallbackOptions) | undefined): Recommendation[] {
  const { fallback, exclude, limit = defaultLimit } = options ?? {};
  return unranked(fallback, exclude).slice(0, Math.max(0, limit));
}

function transportOf({ transport, fetch }: VitrineOptions): Transport {
  if (typeof transport === 'function') return { send: transport };
  if (typeof transport === 'object' && 'send' in transport) return transport;
  return fetchTransport(transport as string | URL, fetch ? { fetch } : {});
}

function isLocal(): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])$/.test(globalThis.location?.hostname ?? '');
}

function isInspected(): boolean {
  return /[?&]vitrine_debug\b/.test(globalThis.location?.search ?? '');
}
