import type { Annotation, Message, Serial } from '@holdfast/channel';

/** A message as it stood when it was saved, with the annotations that its summary counts. */
export interface ArchivedMessage {
  readonly message: Message;
  /** Oldest first, removals too. */
  readonly annotations: readonly Annotation[];
}

export interface ArchiveQuery {
  /** Only messages below this serial. Default: from the newest on. */
  readonly below?: Serial;
  /** 1 to 1000. Default 100. */
  readonly limit?: number;
}

export interface ArchivePage {
  /** Newest first. */
  readonly entries: readonly ArchivedMessage[];
  /** What to ask for as `below` to get the next older page; absent on the last one. */
  readonly next?: Serial;
}

/** What a client needs of an archive. */
export interface ArchiveReader {
  /** One page of what is saved of a session; an empty one where nothing is. */
  read(session: string, query?: ArchiveQuery): Promise<ArchivePage>;
  /** What is saved of one message. */
  find(session: string, serial: Serial): Promise<ArchivedMessage | undefined>;
}

/**
 * Where sessions are kept beyond their channel's history. An implementation for a database of your own is a table with the
 * primary key (session, serial), both compared by code units.
 */
export interface Archive extends ArchiveReader {
  /** Saves messages, all or none. Of one that is saved already, the higher version stays. */
  save(session: string, entries: readonly ArchivedMessage[]): Promise<void>;
  /** Forgets what is saved under one name; `forgetSession` forgets a session with the reasoning beside it. */
  remove(session: string): Promise<void>;
}

export const DEFAULT_LIMIT = 100;

/** How many entries a query asks for. @throws RangeError when that is no whole number from 1 to 1000 */
export function pageLimit({ limit = DEFAULT_LIMIT }: ArchiveQuery): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw new RangeError('limit must be a whole number from 1 to 1000');
}

/** A page of the entries that a store has found, one more than the limit where there are more. */
export function pageOf(entries: readonly ArchivedMessage[], limit: number): ArchivePage {
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  return entries.length > limit && last !== undefined
    ? { entries: page, next: last.message.serial }
    : { entries: page };
}
