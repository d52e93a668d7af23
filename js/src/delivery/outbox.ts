import { describe, type Report } from '../error.js';
import type { Database, Stored } from '../session/database.js';
import { mostWritten, take } from '../session/session_store.js';
import {
  type DeliveredEvent,
  type DeliveryResult,
  isDeliverable,
  type Transport,
} from './record.js';

export interface OutboxLimits {
  /** Events are sent at once when this many are waiting. */
  batch: number;
  /** The largest number of events in one request. */
  request: number;
  /** The longest time in milliseconds that an event waits for others. */
  wait: number;
  /**
   * The largest number of waiting events while nothing can be sent. The oldest are dropped first.
   */
  events: number;
  /** The largest age of a waiting event, in milliseconds. */
  age: number;
  /** The largest time by which an event may be ahead of the clock, in milliseconds. */
  ahead: number;
}

export const defaultOutboxLimits: OutboxLimits = {
  batch: 20,
  request: 200,
  wait: 5000,
  events: 10_000,
  age: 3 * 24 * 3600 * 1000,
  ahead: 24 * 3600 * 1000,
};

/** A page that is being closed may send 64 KiB in total; other scripts may use a part of it. */
const leavingBytes = 60_000;
const firstRetry = 1000;
const lastRetry = 10 * 60_000;

export interface OutboxParts {
  transport: Transport;
  limits: OutboxLimits;
  /** The storage that keeps waiting events between pages; undefined when nothing may be stored. */
  database: () => Promise<Database | undefined>;
  report: Report;
  /**
   * Reads the shopper's answer and erasures again, and calls `allow` and `drop` accordingly. Default:
   * nothing.
   */
  sync?: () => void;
  /** Returns the time of the last erasure of waiting events. Default: there is none. */
  dropped?: () => number;
  /** The name of the lock by which tabs take turns. Default: `vitrine.outbox`. */
  lock?: string;
  /** Returns a number in [0, 1) that spreads retries. */
  random?: () => number;
}

