// A page loads this file when it may store: dist/storage.js.
/** The stores of the only database of the package. Records have an `id` of type string. */
const stores = ['history', 'outbox'] as const;
export type StoreName = (typeof stores)[number];

export interface Stored {
  readonly id: string;
}

/** In private windows some browsers never answer a request to open a database. */
const openTimeout = 2000;
/** The largest number of records that one task reads. */
const slice = 500;
/**
 * The field that says after which erasure a record was made. A record without it was made before any
 * erasure.
 */
const mark = '$erased';

/**
 * IndexedDB with promises. Every call rejects with the browser's error: quota, blocked. When the
 * browser or another page has closed the connection, the next call opens it again.
 */
export class Database {
  readonly #name: string;
  #connection: Promise<IDBDatabase> | undefined;
  #awake: Promise<void> | undefined;
  #wake = () => {};

  private constructor(name: string) {
    this.#name = name;
  }

  static async open(name: string): Promise<Database> {
    const database = new Database(name);
    await database.#connect();
    return database;
  }

  /**
   * Writes records by id, or removes those whose value is undefined. Either all changes are made or
   * none. `erased` is the time of the last erasure that the writer knows. Purchases are on the disk
   * when the promise resolves; others may be lost when the machine loses its power.
   */
  write(
    name: StoreName,
    changes: ReadonlyMap<string, Stored | undefined>,
    erased = 0,
  ): Promise<void> {
    const strict = [...changes.values()].some((record) => record && isPurchase(record));
    return this.#run(name, 'readwrite', strict, (store) => {
      for (const [id, record] of changes) {
        if (record) store.put(erased ? { ...record, [mark]: erased } : record);
        else store.delete(id);
      }
    });
  }

  /**
   * Returns all records in the order of their ids. Records of before `erased` are removed: a tab that
   * heard of the erasure late has written them.
   */
  async all(name: StoreName, erased = 0): Promise<Stored[]> {
    const all: Stored[] = [];
    const gone = new Map<string, undefined>();
    let after: IDBKeyRange | undefined;
    for (;;) {
      let request: IDBRequest<Stored[]> | undefined;
      await this.#run(name, 'readonly', false, (store) => {
        request = store.getAll(after, slice);
      });
      const part = request?.result ?? [];
      for (const record of part) {
        const { [mark]: made = 0, ...plain } = record as Stored & { [mark]?: number };
        if (made < erased) gone.set(record.id, undefined);
        else all.push(plain);
      }
      const last = part.at(-1);
      if (!last || part.length < slice) break;
      after = IDBKeyRange.lowerBound(last.id, true);
    }
    if (gone.size > 0) await this.write(name, gone);
    return all;
  }

  /** Removes all records of all stores. */
  async clear(): Promise<void> {
    for (const name of stores) {
      await this.#run(name, 'readwrite', false, (store) => {
        store.clear();
      });
    }
  }

  /**
   * Closes the connection until `resume`, so that the browser can keep the page for a way back. Calls
   * wait until then.
   */
  suspend(): void {
    this.#awake ??= new Promise((resolve) => {
      this.#wake = resolve;
    });
    this.close();
  }

  resume(): void {
    this.#awake = undefined;
    this.#wake();
  }

  close(): void {
    void this.#connection?.then(
      (connection) => connection.close(),
      () => {},
    );
    this.#connection = undefined;
  }

  #connect(): Promise<IDBDatabase> {
    this.#connection ??= connect(this.#name);
    return this.#connection;
  }

  async #run(
    name: StoreName,
    mode: IDBTransactionMode,
    strict: boolean,
    work: (store: IDBObjectStore) => void,
  ): Promise<void> {
    await this.#awake;
    const transaction = await this.#begin(name, mode, strict).catch(() => {
      this.#connection = undefined; // it was closed, or the database was deleted
      return this.#begin(name, mode, strict);
    });
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore(name));
      // A page that ends now has handed over everything.
      transaction.commit?.();
    });
  }

  async #begin(name: StoreName, mode: IDBTransactionMode, strict: boolean) {
    const connection = await this.#connect();
    return connection.transaction(name, mode, strict ? { durability: 'strict' } : {});
  }
}

function connect(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (!globalThis.indexedDB) throw new Error('there is no IndexedDB');
    const request = indexedDB.open(name, 1);
    const timer = setTimeout(() => reject(new Error('IndexedDB does not open')), openTimeout);
    request.onupgradeneeded = () => {
      for (const store of stores) request.result.createObjectStore(store, { keyPath: 'id' });
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      const connection = request.result;
      // Another page wants to delete or upgrade the database, so this page must close it.
      connection.onversionchange = () => connection.close();
      resolve(connection);
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error);
    };
  });
}

function isPurchase(record: Stored & { type?: unknown; event?: unknown }): boolean {
  return record.type === 'purchase' || record.event === 'purchase';
}
