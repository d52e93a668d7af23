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

const key = 'vitrine.consent';

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

/** The answer, kept in localStorage, or in this object when localStorage does not work. */
export class StoredConsent implements Consent {
  readonly #refused: boolean;
  readonly #onChange: (state: ConsentState) => void;
  #state: ConsentState;

  /**
   * `onChange` is called after each change, also after one in another tab, but not for the first
   * state.
   */
  constructor(
    initial: ConsentState,
    signals: PrivacySignals,
    onChange: (state: ConsentState) => void,
  ) {
    this.#refused = isRefusedBySignal(signals);
    this.#onChange = onChange;
    this.#state = this.#refused ? 'denied' : (read() ?? initial);
    globalThis.addEventListener?.('storage', this.#hear);
  }

  get state(): ConsentState {
    return this.#state;
  }

  grant(): void {
    this.#set('granted');
  }

  deny(): void {
    this.#set('denied');
  }

  reset(): void {
    this.#set('pending');
  }

  dispose(): void {
    globalThis.removeEventListener?.('storage', this.#hear);
  }

  #set(state: ConsentState): void {
    if (this.#refused) return;
    write(state);
    this.#change(state);
  }

  #change(state: ConsentState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange(state);
  }

  readonly #hear = (event: StorageEvent): void => {
    if (event.key === key && !this.#refused) this.#change(read() ?? 'pending');
  };
}

function read(): ConsentState | undefined {
  try {
    const stored = localStorage.getItem(key);
    return stored === 'granted' || stored === 'denied' ? stored : undefined;
  } catch {
    return undefined;
  }
}

function write(state: ConsentState): void {
  try {
    if (state === 'pending') localStorage.removeItem(key);
    else localStorage.setItem(key, state);
  } catch {
    // Without storage the shopper is asked again on the next page.
  }
}
