/**
 * The state of consent. It is `pending` until the shopper has answered. Storage and delivery need
 * `granted`.
 */
export type ConsentState = 'pending' | 'granted' | 'denied';

/** The shopper's answer, which is the same in all tabs. */
export interface Consent {
  /** The state that is valid now. */
  readonly state: ConsentState;
  /** The shopper allows storage in the browser, and delivery if the shop has set it up. */
  grant(): void;
  /** The shopper refuses: stored data are removed, and the session continues in memory. */
  deny(): void;
  /** Removes the answer and all stored data. */
  reset(): void;
}

/** Privacy signals of the browser, and whether the shop respects each. */
export interface PrivacySignals {
  /** Treats Global Privacy Control as `denied`, whatever the shopper answered. Default: true. */
  globalPrivacyControl?: boolean;
  /** Treats Do Not Track as `denied`. Default: false. */
  doNotTrack?: boolean;
}

/**
 * The times of the last `erase()` and of the last time that waiting events were dropped, by `erase()`
 * or `deny()`; 0 when that never happened. They only rise, also when the clock goes back. Data of
 * before belong to nobody: no tab sends or stores them, however late it hears of it.
 */
export interface Erasures {
  erased: number;
  dropped: number;
}

/** Returns true when the browser sends a signal that the shop respects. */
export function isRefusedBySignal({ globalPrivacyControl = true, doNotTrack = false }) {
  const browser = globalThis.navigator as
    | { globalPrivacyControl?: unknown; doNotTrack?: unknown }
    | undefined;
  return (
    (globalPrivacyControl && browser?.globalPrivacyControl === true) ||
    (doNotTrack && browser?.doNotTrack === '1')
  );
}

/** Functions that hear of changes, also of those in another tab, but not of the first state. */
export interface ConsentListener {
  onChange(state: ConsentState): void;
  /** Waiting events must be dropped; the history too when `everything` is true. */
  onErase(everything: boolean): void;
}

/**
 * The answer and the erasures, kept in one record in localStorage, or in this object when
 * localStorage does not work. The record is the state, followed by the two times of
 * {@link Erasures} once there are any.
 */
export class StoredConsent implements Consent, Erasures {
  readonly #key: string;
  readonly #refused: boolean;
  readonly #listener: ConsentListener;
  #state: ConsentState;
  #erased = 0;
  #dropped = 0;
  /** The record as it was read or written last. */
  #record: string | null | undefined;

  constructor(
    initial: ConsentState,
    signals: PrivacySignals,
    scope: string,
    listener: ConsentListener,
  ) {
    this.#key = `${scope}.consent`;
    this.#refused = isRefusedBySignal(signals);
    this.#listener = listener;
    this.#record = this.#read();
    const { state, erased, dropped } = parse(this.#record);
    this.#state = this.#refused ? 'denied' : (state ?? initial);
    this.#erased = erased;
    this.#dropped = dropped;
    globalThis.addEventListener?.('storage', this.#hear);
  }

  get state(): ConsentState {
    return this.#state;
  }

  get erased(): number {
    return this.#erased;
  }

  get dropped(): number {
    return this.#dropped;
  }

  grant(): void {
    this.#set('granted');
  }

  deny(): void {
    this.#set('denied', { erased: this.#erased, dropped: this.#next() });
  }

  reset(): void {
    this.#set('pending', { erased: 0, dropped: 0 });
  }

  /** Tells all tabs that what was recorded until now is erased. The answer stays. */
  erase(): void {
    this.sync();
    const now = this.#next();
    this.#take({ erased: now, dropped: now });
    this.#write();
  }

  /**
   * Reads the record again. Whoever sends or stores data calls this at the last moment: events of
   * the browser about another tab come late, and not at all to a frozen page.
   */
  sync(): void {
    const record = this.#read();
    if (record === this.#record || record === undefined) return;
    this.#record = record;
    const { state = 'pending', ...erasures } = parse(record);
    this.#take(erasures);
    if (!this.#refused) this.#change(state);
  }

  /** Obeys erasures that another tab tells of. Those that are known already have no effect. */
  hear({ erased, dropped }: Erasures): void {
    this.#take({
      erased: Math.max(erased, this.#erased),
      dropped: Math.max(dropped, this.#dropped),
    });
  }

  dispose(): void {
    globalThis.removeEventListener?.('storage', this.#hear);
  }

  #take({ erased, dropped }: Erasures): void {
    const everything = erased > this.#erased;
    const something = everything || dropped > this.#dropped;
    this.#erased = erased;
    this.#dropped = dropped;
    if (something) this.#listener.onErase(everything);
  }

  #next(): number {
    return Math.max(Date.now(), this.#erased + 1, this.#dropped + 1);
  }

  #set(state: ConsentState, erasures?: Erasures): void {
    if (this.#refused) return;
    this.sync();
    if (erasures) this.#take(erasures);
    const before = this.#state;
    this.#state = state;
    this.#write();
    if (state !== before) this.#listener.onChange(state);
  }

  #change(state: ConsentState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listener.onChange(state);
  }

  #write(): void {
    const times = this.#dropped > 0 ? ` ${this.#erased} ${this.#dropped}` : '';
    const record = (this.#refused ? 'pending' : this.#state) + times;
    try {
      if (record === 'pending') localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, record);
    } catch {
      // Without storage the shopper is asked again on the next page. An older answer must not stay.
      try {
        localStorage.removeItem(this.#key);
      } catch {}
    }
    this.#record = this.#read();
  }

  /** Returns undefined when localStorage does not work. */
  #read(): string | null | undefined {
    try {
      return localStorage.getItem(this.#key);
    } catch {
      return undefined;
    }
  }

  readonly #hear = ({ key }: StorageEvent): void => {
    // The key is null after localStorage.clear().
    if (key === this.#key || key === null) this.sync();
  };
}

function parse(record: string | null | undefined): Erasures & { state: ConsentState | undefined } {
  const [state, ...times] = (record ?? '').split(' ');
  const [erased = 0, dropped = 0] = times.map(Number).map((time) => (isTime(time) ? time : 0));
  return {
    state: state === 'granted' || state === 'denied' ? state : undefined,
    erased,
    dropped,
  };
}

const isTime = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** Returns true when a message of another tab tells of erasures. */
export function isErasures(value: unknown): value is Erasures {
  const { erased, dropped } = (value ?? {}) as Record<keyof Erasures, unknown>;
  return isTime(erased) && isTime(dropped);
}
