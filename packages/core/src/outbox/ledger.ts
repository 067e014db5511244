import type { Receipt } from '@holdfast/channel';
import { SessionError } from '../errors.ts';
import type { RecordId } from '../ids.ts';
import type { SessionLog } from '../log/session-log.ts';
import { FAILED } from '../projection/provisional.ts';
import type { Refusal } from '../snapshot.ts';
import type { OutboxEntry } from './entry.ts';
import { inOrder, isFloating, type Item } from './item.ts';
import type { Kept } from './kept.ts';
import { lifetimeOf } from './lifetimes.ts';
import { asInput, endOfBranch, isAfter, messageOf, parentOf, placed } from './placing.ts';

/** What an open outbox has, as its store and the session's view show it, and what can become of it. */
export interface Ledger {
  /** In the order in which they are sent. */
  readonly items: readonly Item[];
  readonly refusals: readonly Refusal[];
  /** An order above all others. */
  nextOrder(): number;
  add(...items: readonly Item[]): void;
  /** Takes it out, and nothing else. */
  remove(item: Item): void;
  change(item: Item, next: Partial<OutboxEntry>): void;
  /** Resolves when the entry is kept as it is now, or can't be. */
  save(item: Item): Promise<void>;
  show(item: Item): void;
  /** Shows everything anew that is not with the channel: each message where it would be sent to now, what failed at the end. */
  arrange(): void;
  settle(item: Item, receipt: Receipt): void;
  forgo(item: Item): void;
  fail(item: Item, code: string, message: string, cause?: unknown): void;
  /** Fails what has waited for too long, now and whenever it does. */
  expire(): void;
  close(): void;
}

export interface LedgerOptions {
  readonly log: SessionLog;
  readonly kept: Kept;
  readonly expiryMs: number;
  readonly now: () => number;
  readonly changed: () => void;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

export function createLedger({ log, kept, expiryMs, now, changed }: LedgerOptions): Ledger {
  const { projection } = log;
  const refusals: Refusal[] = [];
  let items: Item[] = [];
  let lastOrder = 0;
  let isOpen = true;
  let isArranging = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const remove = (item: Item): void => {
    items = items.filter((each) => each !== item);
  };
  const change = (item: Item, next: Partial<OutboxEntry>): void => {
    item.entry = { ...item.entry, ...next };
  };
  const save = async (item: Item): Promise<void> => {
    const { entry } = item;
    if (entry.clientId === '' || !lifetimeOf(entry.draft, expiryMs).isKept) return;
    item.isKept = true;
    await kept.put(entry);
  };

  const show = (item: Item): void => {
    const { draft, clientId, created, failed, withdrawn } = item.entry;
    if (!withdrawn)
      item.hide = log.expect(draft, clientId === '' ? {} : { clientId }, created, failed && FAILED);
  };
  const arrange = (): void => {
    if (isArranging) return;
    isArranging = true;
    const all = inOrder(items.filter(({ isInFlight, entry }) => !isInFlight || entry.failed));
    for (const { hide } of all) hide();
    for (const item of all) {
      const { draft, follows = null } = item.entry;
      if (isFloating(item)) change(item, { draft: placed(draft, endOfBranch(projection, follows)) });
      show(item);
    }
    isArranging = false;
  };
  /** What was written after this one is now after what this one was written after. */
  const bypass = ({ entry: { draft, follows } }: Item): void => {
    const before = follows === undefined ? parentOf(draft) : follows;
    for (const other of items) {
      if (isAfter(other.entry.follows, draft)) change(other, { follows: before });
      else if (isAfter(parentOf(other.entry.draft), draft) && !other.entry.attempted)
        change(other, { draft: placed(other.entry.draft, before) });
    }
  };

  const drop = (item: Item): void => {
    remove(item);
    if (item.isKept) void kept.remove(item.entry.id);
  };
  const forgo = (item: Item): void => {
    drop(item);
    item.hide();
    bypass(item);
    arrange();
    item.sender?.reject(new SessionError('withdrawn', 'The message was taken back.'));
    item.withdrawer?.resolve({ outcome: 'withdrawn' });
    changed();
  };
  const fail = (item: Item, code: string, message: string, cause?: unknown): void => {
    const { id, draft, withdrawn } = item.entry;
    if (withdrawn) return item.isDoubtful ? undefined : forgo(item);
    const options = cause === undefined ? {} : { cause };
    item.sender?.reject(new SessionError(code === 'expired' ? 'expired' : 'refused', message, options));
    delete item.sender;
    item.hide();
    if (messageOf(draft) === undefined) {
      drop(item);
      refusals.push({ record: id as string as RecordId, kind: draft.name, code, message });
    } else {
      bypass(item);
      change(item, { failed: { code, message } });
      // What was to be said to a run can still be said.
      if (draft.name === 'steer') change(item, { draft: asInput(draft, null), follows: null });
      void save(item);
    }
    arrange();
    changed();
  };
  const waiting = (): readonly Item[] =>
    items.filter(({ entry: { failed, withdrawn } }) => !failed && !withdrawn);
  const expire = (): void => {
    for (const item of waiting())
      if (item.entry.expires <= now()) fail(item, 'expired', 'The message could not be sent in time.');
    clearTimeout(timer);
    const next = Math.min(...waiting().map(({ entry }) => entry.expires));
    if (isOpen && next !== Infinity)
      timer = setTimeout(expire, Math.min(Math.max(0, next - now()), MAX_TIMER_MS));
  };

  return {
    get items() {
      return items;
    },
    get refusals() {
      const failed = items.flatMap(({ entry: { id, draft, failed: why, withdrawn } }) =>
        why && !withdrawn ? [{ record: id as string as RecordId, kind: draft.name, ...why }] : [],
      );
      return [...refusals, ...failed];
    },
    nextOrder: () => (lastOrder = Math.max(lastOrder + 1, now())),
    add(...more) {
      items = [...items, ...more].sort((a, b) => a.entry.order - b.entry.order);
      lastOrder = Math.max(lastOrder, ...more.map(({ entry }) => entry.order));
      expire();
    },
    remove,
    change,
    save,
    show,
    arrange,
    settle(item, receipt) {
      drop(item);
      item.sender?.resolve(receipt);
      item.withdrawer?.resolve({ outcome: 'stored', receipt });
      if (item.entry.failed) changed();
    },
    forgo,
    fail,
    expire,
    close() {
      isOpen = false;
      clearTimeout(timer);
    },
  };
}
