import { encodeText, tickOf } from '@holdfast/channel/engine';
import type { Stored, Write } from '@holdfast/channel/engine';
import { lengthOf, type Entry } from './message-row.ts';

/** Appends stay beside a body until they are longer than this, and than a quarter of the whole. */
const SHORT_TAIL = 8192;

interface Change {
  stored: Stored;
  readonly isNew: boolean;
  /** How much of the data the body on disk holds. */
  folded: number;
  /** Whether the body is to be written. */
  rewritten: boolean;
  /** What is added to the tail. */
  appended: { readonly start: number; readonly version: number; text: string } | undefined;
}

/** What one transaction stores: each message once, however often it was written to. As the commit statement takes it. */
export interface NetWrites {
  readonly created: readonly object[];
  readonly changed: readonly object[];
  readonly appends: readonly object[];
  readonly annotations: readonly object[];
  /** The messages as they are then, by serial. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/**
 * Adds up writes, in order. `foldedOf` tells how much of a message's data lay in its body before, `tick` is the last of
 * the transaction. What an append costs does not depend on how long the message is: the body is rewritten only when the
 * appends beside it have grown by a share of it, which adds up to a few times the text.
 */
export function addUp(
  writes: readonly Write[],
  tick: number,
  foldedOf: (serial: string) => number,
): NetWrites {
  const changes = new Map<string, Change>();
  const annotations: object[] = [];
  for (const write of writes) {
    const { stored } = write;
    const { serial } = stored.message;
    const before = changes.get(serial);
    const change: Change = before ?? {
      stored,
      isNew: write.kind === 'create',
      folded: write.kind === 'create' ? 0 : foldedOf(serial),
      rewritten: write.kind === 'create',
      appended: undefined,
    };
    changes.set(serial, change);
    change.stored = stored;
    if (write.kind === 'replace') change.rewritten = true;
    if (write.kind === 'append') {
      const version = tickOf(stored.message.version);
      change.appended ??= { start: write.offset, version, text: '' };
      change.appended.text += write.data;
    }
    if (write.kind === 'annotate') {
      const { version, id } = write.annotation;
      annotations.push({
        serial: tickOf(serial),
        version: tickOf(version),
        id: encodeText(id),
        content: JSON.stringify(write.annotation),
      });
    }
  }

  const created: object[] = [];
  const changed: object[] = [];
  const appends: object[] = [];
  const entries = new Map<string, Entry>();
  for (const [serial, change] of changes) {
    const { stored, appended } = change;
    const length = lengthOf(stored.message.data) ?? 0;
    if (length - change.folded > Math.max(SHORT_TAIL, length / 4)) change.rewritten = true;
    if (change.rewritten) change.folded = length;
    else if (appended !== undefined)
      appends.push({ ...appended, serial: tickOf(serial), text: encodeText(appended.text) });
    const row = {
      ...changingColumns(change),
      ...(change.rewritten && { ...bodyColumns(change), body_at: tick }),
    };
    if (change.isNew) created.push({ ...fixedColumns(stored), ...row });
    else changed.push({ serial: tickOf(serial), ...row });
    entries.set(serial, { stored, folded: change.folded });
  }
  return { created, changed, appends, annotations, entries };
}

/** A message as a whole, with its data in its body. */
export function wholeColumns(stored: Stored): object {
  return {
    ...fixedColumns(stored),
    ...changingColumns({ stored, folded: lengthOf(stored.message.data) ?? 0 }),
    ...bodyColumns({ stored }),
    body_at: tickOf(stored.changed),
  };
}

/** What of a message never changes after its create. */
function fixedColumns({ message, owner, fingerprint }: Stored): object {
  return {
    serial: tickOf(message.serial),
    id: encodeText(message.id),
    owner: encodeText(owner),
    fingerprint,
    client_id: message.clientId === undefined ? null : encodeText(message.clientId),
    claims: message.claims === undefined ? null : JSON.stringify(message.claims),
    timestamp: message.timestamp,
  };
}

/** What changes with everything. */
function changingColumns({ stored, folded }: Pick<Change, 'stored' | 'folded'>): object {
  const { message, rewritten, changed, bytes } = stored;
  return {
    version: tickOf(message.version),
    rewritten: tickOf(rewritten),
    changed: tickOf(changed),
    deleted: message.deleted === true,
    sealed: message.sealed === true,
    annotations: message.annotations === undefined ? null : JSON.stringify(message.annotations),
    bytes,
    length: lengthOf(message.data),
    folded,
  };
}

/** What changes only with the body. */
function bodyColumns({ stored: { message } }: Pick<Change, 'stored'>): object {
  return {
    name: encodeText(message.name),
    headers: JSON.stringify(message.headers),
    body: typeof message.data === 'string' ? encodeText(message.data) : JSON.stringify(message.data),
  };
}