/**
 * The events on their way to the shop's endpoint. Each event stays in memory, and in storage when
 * allowed, until the endpoint has accepted it. An event that arrives twice has the same id both
 * times. Tabs take turns at sending, and they also send the events of closed tabs.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #waiting = new Map<string, DeliveredEvent>();
  readonly #inFlight = new Set<string>();
  /** Ids of events that were sent or dropped in this tab but are still in storage. */
  readonly #done = new Set<string>();
  /** Ids of events that were in storage at the last look, or were stored by this tab since. */
  #stored = new Set<string>();
  /** Changes to write to storage, by id; undefined removes a record. */
  readonly #changes = new Map<string, DeliveredEvent | undefined>();
  #scheduled = false;
  #written: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerEnd = Number.POSITIVE_INFINITY;
  #failures = 0;
  #sending: Promise<void> | undefined;
  #allowed = false;
  #told = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#listen('addEventListener');
  }

  /** The number of events that wait in this tab. */
  get size(): number {
    return this.#waiting.size;
  }

  get waiting(): readonly DeliveredEvent[] {
    return [...this.#waiting.values()];
  }

  add(event: DeliveredEvent): void {
    this.#waiting.set(event.id, event);
    this.#change([event], this.#overLimits());
    const { batch, wait } = this.#parts.limits;
    // After a failure the retry is not moved forward, however many events are added.
    if (this.#failures === 0) this.#sendIn(this.#waiting.size >= batch ? 0 : wait);
  }

  /** Allows or forbids sending. By default nothing is sent, and events wait. */
  allow(allowed: boolean): void {
    this.#allowed = allowed;
    if (!allowed) this.#stop();
  }

  /**
   * Takes over the events that earlier pages could not send, and stores the events of this page.
   */
  async adopt(): Promise<void> {
    this.#change([...this.#waiting.values()], []);
    await this.flush();
  }

  /** Sends the waiting events, as long as the endpoint accepts them. Never rejects. */
  async flush(): Promise<void> {
    if (!this.#allowed) return;
    this.#sending ??= this.#inTurn(() => this.#sendAll());
    await this.#sending;
  }

  /** Drops all waiting events in memory, and in storage those that this tab knows. */
  drop(): void {
    const gone = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#changes.clear();
    this.#stop();
    for (const { id } of gone) this.#stored.add(id); // one of them may be on its way into storage
    this.#change([], gone);
  }

  /** Removes the events of before the last erasure in storage. */
  async erase(): Promise<void> {
    await this.#parts
      .database()
      .then((database) => database?.all('outbox', this.#dropped()))
      .catch((cause: unknown) => this.#tell(`waiting events stay in storage: ${describe(cause)}`));
  }

  dispose(): void {
    this.allow(false);
    this.#listen('removeEventListener');
  }

  #dropped(): number {
    return this.#parts.dropped?.() ?? 0;
  }

  #listen(how: 'addEventListener' | 'removeEventListener'): void {
    globalThis[how]?.('pagehide', this.#leave);
    globalThis[how]?.('online', this.#online);
    globalThis.document?.[how]('visibilitychange', this.#leave as EventListener);
  }

  async #sendAll(): Promise<void> {
    this.#stop();
    await this.#takeStored();
    for (;;) {
      // The last moment to hear of another tab's answer or erasure is before each request.
      this.#parts.sync?.();
      this.#change([], this.#expire());
      const isDone = () => this.#waiting.size === 0 || !this.#allowed;
      if (isDone()) {
        // The tab that is next must not find in storage what was sent.
        await this.#written;
        if (isDone()) break;
        continue;
      }
      const batch = [...this.#waiting.values()].slice(0, this.#parts.limits.request);
      const result = await this.#send(batch, false);
      if (typeof result === 'object') {
        this.#sendIn(this.#retryIn(result.later));
        break;
      }
      this.#failures = 0;
      this.#finish(batch, result);
    }
    // This is reset now, so that events added from here on start another sending.
    this.#sending = undefined;
  }

  /**
   * Schedules the next attempt after 1 s, 2 s, 4 s ... up to ten minutes. Each time is shortened at
   * random by up to half, but not below the time that the server asked for.
   */
  #retryIn(asked: number): number {
    const wait = Math.min(firstRetry * 2 ** this.#failures++, lastRetry);
    const random = (this.#parts.random ?? Math.random)();
    return Math.max(wait * (1 - random / 2), asked + random * firstRetry);
  }

  async #send(events: readonly DeliveredEvent[], leaving: boolean): Promise<DeliveryResult> {
    for (const { id } of events) this.#inFlight.add(id);
    try {
      return await this.#parts.transport.send(events, { leaving });
    } catch (cause) {
      if (this.#failures === 0)
        this.#tell(`events wait to be delivered: ${describe(cause)}`, cause);
      return { later: 0 };
    } finally {
      for (const { id } of events) this.#inFlight.delete(id);
    }
  }

  #finish(events: readonly DeliveredEvent[], result: 'sent' | 'refused'): void {
    if (result === 'refused') {
      this.#parts.report(
        'delivery',
        `the endpoint refused ${events.length} events; they are dropped`,
      );
    }
    for (const { id } of events) this.#waiting.delete(id);
    this.#change([], events);
  }

  /** Reads the events that other pages stored. */
  async #takeStored(): Promise<void> {
    try {
      const database = await this.#parts.database();
      let stored: Stored[];
      let dropped: number;
      do {
        dropped = this.#dropped();
        stored = (await database?.all('outbox', dropped)) ?? [];
      } while (dropped !== this.#dropped());
      const left = new Set<string>();
      const unusable = new Map<string, undefined>();
      for (const event of stored) {
        left.add(event.id);
        if (!isDeliverable(event)) unusable.set(event.id, undefined);
        else if (!this.#done.has(event.id)) this.#waiting.set(event.id, event);
      }
      for (const id of this.#stored) {
        if (!left.has(id)) this.#waiting.delete(id); // another tab has sent it
      }
      this.#stored = left;
      this.#change([], this.#overLimits());
      if (unusable.size > 0) await database?.write('outbox', unusable);
    } catch (cause) {
      this.#tell(`waiting events are not stored: ${describe(cause)}`, cause);
    }
  }

  /** Removes events that are too many, and the first ones that are too old, and returns them. */
  #overLimits(): DeliveredEvent[] {
    const { events, age } = this.#parts.limits;
    const oldest = Date.now() - age;
    const dropped: DeliveredEvent[] = [];
    for (const event of this.#waiting.values()) {
      if (event.time >= oldest && this.#waiting.size <= events) break;
      if (this.#inFlight.has(event.id)) continue;
      this.#waiting.delete(event.id);
      dropped.push(event);
    }
    if (dropped.length > 0) this.#tell('too many events wait; the oldest are dropped');
    return dropped;
  }

  /**
   * Removes every event that is too old, or too far ahead of the clock to ever become old, and
   * returns them. Events of several pages and of a clock that was set are in no order of time.
   */
  #expire(): DeliveredEvent[] {
    const { age, ahead } = this.#parts.limits;
    const now = Date.now();
    const dropped: DeliveredEvent[] = [];
    for (const event of this.#waiting.values()) {
      if (event.time >= now - age && event.time <= now + ahead) continue;
      if (this.#inFlight.has(event.id)) continue;
      this.#waiting.delete(event.id);
      dropped.push(event);
    }
    if (dropped.length > 0) this.#tell('events of another time are dropped: they waited too long');
    return dropped;
  }

  /** Collects the changes of one moment into one transaction. */
  #change(stored: readonly DeliveredEvent[], gone: readonly DeliveredEvent[]): void {
    for (const event of stored) this.#changes.set(event.id, event);
    for (const { id } of gone) {
      // An event that is not yet written need not be removed.
      if (this.#changes.get(id) && !this.#stored.has(id)) {
        this.#changes.delete(id);
        continue;
      }
      this.#changes.set(id, undefined);
      this.#done.add(id);
    }
    if (this.#scheduled || this.#changes.size === 0) return;
    this.#scheduled = true;
    this.#written = this.#write().catch((cause: unknown) => {
      this.#scheduled = false;
      this.#tell(`waiting events stay in memory: ${describe(cause)}`, cause);
    });
  }

  async #write(): Promise<void> {
    const database = await this.#parts.database();
    this.#parts.sync?.();
    for (let more = true; more; ) {
      const changes = take(this.#changes, mostWritten);
      more = this.#changes.size > 0;
      this.#scheduled = more;
      await database?.write('outbox', changes, this.#dropped());
      for (const [id, event] of changes) {
        if (event && database) this.#stored.add(id);
        if (event) continue;
        this.#stored.delete(id);
        this.#done.delete(id);
      }
    }
  }

  /** Runs `work` in one tab at a time, if the browser supports locks. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const locks = globalThis.navigator?.locks;
    // In a frame without an origin, a lock request is rejected.
    const held = await locks
      ?.request(this.#parts.lock ?? 'vitrine.outbox', () => work().then(() => true))
      .catch(() => false);
    if (!held) await work();
  }

  #sendIn(milliseconds: number): void {
    const end = Date.now() + milliseconds;
    if (!this.#allowed || (this.#timer !== undefined && this.#timerEnd <= end)) return;
    this.#stop();
    this.#timerEnd = end;
    this.#timer = setTimeout(() => void this.flush(), milliseconds);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #online = (): void => {
    this.#failures = 0;
    this.#parts.sync?.();
    if (this.#waiting.size > 0) void this.flush();
  };

  /**
   * The page may be closed in a moment: sends the events that fit, without waiting for other tabs.
   */
  readonly #leave = (event: Event): void => {
    const visible = event.type === 'visibilitychange' && document.visibilityState !== 'hidden';
    if (visible) return;
    this.#parts.sync?.();
    if (!this.#allowed) return;
    this.#change([], this.#expire());
    const batch: DeliveredEvent[] = [];
    let bytes = 0;
    for (const waiting of this.#waiting.values()) {
      // A UTF-16 code unit has at most 3 bytes in UTF-8.
      const size = 3 * JSON.stringify(waiting).length;
      if (bytes + size > leavingBytes || this.#inFlight.has(waiting.id)) continue;
      bytes += size;
      batch.push(waiting);
    }
    if (batch.length === 0) return;
    void this.#send(batch, true).then((result) => {
      if (typeof result === 'string') this.#finish(batch, result);
      else this.#sendIn(this.#retryIn(result.later));
    });
  };

  #tell(message: string, cause?: unknown): void {
    if (this.#told) return;
    this.#told = true;
    this.#parts.report('delivery', message, cause);
  }
}
