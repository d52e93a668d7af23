import type { Assignment } from './assign.js';

/** A list as it was drawn: what replay needs to judge other rankings by it. */
export interface ExposedList {
  /** Which place of the page. Default: none. */
  slot?: string;
  /** Ids in the order shown. */
  items: readonly string[];
  /** Place of each, from 1. Default: 1, 2, 3 ... */
  positions?: readonly number[];
  /** Probability with which each item came to its place. Default: 1 each, a list without chance. */
  propensities?: readonly number[];
}

/** That a unit has seen its variation: a row of the log that `vitrine experiment analyze` reads. */
export interface Exposure {
  /** Which kind of row it is. */
  event: 'exposure';
  /** Name of the attribute that is the unit, and its value. */
  attribute: string;
  /** Its value. */
  unit: string;
  /** Key of the experiment. */
  experiment: string;
  /** Name of the variation. */
  variation: string;
  /** Milliseconds since 1970. */
  time: number;
  /** Content hash of the bundle. */
  bundle: string;
  /** Of a bandit: the probability with which the variation was chosen. */
  propensity?: number;
  /** Of a bandit: the unit's rounds before. */
  round?: number;
  /** What the unit saw, where the page said so. */
  list?: Required<Omit<ExposedList, 'slot'>> & { slot?: string };
}

/** What has been reported; a `Set` is one. Over the page's storage it holds between pages. */
export interface ExposedKeys {
  /** Whether `key` has been reported. */
  has(key: string): boolean;
  /** Remembers that `key` has been reported. */
  add(key: string): unknown;
}

/** Where exposures go. */
export interface ExposureOptions {
  /** Gets each exposure. */
  send: (exposure: Exposure) => void;
  /** Content hash of the bundle. Default: the empty text. */
  bundle?: string;
  /** Default: none yet. */
  reported?: ExposedKeys;
  /** Default: `Date.now`. */
  now?: () => number;
}

/** Reports an exposure once for each unit, experiment and variation, and round of a bandit. */
export class ExposureLog {
  readonly #options: ExposureOptions;
  readonly #reported: ExposedKeys;

  constructor(options: ExposureOptions) {
    this.#options = options;
    this.#reported = options.reported ?? new Set<string>();
  }

  /**
   * Returns whether the exposure was sent: not the second time, and not for a variation that was forced or for a unit
   * outside the experiment. Call it when the variation is seen, not when it is assigned.
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
 * Calls `seen` once, when half of `element` (or of the viewport, for a larger one) has been on screen. Returns a
 * function that gives up waiting. Without IntersectionObserver it counts as seen at once.
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
