/** The only database of the package, and its stores. Records have an `id` of type string. */
const databaseName = 'vitrine';
const stores = ['history', 'outbox'] as const;
export type StoreName = (typeof stores)[number];

export interface Stored {
  readonly id: string;
}

/** In private windows some browsers never answer a request to open a database. */
const openTimeout = 2000;

/** IndexedDB with promises. Every call rejects with the browser's error: quota, blocked, closed. */
export class Database {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
    // Another page wants to delete or upgrade the database, so this page must close it.
    database.onversionchange = () => database.close();
  }

  static async open(): Promise<Database> {
    if (!globalThis.indexedDB) throw new Error('there is no IndexedDB');
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(databaseName, 1);
      const timer = setTimeout(() => reject(new Error('IndexedDB does not open')), openTimeout);
      request.onupgradeneeded = () => {
        for (const name of stores) request.result.createObjectStore(name, { keyPath: 'id' });
      };
      request.onsuccess = () => {
        clearTimeout(timer);
        resolve(new Database(request.result));
      };
      request.onerror = () => {
        clearTimeout(timer);
        reject(request.error);
      };
    });
  }

  /** Removes the database of this origin with all its data. */
  static async remove(): Promise<void> {
    if (!globalThis.indexedDB) return;
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(databaseName);
      request.onsuccess = () => resolve();
      request.onblocked = () => resolve();
      request.onerror = () => reject(request.error);
    });
  }

  /**
   * Writes records by id, or removes those whose value is undefined. Either all changes are made or
   * none.
   */
  write(name: StoreName, changes: ReadonlyMap<string, Stored | undefined>): Promise<void> {
    return this.#run(name, 'readwrite', (store) => {
      for (const [id, record] of changes) {
        if (record) store.put(record);
        else store.delete(id);
      }
    });
  }

  /** Returns all records in the order of their ids. */
  async all(name: StoreName): Promise<Stored[]> {
    let request: IDBRequest<Stored[]> | undefined;
    await this.#run(name, 'readonly', (store) => {
      request = store.getAll();
    });
    return request?.result ?? [];
  }

  clear(name: StoreName): Promise<void> {
    return this.#run(name, 'readwrite', (store) => {
      store.clear();
    });
  }

  close(): void {
    this.#database.close();
  }

  #run(name: StoreName, mode: IDBTransactionMode, work: (store: IDBObjectStore) => void) {
    return new Promise<void>((resolve, reject) => {
      const transaction = this.#database.transaction(name, mode);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore(name));
    });
  }
}
