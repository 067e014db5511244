import type { OpenOutbox } from '../session/outbox.ts';
import { durableOutbox, type DurableOutboxOptions } from './durable-outbox.ts';
import { createIndexedDbStore, type IndexedDbStoreOptions } from './indexed-db-store.ts';

export interface IndexedDbOutboxOptions extends Omit<DurableOutboxOptions, 'store'>, IndexedDbStoreOptions {}

/** An outbox for browsers, which keeps what is written in IndexedDB. */
export function indexedDbOutbox({ name, ...options }: IndexedDbOutboxOptions = {}): OpenOutbox {
  return durableOutbox({ ...options, store: createIndexedDbStore(name === undefined ? {} : { name }) });
}
