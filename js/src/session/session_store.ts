import { type Report, tell } from '../error.js';
import { type Erasures, isErasures } from './consent.js';
import type { Database, Stored } from './database.js';
import { History, type HistoryEvent, type HistoryLimits, isHistoryEvent } from './history.js';

/** The largest number of events that one message between tabs may have. */
const mostTold = 100;
/** The largest number of events of other tabs that wait to be added. */
const mostHeard = 1000;
/** The largest number of records that one transaction writes, so that no task takes long. */
export const mostWritten = 200;

export interface SessionParts {
  limits: HistoryLimits;
  /** The name of the database and of the channel between tabs. */
  name: string;
  /** The erasures of all tabs. */
  consent: Erasures & { sync(): void; hear(erasures: Erasures): void };
  report: Report;
  /** Called when events come from storage or another tab. */
  onChange: () => void;
}

/**
 * The history of the shopper. It is in memory; with `persist` it is also stored in IndexedDB and
 * shared between tabs. Tabs only add and remove single records, so that no tab overwrites the
 * records of another. When storage fails, the history continues in memory, and `report` is called
 * once.
 */
export class SessionStore {
  readonly #parts: SessionParts;
  readonly #history: History;
  #database: Promise<Database | undefined> | undefined;
  #channel: BroadcastChannel | undefined;
  /** Changes to write to storage, by id; undefined removes a record. */
  readonly #changes = new Map<string, HistoryEvent | undefined>();
  /** Events of other tabs that this tab has not yet added. */
  #heard: HistoryEvent[] = [];
  #scheduled = false;
  #writing: Promise<void> | undefined;
  #told = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#history = new History(parts.limits);
  }

  get events(): readonly HistoryEvent[] {
    return this.#history.events;
  }

  /**
   * Resolves to the open database while events are stored, and to undefined when storage is not
   * possible.
   */
  get database(): Promise<Database | undefined> {
    return this.#database ?? Promise.resolve(undefined);
  }

  add(event: HistoryEvent): void {
    const fallen = this.#history.add([event], Date.now());
    if (!this.#database) return;
    this.#write([event], fallen);
  }

  /** Starts storing and sharing: loads the stored events and writes the events in memory. */
  async persist(): Promise<void> {
    if (this.#database) return;
    const opening = import('./database.js')
      .then(({ Database }) => Database.open(this.#parts.name))
      .catch((cause: unknown) => this.#fail(cause));
    this.#database = opening;
    this.#listen();
    if (await this.#load()) this.#write(this.#history.events, []);
  }

  /** Stops storing and removes the stored events. The events in memory stay. */
  async stopPersisting(): Promise<void> {
    const database = await this.#release();
    // A frozen tab can delay the removal of the database, so it is emptied first.
    await database?.clear().catch(() => {});
    database?.close();
    await remove(this.#parts.name).catch((cause: unknown) => this.#fail(cause));
  }

  /** Drops the events here, and in storage those that this tab may have written. */
  forget(): void {
    const gone = this.#history.events;
    this.#history.clear();
    this.#heard = [];
    this.#changes.clear();
    if (this.#database) this.#write([], gone);
  }

  /** Removes the events of before the last erasure in storage, and tells the other tabs of it. */
  async erase(): Promise<void> {
    const { erased, dropped } = this.#parts.consent;
    this.#channel?.postMessage({ erased, dropped });
    await this.#writing;
    await this.database
      .then((database) => database?.all('history', erased))
      .catch((cause: unknown) => this.#fail(cause));
  }

  /** Lets go of all that keeps a page out of the back/forward cache. */
  suspend(): void {
    this.#channel?.close();
    this.#channel = undefined;
    void this.#database?.then((database) => database?.suspend());
  }

  /** Continues after `suspend`, with what other pages have stored since. */
  async resume(): Promise<void> {
    const database = await this.#database;
    database?.resume();
    if (!this.#database) return;
    this.#listen();
    await this.#load();
  }

  /** Resolves when all added events are stored, or when storing has failed. */
  async settled(): Promise<void> {
    await this.#database;
    await this.#writing;
  }

  async dispose(): Promise<void> {
    await this.settled();
    (await this.#release())?.close();
  }

  /** Adds the stored events. Returns false when storing has ended meanwhile, or failed. */
  async #load(): Promise<boolean> {
    const opening = this.#database;
    try {
      const database = await opening;
      let stored: Stored[];
      let erased: number;
      do {
        erased = this.#parts.consent.erased;
        stored = (await database?.all('history', erased)) ?? [];
      } while (erased !== this.#parts.consent.erased);
      if (this.#database !== opening) return false;
      const valid = stored.filter(isHistoryEvent);
      const fallen = this.#history.add(valid, Date.now());
      this.#write([], [...fallen, ...stored.filter((event) => !isHistoryEvent(event))]);
      if (valid.length > 0) this.#parts.onChange();
      return true;
    } catch (cause) {
      this.#fail(cause);
      return false;
    }
  }

  async #release(): Promise<Database | undefined> {
    this.#channel?.close();
    this.#channel = undefined;
    const opening = this.#database;
    this.#database = undefined;
    this.#changes.clear();
    await this.#writing;
    return opening;
  }

  #listen(): void {
    if (typeof BroadcastChannel === 'undefined' || this.#channel) return;
    this.#channel = new BroadcastChannel(this.#parts.name);
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (isErasures(data)) this.#parts.consent.hear(data);
      if (!Array.isArray(data)) return;
      // Many messages at once make one change.
      if (this.#heard.length === 0) setTimeout(() => this.#hear());
      this.#heard.push(...data.slice(0, mostTold).filter(isHistoryEvent));
      if (this.#heard.length > mostHeard) this.#hear();
    };
  }

  #hear(): void {
    if (this.#heard.length === 0) return;
    this.#history.add(this.#heard, Date.now());
    this.#heard = [];
    this.#parts.onChange();
  }

  /** Collects the changes of one moment into one transaction. */
  #write(events: readonly HistoryEvent[], gone: readonly { id: string }[]): void {
    for (const event of events) this.#changes.set(event.id, event);
    // An event that is not yet written need not be removed.
    for (const { id } of gone) {
      if (this.#changes.get(id)) this.#changes.delete(id);
      else this.#changes.set(id, undefined);
    }
    if (this.#scheduled || this.#changes.size === 0) return;
    this.#scheduled = true;
    this.#writing = this.#writeChanges();
  }

  async #writeChanges(): Promise<void> {
    const database = await this.database;
    this.#parts.consent.sync();
    for (let more = true; more; ) {
      const changes = take(this.#changes, mostWritten);
      more = this.#changes.size > 0;
      this.#scheduled = more;
      try {
        await database?.write('history', changes, this.#parts.consent.erased);
      } catch (cause) {
        this.#fail(cause);
      }
      // Other tabs are told only after the events are stored. So a tab that starts to listen later
      // finds them in storage.
      const events = [...changes.values()].filter((event) => event !== undefined);
      if (events.length > 0) this.#channel?.postMessage(events.slice(-mostTold));
    }
  }

  #fail(cause: unknown): undefined {
    if (this.#told) return;
    this.#told = true;
    tell(this.#parts.report, cause, 'storage', 'the session stays in memory: ');
  }
}

/** Removes a database with all its data. */
async function remove(name: string): Promise<void> {
  if (!globalThis.indexedDB) return;
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onblocked = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

/** Removes the first entries of `map`, at most `count`, and returns them. */
export function take<K, V>(map: Map<K, V>, count: number): Map<K, V> {
  const taken = new Map<K, V>();
  for (const [key, value] of map) {
    if (taken.size === count) break;
    taken.set(key, value);
    map.delete(key);
  }
  return taken;
}
