import type { Annotation } from '../annotation.ts';
import type { Serial } from '../ids.ts';
import type { CommitView, Stored, Write } from './commit.ts';
import type { Entry } from './tiers.ts';

/** One channel's messages, oldest first. */
export interface MemoryLog {
  readonly stored: Map<Serial, Stored>;
  readonly ids: Map<string, Serial>;
  readonly annotations: Map<Serial, Map<string, Annotation>>;
}

export function createMemoryLog(): MemoryLog {
  return { stored: new Map(), ids: new Map(), annotations: new Map() };
}

export function viewOf(log: MemoryLog): CommitView {
  return {
    find: (serial) => log.stored.get(serial),
    findById(id) {
      const serial = log.ids.get(id);
      return serial === undefined ? undefined : log.stored.get(serial);
    },
    findAnnotation: (serial, id) => log.annotations.get(serial)?.get(id),
  };
}

export function storeWrite(log: MemoryLog, write: Write): void {
  const { message } = write.stored;
  log.stored.set(message.serial, write.stored);
  if (write.kind === 'create') log.ids.set(message.id, message.serial);
  if (write.kind !== 'annotate') return;
  const annotations = log.annotations.get(message.serial) ?? new Map<string, Annotation>();
  log.annotations.set(message.serial, annotations.set(write.annotation.id, write.annotation));
}

export function entryOf(log: MemoryLog, stored: Stored): Entry {
  return { stored, annotations: [...(log.annotations.get(stored.message.serial)?.values() ?? [])] };
}

/** Puts a message from elsewhere in its place, whatever there was of it. */
export function storeEntry(log: MemoryLog, { stored, annotations }: Entry): void {
  const { serial, id } = stored.message;
  const isLast = serial > ([...log.stored.keys()].at(-1) ?? '');
  const isNew = !log.stored.has(serial);
  log.stored.set(serial, stored);
  log.ids.set(id, serial);
  if (annotations.length > 0)
    log.annotations.set(serial, new Map(annotations.map((each) => [each.id, each])));
  if (isLast || !isNew) return;
  const inOrder = [...log.stored].sort(([a], [b]) => (a < b ? -1 : 1));
  log.stored.clear();
  for (const [key, value] of inOrder) log.stored.set(key, value);
}

export function forget(log: MemoryLog, { message }: Stored): void {
  log.stored.delete(message.serial);
  log.annotations.delete(message.serial);
  if (log.ids.get(message.id) === message.serial) log.ids.delete(message.id);
}

/** Those that changed after a version, in order of change. */
export function changedSince(log: MemoryLog, version: string): readonly Stored[] {
  return [...log.stored.values()]
    .filter((stored) => stored.changed > version)
    .sort((a, b) => (a.changed < b.changed ? -1 : 1));
}
