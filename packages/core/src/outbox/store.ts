import type { OutboxEntry } from './entry.ts';

/**
 * Where an outbox keeps entries: any key-value store of this device will do. Entries are plain JSON, at most one per id. Calls of
 * one outbox come one after the other; what two tabs write at once is about different entries.
 */
export interface OutboxStore {
  /** Every entry of a session, in any order, whoever wrote it. */
  load(session: string): Promise<readonly OutboxEntry[]>;
  /** Keeps an entry, in the place of one with its id. Resolves when a reload finds it. */
  put(entry: OutboxEntry): Promise<void>;
  /** Nothing happens where there is no such entry. */
  remove(id: string): Promise<void>;
}

/** Keeps entries for as long as it lives itself: for tests, and for pages that open a session again and again. */
export function createMemoryStore(): OutboxStore {
  const entries = new Map<string, OutboxEntry>();
  return {
    load: (session) => Promise.resolve([...entries.values()].filter((entry) => entry.session === session)),
    put(entry) {
      entries.set(entry.id, entry);
      return Promise.resolve();
    },
    remove(id) {
      entries.delete(id);
      return Promise.resolve();
    },
  };
}
