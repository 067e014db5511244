export { durableOutbox, type DurableOutboxOptions } from './outbox/durable-outbox.ts';
export { indexedDbOutbox, type IndexedDbOutboxOptions } from './outbox/indexed-db-outbox.ts';
export { createIndexedDbStore, type IndexedDbStoreOptions } from './outbox/indexed-db-store.ts';
export { createMemoryStore, type OutboxStore } from './outbox/store.ts';
export type { OutboxEntry } from './outbox/entry.ts';
export type { Locks } from './outbox/holder.ts';
