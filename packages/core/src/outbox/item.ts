import type { Receipt } from '@holdfast/channel';
import type { SessionError } from '../errors.ts';
import type { Withdrawal } from '../session/outbox.ts';
import type { OutboxEntry } from './entry.ts';

/** Who waits for what becomes of something. */
export interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: SessionError) => void;
}

/** An entry in an open outbox. `clientId` is empty until the connection tells who this is. */
export interface Item {
  entry: OutboxEntry;
  /** A store may have it. */
  isKept: boolean;
  /** It is with the channel, which will say what became of it. */
  isInFlight: boolean;
  /** It may be stored: it is looked for before anything else is done about it. */
  isDoubtful: boolean;
  /** Takes it out of the session's view. */
  hide: () => void;
  sender?: Waiter<Receipt>;
  withdrawer?: Waiter<Withdrawal>;
}

export function createItem(entry: OutboxEntry): Item {
  return {
    entry,
    isKept: false,
    isInFlight: false,
    isDoubtful: entry.attempted !== undefined,
    hide() {},
  };
}

/** It goes to the end of its branch, wherever that is when it is sent. */
export function isFloating({ entry: { follows, failed, attempted } }: Item): boolean {
  return follows !== undefined && (failed !== undefined || attempted === undefined);
}

/** The next one to do something about: failed ones rest, but for those that may be stored all the same. */
export function nextItem(items: readonly Item[]): Item | undefined {
  return items.find(({ entry, isDoubtful }) => isDoubtful || entry.withdrawn || !entry.failed);
}

/** In the order in which they are shown: what waits, then what failed. */
export function inOrder(items: readonly Item[]): readonly Item[] {
  return [...items].sort(
    ({ entry: a }, { entry: b }) =>
      Number(a.failed !== undefined) - Number(b.failed !== undefined) || a.order - b.order,
  );
}
