import { describe, type Report } from '../error.js';
import type { Database } from '../session/database.js';
import type { DeliveredEvent, DeliveryAdapter, DeliveryResult } from './record.js';

export interface OutboxLimits {
  /** So many waiting events are sent at once. */
  batch: number;
  /** Events of one request at most. */
  request: number;
  /** Longest wait of an event for others to join its batch, in milliseconds. */
  wait: number;
  /** Events that wait at most while nothing can be sent; the oldest go first. */
  events: number;
  /** Age of a waiting event at most, in milliseconds. */
  age: number;
}

export const defaultOutboxLimits: OutboxLimits = {
  batch: 20,
  request: 200,
  wait: 5000,
  events: 10_000,
  age: 3 * 24 * 3600 * 1000,
};

/** Browsers let a page that goes away send 64 KiB in all; some of it may be in use by others. */
const leavingBytes = 60_000;
const firstRetry = 1000;
const lastRetry = 10 * 60_000;
const lockName = 'vitrine.outbox';

export interface OutboxParts {
  adapter: DeliveryAdapter;
  limits: OutboxLimits;
  /** Where waiting events are kept over pages; undefined where nothing may be stored. */
  database: () => Promise<Database | undefined>;
  report: Report;
  /** In [0, 1), for the spread of retries. */
  random?: () => number;
}

/**
 * Events on their way to the shop's endpoint. Each stays, in memory and where allowed in storage, until the endpoint
 * has it; one that arrives twice has the same id. Tabs take turns at sending, and send what closed tabs left behind.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #waiting = new Map<string, DeliveredEvent>();
  readonly #inFlight = new Set<string>();
  /** Sent or dropped here, and still in storage. */
  readonly #done = new Set<string>();
  /** In storage when this tab last looked, or stored by it since. */
  #stored = new Set<string>();
  /** What is to be written to storage, by id; undefined removes. */
  #changes = new Map<string, DeliveredEvent | undefined>();
  #scheduled = false;
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

  /** How many events wait in this tab. */
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
    // After a failure the retry's time holds, however many join.
    if (this.#failures === 0) this.#sendIn(this.#waiting.size >= batch ? 0 : wait);
  }

  /** Whether anything may be sent. Default: not, and events wait. */
  allow(allowed: boolean): void {
    this.#allowed = allowed;
    if (!allowed) this.#stop();
  }

  /** Takes over what earlier pages could not send, and stores what waits here. */
  async adopt(): Promise<void> {
    this.#change([...this.#waiting.values()], []);
    await this.flush();
  }

  /** Sends what waits, as far as the endpoint takes it. Never rejects. */
  async flush(): Promise<void> {
    if (!this.#allowed) return;
    this.#sending ??= this.#inTurn(() => this.#sendAll());
    await this.#sending;
  }

  /** Drops all that waits, here and in storage. */
  async clear(): Promise<void> {
    this.#waiting.clear();
    this.#changes.clear();
    this.#stop();
    await this.#parts
      .database()
      .then((database) => database?.clear('outbox'))
      .catch((cause: unknown) => this.#tell(`waiting events stay in storage: ${describe(cause)}`));
  }

  dispose(): void {
    this.allow(false);
    this.#listen('removeEventListener');
  }

  #listen(how: 'addEventListener' | 'removeEventListener'): void {
    globalThis[how]?.('pagehide', this.#leave);
    globalThis[how]?.('online', this.#online);
    globalThis.document?.[how]('visibilitychange', this.#leave as EventListener);
  }

  async #sendAll(): Promise<void> {
    this.#stop();
    await this.#takeStored();
    while (this.#waiting.size > 0 && this.#allowed) {
      const batch = [...this.#waiting.values()].slice(0, this.#parts.limits.request);
      const result = await this.#send(batch, false);
      if (typeof result === 'object') {
        this.#sendIn(this.#retryIn(result.later));
        break;
      }
      this.#failures = 0;
      this.#finish(batch, result);
    }
    // At once: what is added from here on is for a sending of its own.
    this.#sending = undefined;
  }

  /** 1 s, 2 s, 4 s ... ten minutes, each shortened at random by up to half, but not below what the server asks. */
  #retryIn(asked: number): number {
    const wait = Math.min(firstRetry * 2 ** this.#failures++, lastRetry);
    const random = (this.#parts.random ?? Math.random)();
    return Math.max(wait * (1 - random / 2), asked + random * firstRetry);
  }

  async #send(events: readonly DeliveredEvent[], leaving: boolean): Promise<DeliveryResult> {
    for (const { id } of events) this.#inFlight.add(id);
    try {
      return await this.#parts.adapter.send(events, { leaving });
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

  /** What other pages stored and this one does not know. */
  async #takeStored(): Promise<void> {
    try {
      const database = await this.#parts.database();
      const stored = ((await database?.all('outbox')) ?? []) as DeliveredEvent[];
      const left = new Set<string>();
      for (const event of stored) {
        left.add(event.id);
        if (!this.#done.has(event.id)) this.#waiting.set(event.id, event);
      }
      for (const id of this.#stored) {
        if (!left.has(id)) this.#waiting.delete(id); // another tab has sent it
      }
      this.#stored = left;
      this.#change([], this.#overLimits());
    } catch (cause) {
      this.#tell(`waiting events are not stored: ${describe(cause)}`, cause);
    }
  }

  /** Takes events that are too old, or too many, out of the memory, and returns them. */
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

  /** Many changes of one moment go into one transaction. */
  #change(stored: readonly DeliveredEvent[], gone: readonly DeliveredEvent[]): void {
    for (const event of stored) this.#changes.set(event.id, event);
    for (const { id } of gone) {
      this.#changes.set(id, undefined);
      this.#done.add(id);
    }
    if (this.#scheduled || this.#changes.size === 0) return;
    this.#scheduled = true;
    void this.#write().catch((cause: unknown) => {
      this.#tell(`waiting events stay in memory: ${describe(cause)}`, cause);
    });
  }

  async #write(): Promise<void> {
    const database = await this.#parts.database();
    this.#scheduled = false;
    const changes = this.#changes;
    this.#changes = new Map();
    await database?.write('outbox', changes);
    for (const [id, event] of changes) {
      if (event && database) this.#stored.add(id);
      if (event) continue;
      this.#stored.delete(id);
      this.#done.delete(id);
    }
  }

  /** One tab at a time, where the browser can tell them apart. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const locks = globalThis.navigator?.locks;
    // A frame without an origin has locks that refuse.
    const held = await locks?.request(lockName, () => work().then(() => true)).catch(() => false);
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
    if (this.#waiting.size > 0) void this.flush();
  };

  /** The page may be gone in a moment: hands over what fits, without waiting for a turn. */
  readonly #leave = (event: Event): void => {
    const visible = event.type === 'visibilitychange' && document.visibilityState !== 'hidden';
    if (visible || !this.#allowed) return;
    const batch: DeliveredEvent[] = [];
    let bytes = 0;
    for (const waiting of this.#waiting.values()) {
      // A letter has at most 3 bytes.
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
