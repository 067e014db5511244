import type { Receipt } from '@holdfast/channel';
import { closedError, SessionError } from '../errors.ts';
import type { MessageId, RunId } from '../ids.ts';
import type {
  OpenOutbox,
  Outbox,
  OutboxContext,
  Unsent,
  UnsentMessage,
  Withdrawal,
} from '../session/outbox.ts';
import { createDelivery } from './delivery.ts';
import type { OutboxEntry } from './entry.ts';
import { takeHeritage } from './heritage.ts';
import { createHolder, type Locks } from './holder.ts';
import { createItem, isFloating, type Item } from './item.ts';
import { createKept } from './kept.ts';
import { createLedger } from './ledger.ts';
import { lifetimeOf } from './lifetimes.ts';
import { followsOf, messageOf } from './placing.ts';
import type { OutboxStore } from './store.ts';

export interface DurableOutboxOptions {
  readonly store: OutboxStore;
  /**
   * Who is signed in, where the application knows before the connection does: then what waits shows at once. Nothing is ever sent for
   * anybody but whom the connection says. Default: whom the connection says.
   */
  readonly clientId?: string;
  /** How long messages wait, in milliseconds: less than the channel's history is kept. Default 24 hours. */
  readonly expiryMs?: number;
  /** Called once if the store fails, with `unavailable`: what is written may be gone with the page. */
  readonly onError?: (error: SessionError) => void;
  /** Default: the browser's, where there are any. */
  readonly locks?: Locks | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

const DAY_MS = 24 * 60 * 60_000;

/**
 * An outbox that keeps what is written: over a lost connection, a reload, a closed tab. Each message is stored once, in the order in
 * which its author wrote it on this device; what can't be sent in time, or is refused, stays in sight as failed.
 */
export function durableOutbox(options: DurableOutboxOptions): OpenOutbox {
  return (context) => openDurableOutbox(context, options);
}

function openDurableOutbox(
  { log, connection, device, selection, changed }: OutboxContext,
  {
    store,
    clientId: expected,
    expiryMs = DAY_MS,
    onError,
    locks = globalThis.navigator?.locks,
    now = Date.now,
  }: DurableOutboxOptions,
): Outbox {
  const { projection } = log;
  const session = log.channel.name;
  const holder = createHolder(locks);
  const kept = createKept(store, { onError, after: holder.held });
  const ledger = createLedger({ log, kept, expiryMs, now, changed });
  let isOpen = true;
  /** Who this was when last connected; empty for nobody in particular. */
  let known: string | undefined;
  /** Who has what an earlier page of theirs has left. */
  let heir: string | undefined;

  const isConnected = (): boolean => connection.state.status === 'connected';
  const owner = (): string => connection.clientId ?? known ?? expected ?? '';
  const { pump, wake } = createDelivery({
    log,
    ledger,
    now,
    canSend: () => isOpen && log.isLive && isConnected() && (owner() === '' || heir === owner()),
  });

  /** What the connection says about who this is. Entries of somebody else stay in the store, for them. */
  const identify = (): void => {
    if (!isConnected()) return;
    const me = (known = connection.clientId ?? '');
    for (const item of ledger.items) {
      const { clientId } = item.entry;
      if (clientId === me) continue;
      if (clientId === '') {
        ledger.change(item, { clientId: me });
        void ledger.save(item);
        continue;
      }
      ledger.remove(item);
      item.hide();
      const error = new SessionError('forbidden', 'Somebody else is signed in.');
      item.sender?.reject(error);
      item.withdrawer?.reject(error);
    }
  };
  const take = async (entries: readonly OutboxEntry[]): Promise<void> => {
    if (!isOpen || entries.length === 0) return;
    const taken = entries.map((entry) => createItem({ ...entry, holder: holder.id }));
    ledger.add(...taken);
    ledger.arrange();
    changed();
    await Promise.all(taken.map((item) => ledger.save(item)));
    pump();
  };
  const inherit = async (): Promise<void> => {
    const me = owner();
    if (me === '') return pump();
    const isKnown = (id: string): boolean => ledger.items.some(({ entry }) => entry.id === id);
    await takeHeritage(me, { kept, holder, session, device, now, isKnown, take });
    heir = me;
    pump();
  };
  const look = (): void => {
    identify();
    wake();
    void inherit();
  };
  const stops = [
    connection.subscribe(() => {
      // What was said while the connection was away may still be under way, and comes before what is written here.
      if (isConnected() && log.isLive && ledger.items.some(isFloating)) log.repair();
      look();
    }),
    log.subscribe((event) => {
      if (event.kind === 'live' && log.isLive) look();
      // The conversation goes on above what failed.
      else if (event.kind === 'change' && event.change.tree && ledger.items.some(({ entry }) => entry.failed))
        ledger.arrange();
    }),
  ];
  look();

  const find = (message: MessageId): Item | undefined =>
    ledger.items.find(({ entry }) => messageOf(entry.draft) === message && !entry.withdrawn);
  /** Resolves when it is stored. */
  const enqueue = (item: Item): Promise<Receipt> => {
    const stored = new Promise<Receipt>((resolve, reject) => (item.sender = { resolve, reject }));
    stored.catch(() => {});
    ledger.show(item);
    ledger.add(item);
    pump();
    if (!item.isInFlight) void ledger.save(item);
    if (ledger.items.some(({ entry }) => entry.failed)) ledger.arrange();
    return stored;
  };

  /** Here, since it was opened. */
  const withdrawn = new Map<MessageId, UnsentMessage>();
  const unsent: Unsent = {
    find: (message) => {
      const item = find(message);
      return item ? describe(message, item.entry) : withdrawn.get(message);
    },
    resend(message) {
      const item = find(message);
      if (!item?.entry.failed) throw new SessionError('not_found', 'No such message has failed here.');
      ledger.remove(item);
      item.hide();
      const { failed: _, ...entry } = item.entry;
      const created = now();
      const { ms } = lifetimeOf(entry.draft, expiryMs);
      item.entry = { ...entry, created, expires: created + ms, order: ledger.nextOrder() };
      const stored = enqueue(item);
      changed();
      return { run: entry.id as RunId, message, stored };
    },
    withdraw(message) {
      const item = find(message);
      if (!item) return Promise.reject(new SessionError('not_found', 'No such message waits here.'));
      withdrawn.set(message, { ...describe(message, item.entry), state: 'withdrawn' });
      return new Promise<Withdrawal>((resolve, reject) => {
        item.withdrawer = {
          resolve(withdrawal) {
            if (withdrawal.outcome === 'stored') withdrawn.delete(message);
            resolve(withdrawal);
          },
          reject,
        };
        if (!item.isInFlight && !item.isDoubtful) return ledger.forgo(item);
        ledger.change(item, { withdrawn: true });
        item.hide();
        item.sender?.reject(new SessionError('withdrawn', 'The message was taken back.'));
        void ledger.save(item);
        changed();
        pump();
      });
    },
  };

  return {
    unsent,
    get refusals() {
      return ledger.refusals;
    },
    publish(draft) {
      if (!isOpen) return Promise.reject(closedError());
      const created = now();
      const follows = followsOf(draft, projection, selection);
      const entry: OutboxEntry = {
        id: draft.id,
        session,
        clientId: owner(),
        holder: holder.id,
        device,
        order: ledger.nextOrder(),
        created,
        expires: created + lifetimeOf(draft, expiryMs).ms,
        draft,
        ...(follows !== undefined && { follows }),
      };
      return enqueue(createItem(entry));
    },
    confirm(id, receipt) {
      const item = ledger.items.find(({ entry }) => entry.id === id);
      if (item) ledger.settle(item, receipt);
      wake();
    },
    close() {
      isOpen = false;
      for (const stop of stops) stop();
      ledger.close();
      wake();
      holder.release();
      for (const { sender, withdrawer } of ledger.items) {
        sender?.reject(closedError());
        withdrawer?.reject(closedError());
      }
    },
  };
}

function describe(message: MessageId, { id, failed, created, expires }: OutboxEntry): UnsentMessage {
  const about = { message, run: id as RunId, created, expires };
  return failed
    ? { ...about, state: 'failed', code: failed.code, reason: failed.message }
    : { ...about, state: 'waiting' };
}
