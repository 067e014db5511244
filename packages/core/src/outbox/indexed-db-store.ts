import { readEntry } from './entry.ts';
import type { OutboxStore } from './store.ts';

const ENTRIES = 'entries';
const SESSION = 'session';
const VERSION = 1;

export interface IndexedDbStoreOptions {
  /** The database. Default `holdfast-outbox`. */
  readonly name?: string;
}

/**
 * Keeps entries in the browser's IndexedDB, for all tabs of the origin. Opened at the first call; its calls reject with the browser's
 * own `DOMException` where it can't be (private mode, no room, an upgrade that another tab blocks), and try again at the next.
 */
export function createIndexedDbStore({ name = 'holdfast-outbox' }: IndexedDbStoreOptions = {}): OutboxStore {
  let opened: Promise<IDBDatabase> | undefined;

  const open = (): Promise<IDBDatabase> => {
    const opening = (opened ??= openDatabase(name, () => (opened = undefined)));
    opening.catch(() => (opened = undefined));
    return opening;
  };
  /** Resolves with what the request gave when its transaction is complete. */
  const run = async <T>(
    mode: IDBTransactionMode,
    ask: (entries: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = (await open()).transaction(ENTRIES, mode);
    const request = ask(transaction.objectStore(ENTRIES));
    return new Promise((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve(request.result));
      // A transaction without room is aborted after its requests went well.
      for (const kind of ['error', 'abort'] as const)
        transaction.addEventListener(kind, () => reject(errorOf(transaction.error ?? request.error)));
    });
  };

  return {
    async load(session) {
      const found = await run('readonly', (entries) => entries.index(SESSION).getAll(session));
      return found.flatMap((value: unknown) => readEntry(value) ?? []);
    },
    async put(entry) {
      await run('readwrite', (entries) => entries.put(entry));
    },
    async remove(id) {
      await run('readwrite', (entries) => entries.delete(id));
    },
  };
}

function openDatabase(name: string, gone: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION);
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore(ENTRIES, { keyPath: 'id' }).createIndex(SESSION, SESSION);
    });
    request.addEventListener('success', () => {
      const { result: database } = request;
      // Another tab has a newer version of this page.
      database.addEventListener('versionchange', () => {
        database.close();
        gone();
      });
      database.addEventListener('close', gone);
      resolve(database);
    });
    request.addEventListener('error', () => reject(errorOf(request.error)));
    request.addEventListener('blocked', () => {
      // What is opened after all is of no use to anybody any more.
      request.addEventListener('success', () => request.result.close());
      reject(new DOMException('Another tab keeps an older version of the database open.', 'AbortError'));
    });
  });
}

function errorOf(error: DOMException | null): DOMException {
  return error ?? new DOMException('The browser did not say why.', 'UnknownError');
}
