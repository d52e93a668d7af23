import { type Assignment, nameOf } from './assign.js';
import { type Bandit, banditPropensities, type Outcomes, variationOf } from './bandit.js';
import type { Experiment } from './definition.js';
import { placeOf } from './hash.js';

/** The options of `Bandits`. */
export interface BanditsOptions {
  /**
   * Returns the shopper's answer, such as `() => vitrine.consent.state`. The learned state is
   * stored in the browser only while the answer is `granted`; otherwise it is lost when the page is
   * closed. Default: never stored.
   */
  consent?: () => string;
}

/** The state that one browser has learned in one experiment. */
export interface BanditState {
  /** The number of finished rounds. */
  round: number;
  /** The results of these rounds, by variation. */
  outcomes: Outcomes;
  /** The running round, once its variation was seen. */
  open?: {
    /** The index of its variation. */
    variation: number;
    /** The time at which it was seen, in milliseconds since 1970. */
    since: number;
    /** True when it has earned its reward. */
    rewarded: boolean;
  };
}

const storageKey = 'vitrine.bandits';
/** The largest number of states (of an experiment and a unit); the oldest are removed first. */
const mostStates = 50;
const hour = 3_600_000;

/** The last choice for an experiment. */
interface Current {
  id: string;
  experiment: Experiment;
  round: number;
  propensities: readonly number[];
}

/**
 * The bandits of a page with all they have learned. The state is in memory and, with the shopper's
 * consent, in the browser's storage.
 */
export class Bandits {
  readonly #consent: () => string;
  readonly #current = new Map<string, Current>();
  #states = new Map<string, BanditState>();
  /** True when the state is in storage; undefined before the first look. */
  #stored: boolean | undefined;

  constructor({ consent = () => '' }: BanditsOptions = {}) {
    this.#consent = consent;
  }

  /** All states, by `[key of the experiment, unit]` as JSON. A page can show or export them. */
  get states(): ReadonlyMap<string, BanditState> {
    return this.#load();
  }

  /**
   * Returns `drawn` with the variation of the unit's running round instead of the one of its
   * bucket.
   */
  choose(experiment: Experiment, bandit: Bandit, drawn: Assignment): Assignment {
    const { key, seed } = experiment;
    const id = JSON.stringify([key, drawn.unit]);
    const { round, outcomes } = this.#state(id, experiment);
    let current = this.#current.get(key);
    if (current?.id !== id || current.round !== round || current.experiment !== experiment) {
      current = { id, experiment, round, propensities: banditPropensities(bandit, outcomes) };
      this.#current.set(key, current);
    }
    const { propensities } = current;
    const place = placeOf(`${seed || key}/${drawn.unit}/${round}`);
    const variation = variationOf(propensities, place);
    return {
      ...drawn,
      variation,
      name: nameOf(experiment, variation),
      value: experiment.variations[variation],
      propensity: propensities[variation] as number,
      round,
    };
  }

  /** Tells that the variation was seen: its round starts and waits for a reward. */
  seen({ key, variation, round }: Assignment): void {
    this.#open(key, (open, state) =>
      open || state.round !== round ? undefined : { variation, since: Date.now(), rewarded: false },
    );
  }

  /**
   * Tells that the variation of the running round was successful, for example by a purchase.
   * Returns true when this counts: only after an exposure, and once a round.
   */
  reward(key: string): boolean {
    return this.#open(key, (open) =>
      open && !open.rewarded ? { ...open, rewarded: true } : undefined,
    );
  }

  #open(
    key: string,
    change: (open: BanditState['open'], state: BanditState) => BanditState['open'],
  ): boolean {
    const current = this.#current.get(key);
    if (!current) return false;
    const state = this.#state(current.id, current.experiment);
    const open = change(state.open, state);
    if (open) this.#keep(current.id, { ...state, open });
    return open !== undefined;
  }

  /** Removes all states, also from storage. */
  clear(): void {
    this.#states.clear();
    this.#write();
  }

  /** Returns the unit's state. A round whose time is over is finished first. */
  #state(id: string, { variations, bandit }: Experiment): BanditState {
    const known = this.#load().get(id);
    const fresh: BanditState = { round: 0, outcomes: variations.map(() => [0, 0] as const) };
    const state = known?.outcomes.length === variations.length ? known : fresh;
    const { open, round, outcomes } = state;
    if (!open || Date.now() - open.since < (bandit?.hours ?? 24) * hour) return state;
    const closed = {
      round: round + 1,
      outcomes: outcomes.map(([rewards, others], i): Outcomes[number] => {
        const mine = Number(i === open.variation);
        return open.rewarded ? [rewards + mine, others] : [rewards, others + mine];
      }),
    };
    this.#keep(id, closed);
    return closed;
  }

  #keep(id: string, state: BanditState): void {
    const states = this.#load();
    states.delete(id);
    states.set(id, state);
    for (const oldest of states.keys()) {
      if (states.size <= mostStates) break;
      states.delete(oldest);
    }
    if (this.#stored) this.#write();
  }

  /**
   * Reads the stored states as soon as consent allows it, and removes them when consent has ended.
   * States in memory win.
   */
  #load(): Map<string, BanditState> {
    const allowed = this.#consent() === 'granted';
    if (allowed !== this.#stored) {
      if (allowed) this.#states = new Map([...this.#read(), ...this.#states]);
      this.#stored = allowed;
      this.#write();
    }
    return this.#states;
  }

  #read(): [string, BanditState][] {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
      return Array.isArray(stored) ? stored.filter(isEntry) : [];
    } catch {
      return [];
    }
  }

  #write(): void {
    try {
      if (this.#stored && this.#states.size > 0) {
        localStorage.setItem(storageKey, JSON.stringify([...this.#states]));
      } else {
        localStorage.removeItem(storageKey);
      }
    } catch {
      // Without storage the next page starts to learn from the beginning.
    }
  }
}

/** Returns true when a value from storage is the state of a unit. */
function isEntry(value: unknown): value is [string, BanditState] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  const { round, outcomes, open } = (value[1] ?? {}) as Partial<BanditState>;
  const isCount = (count: unknown) => Number.isSafeInteger(count) && (count as number) >= 0;
  return (
    isCount(round) &&
    Array.isArray(outcomes) &&
    outcomes.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isCount)) &&
    (open === undefined ||
      (isCount(open?.variation) && Number.isFinite(open.since) && open.variation < outcomes.length))
  );
}
