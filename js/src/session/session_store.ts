import { type Report, tell } from '../error.js';
import { Database } from './database.js';
import { History, type HistoryEvent, type HistoryLimits, isHistoryEvent } from './history.js';

const channelName = 'vitrine';

/**
 * The history of the shopper. It is in memory; with `persist` it is also stored in IndexedDB and
 * shared between tabs. Tabs only add and remove single records, so that no tab overwrites the
 * records of another. When storage fails, the history continues in memory, and `report` is called
 * once.
 */
export class SessionStore {
  readonly #history: History;
  readonly #report: Report;
  readonly #onChange: () => void;
  #database: Promise<Database | undefined> | undefined;
  #channel: BroadcastChannel | undefined;
  /** Changes to write to storage, by id; undefined removes a record. */
  #changes = new Map<string, HistoryEvent | undefined>();
  #scheduled = false;
  #writing: Promise<void> | undefined;
  #told = false;

  /**
   * `onChange` is called when events come from storage or another tab, or when another tab has
   * erased them.
   */
  constructor(limits: HistoryLimits, report: Report, onChange: () => void) {
    this.#history = new History(limits);
    this.#report = report;
    this.#onChange = onChange;
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
    const opening = Database.open().catch((cause: unknown) => this.#fail(cause));
    this.#database = opening;
    this.#listen();
    const database = await opening;
    try {
      const stored = ((await database?.all('history')) ?? []).filter(isHistoryEvent);
      if (this.#database !== opening) return;
      const fallen = this.#history.add(stored, Date.now());
      this.#write(this.#history.events, fallen);
      if (stored.length > 0) this.#onChange();
    } catch (cause) {
      this.#fail(cause);
    }
  }

  /** Stops storing and removes the stored events. The events in memory stay. */
  async stopPersisting(): Promise<void> {
    const database = await this.#release();
    database?.close();
    await Database.remove().catch((cause: unknown) => this.#fail(cause));
  }

  /** Removes the events here, in storage and in the other tabs. */
  async erase(): Promise<void> {
    this.#history.clear();
    this.#changes.clear();
    this.#channel?.postMessage('erase');
    await this.#writing;
    await this.database
      .then((database) => database?.clear('history'))
      .catch((cause: unknown) => this.#fail(cause));
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
    if (typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(channelName);
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === 'erase') this.#history.clear();
      else if (Array.isArray(data)) this.#history.add(data.filter(isHistoryEvent), Date.now());
      else return;
      this.#onChange();
    };
  }

  /** Collects the changes of one moment into one transaction. */
  #write(events: readonly HistoryEvent[], fallen: readonly HistoryEvent[]): void {
    for (const event of events) this.#changes.set(event.id, event);
    for (const { id } of fallen) this.#changes.set(id, undefined);
    if (this.#scheduled || this.#changes.size === 0) return;
    this.#scheduled = true;
    this.#writing = this.#writeChanges();
  }

  async #writeChanges(): Promise<void> {
    const database = await this.database;
    this.#scheduled = false;
    const changes = this.#changes;
    this.#changes = new Map();
    try {
      await database?.write('history', changes);
    } catch (cause) {
      this.#fail(cause);
    }
    // Other tabs are told only after the events are stored. So a tab that starts to listen later
    // finds them in storage.
    const events = [...changes.values()].filter((event) => event !== undefined);
    if (events.length > 0) this.#channel?.postMessage(events);
  }

  #fail(cause: unknown): undefined {
    if (this.#told) return;
    this.#told = true;
    tell(this.#report, cause, 'storage', 'the session stays in memory: ');
  }
}
