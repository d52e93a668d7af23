import type { EventType } from '../ranking/types.js';

/** What the shopper did with one item, and when. */
export interface HistoryEvent {
  /** The same in all tabs; orders the events of one moment. */
  readonly id: string;
  /** Id of the item, known to the bundle or not. */
  readonly item: string;
  /** What was done with it. */
  readonly type: EventType;
  /** Milliseconds since 1970, by the clock of the browser. */
  readonly time: number;
}

export interface HistoryLimits {
  /** Events at most; the oldest go first. */
  events: number;
  /** Age at most, in milliseconds. */
  age: number;
}

const before = (a: HistoryEvent, b: HistoryEvent) =>
  a.time - b.time || (a.id < b.id ? -1 : Number(a.id > b.id));

/** The events of one shopper from all tabs, oldest first, each id once. Pure memory. */
export class History {
  readonly #limits: HistoryLimits;
  #events: readonly HistoryEvent[] = [];

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  /** A new array after each change. */
  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /**
   * Takes events in any order, also such that are there already. Returns those that fell out, over the limits.
   * A time after `now` is taken for `now`: a clock that was wrong must not hold the top of the history for ever.
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

/** Whether a value from storage or another tab is an event. */
export function isHistoryEvent(value: unknown): value is HistoryEvent {
  const { id, item, type, time } = (value ?? {}) as Record<keyof HistoryEvent, unknown>;
  return (
    typeof id === 'string' &&
    typeof item === 'string' &&
    typeof type === 'string' &&
    Number.isFinite(time)
  );
}
