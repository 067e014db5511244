import type { Draft, JsonValue, Serial } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';
import type { DeviceId, MessageId } from '../ids.ts';

/** One record that waits to be stored in its session: plain data, as a store keeps it. */
export interface OutboxEntry {
  /** The record's, and the draft's. */
  readonly id: string;
  readonly session: string;
  /** Who wrote it: nobody else ever sends it. */
  readonly clientId: string;
  /** The open outbox that sends it; when that is gone, another one of the same person does. */
  readonly holder: string;
  readonly device: DeviceId;
  /** Lower ones are sent first. */
  readonly order: number;
  /** Milliseconds since 1970, by this device's clock. */
  readonly created: number;
  readonly expires: number;
  readonly draft: Draft;
  /** Of a message that is placed when it is sent: what it was written after; it goes to the end of that branch. */
  readonly follows?: MessageId | null;
  /** It may have been stored, above this serial; null where nothing was known then. */
  readonly attempted?: { readonly after: Serial | null };
  readonly failed?: { readonly code: string; readonly message: string };
  /** It was taken back when it may have been stored already: kept until that is known. */
  readonly withdrawn?: true;
}

/** What a store has kept, as an entry; undefined for anything else. */
export function readEntry(value: unknown): OutboxEntry | undefined {
  if (!isObject(value as JsonValue)) return undefined;
  const { draft, ...entry } = value as Partial<Record<keyof OutboxEntry, JsonValue>>;
  const texts = [entry.id, entry.session, entry.clientId, entry.holder, entry.device];
  const isEntry =
    texts.every((text) => typeof text === 'string') &&
    [entry.order, entry.created, entry.expires].every((number) => Number.isFinite(number)) &&
    draft !== undefined &&
    isObject(draft) &&
    draft['id'] === entry.id &&
    typeof draft['name'] === 'string' &&
    draft['data'] !== undefined;
  return isEntry ? (value as OutboxEntry) : undefined;
}
