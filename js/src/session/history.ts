import { eventTypes, longestId } from '../abi.js';
import type { EventType } from '../ranking/types.js';

/** An action of the shopper with one item. */
export interface HistoryEvent {
  /**
   * The id of the event, which is the same in all tabs. It also orders events of the same moment.
   */
  readonly id: string;
  /** The id of the item; the bundle may not know it. */
  readonly item: string;
  /** The type of the action. */
  readonly type: EventType;
  /** Milliseconds since 1970, by the clock of the browser. */
  readonly time: number;
}

export interface HistoryLimits {
  /** The largest number of events; the oldest are removed first. */
  events: number;
  /** The largest age, in milliseconds. */
  age: number;
}

const before = (a: HistoryEvent, b: HistoryEvent) =>
  a.time - b.time || (a.id < b.id ? -1 : Number(a.id > b.id));

/** The events of one shopper from all tabs, oldest first, each id once. It is only in memory. */
export class History {
  readonly #limits: HistoryLimits;
  #events: readonly HistoryEvent[] = [];

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  /** The events. The array is a new one after each change. */
  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /**
   * Adds events in any order; events that are already there may be among them. Returns the events
   * that were removed because of the limits. A time after `now` is replaced by `now`, so that a
   * wrong clock does not keep an event at the top of the history for ever.
   */
  add(events: readonly HistoryEvent[], now: number): HistoryEvent[] {
    const all = new Map(this.#events.map((event) => [event.id, event]));
    for (const event of events) {
      if (!all.has(event.id)) {
        all.set(event.id, event.time > now ? { ...event, time: now } : event);
      }
    }
    const sorted = [...all.values()].sort(before);
    const oldest = now - this.#limits.age;
    const young = sorted.filter(({ time }) => time >= oldest);
    const kept = young.slice(Math.max(0, young.length - this.#limits.events));
    this.#events = Object.freeze(kept);
    const left = new Set(kept);
    return sorted.filter((event) => !left.has(event));
  }

  clear(): void {
    this.#events = [];
  }
}

/** Returns true when a value from storage or another tab is an event as `record` makes it. */
export function isHistoryEvent(value: unknown): value is HistoryEvent {
  const { id, item, type, time } = (value ?? {}) as Record<keyof HistoryEvent, unknown>;
  return isId(id) && isId(item) && eventTypes.includes(type as EventType) && Number.isFinite(time);
}

const isId = (value: unknown) =>
  typeof value === 'string' && value.length > 0 && value.length <= longestId;
