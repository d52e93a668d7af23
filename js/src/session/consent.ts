/** `pending` until the shopper has answered; storage and delivery need `granted`. */
export type ConsentState = 'pending' | 'granted' | 'denied';

/** The shopper's answer, in all tabs. */
export interface Consent {
  /** What counts now. */
  readonly state: ConsentState;
  /** The shopper allows storage in the browser, and delivery where the shop has set one up. */
  grant(): void;
  /** The shopper refuses: what is stored is removed; the session goes on in memory. */
  deny(): void;
  /** Forgets the answer, and what is stored. */
  reset(): void;
}

/** What the browser says for the shopper, and whether it counts. */
export interface PrivacySignals {
  /** Global Privacy Control counts as `denied`, whatever was answered. Default: true. */
  globalPrivacyControl?: boolean;
  /** Do Not Track counts as `denied` too. Default: false. */
  doNotTrack?: boolean;
}

const key = 'vitrine.consent';

/** Whether the browser sends a signal that the shop honours. */
export function isRefusedBySignal({ globalPrivacyControl = true, doNotTrack = false }) {
  const browser = globalThis.navigator as
    | { globalPrivacyControl?: unknown; doNotTrack?: unknown }
    | undefined;
  return (
    (globalPrivacyControl && browser?.globalPrivacyControl === true) ||
    (doNotTrack && browser?.doNotTrack === '1')
  );
}

/** The answer, kept in localStorage where that works and in this object where it does not. */
export class StoredConsent implements Consent {
  readonly #refused: boolean;
  readonly #onChange: (state: ConsentState) => void;
  #state: ConsentState;

  /** `onChange` hears of each change, also of one in another tab; not of the first state. */
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
    // Then it is asked again on the next page.
  }
}
