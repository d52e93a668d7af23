import type { Assignment } from './assign.js';

/** A list as it was drawn. Replay needs these data to evaluate other rankings. */
export interface ExposedList {
  /** The name of the place on the page. Default: none. */
  slot?: string;
  /** The ids in the order in which they were shown. */
  items: readonly string[];
  /** The position of each item, from 1. Default: 1, 2, 3 ... */
  positions?: readonly number[];
  /**
   * The probability with which each item got its position. Default: 1 each, for a list without
   * exploration.
   */
  propensities?: readonly number[];
}

/**
 * An exposure: the unit has seen its variation. It is a row of the log that `vitrine experiment
 * analyze` reads.
 */
export interface Exposure {
  /** The event name of the row. */
  event: 'exposure';
  /** The name of the attribute that is the unit. */
  attribute: string;
  /** The value of this attribute. */
  unit: string;
  /** The key of the experiment. */
  experiment: string;
  /** The name of the variation. */
  variation: string;
  /** Milliseconds since 1970. */
  time: number;
  /** The content hash of the bundle. */
  bundle: string;
  /** The probability with which a bandit chose the variation. Set for bandits only. */
  propensity?: number;
  /** The number of earlier rounds of the unit. Set for bandits only. */
  round?: number;
  /** The list that the unit saw, if the page gave one. */
  list?: Required<Omit<ExposedList, 'slot'>> & { slot?: string };
}

/**
 * The keys of reported exposures. A `Set` is a valid value. An implementation over the page's
 * storage remembers them between pages.
 */
export interface ExposedKeys {
  /** Returns true when `key` has been reported. */
  has(key: string): boolean;
  /** Remembers that `key` has been reported. */
  add(key: string): unknown;
}

/** The options of an `ExposureLog`. */
export interface ExposureOptions {
  /** Receives each exposure. */
  send: (exposure: Exposure) => void;
  /** The content hash of the bundle. Default: an empty text. */
  bundle?: string;
  /** The exposures that were reported before. Default: an empty set. */
  reported?: ExposedKeys;
  /** Returns the present time. Default: `Date.now`. */
  now?: () => number;
}

/**
 * Reports an exposure once for each unit, experiment and variation, and for a bandit once for each
 * round.
 */
export class ExposureLog {
  readonly #options: ExposureOptions;
  readonly #reported: ExposedKeys;

  constructor(options: ExposureOptions) {
    this.#options = options;
    this.#reported = options.reported ?? new Set<string>();
  }

  /**
   * Reports an exposure, unless it was reported before, the variation was forced, or the unit is
   * outside the experiment. Returns true when it was sent. Call it when the variation is seen, not
   * when it is assigned.
   */
  report(assignment: Assignment, list?: ExposedList): boolean {
    const { attribute, unit, key, name, reason, propensity, round } = assignment;
    if (name === undefined || (reason !== 'assigned' && reason !== 'sticky')) return false;
    const once = JSON.stringify([
      attribute,
      unit,
      key,
      assignment.variation,
      ...(round === undefined ? [] : [round]),
    ]);
    if (this.#reported.has(once)) return false;
    this.#reported.add(once);
    const { send, bundle = '', now = Date.now } = this.#options;
    send({
      event: 'exposure',
      attribute,
      unit,
      experiment: key,
      variation: name,
      time: now(),
      bundle,
      ...(propensity !== undefined && { propensity }),
      ...(round !== undefined && { round }),
      ...(list && { list: complete(list) }),
    });
    return true;
  }
}

function complete(list: ExposedList): NonNullable<Exposure['list']> {
  const { slot, items, positions, propensities } = list;
  return {
    ...(slot !== undefined && { slot }),
    items: [...items],
    positions: positions ? [...positions] : items.map((_, index) => index + 1),
    propensities: propensities ? [...propensities] : items.map(() => 1),
  };
}

/**
 * Calls `seen` once, when half of `element` has been on screen (of a larger element: half of the
 * viewport). Returns a function that stops waiting. Without IntersectionObserver it calls `seen` at
 * once.
 */
export function whenSeen(element: Element, seen: () => void): () => void {
  if (typeof IntersectionObserver === 'undefined') {
    seen();
    return () => {};
  }
  const observer = new IntersectionObserver(
    (entries) => {
      const enough = entries.some(
        ({ intersectionRatio, intersectionRect, rootBounds }) =>
          intersectionRatio >= 0.5 ||
          (rootBounds !== null && intersectionRect.height >= rootBounds.height / 2),
      );
      if (!enough) return;
      observer.disconnect();
      seen();
    },
    { threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5] },
  );
  observer.observe(element);
  return () => observer.disconnect();
}
