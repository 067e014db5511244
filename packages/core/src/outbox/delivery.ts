import { createBackoff, isChannelError } from '@holdfast/channel';
import type { ChannelErrorCode } from '@holdfast/channel';
import { SessionError } from '../errors.ts';
import type { SessionLog } from '../log/session-log.ts';
import { findStored } from './find-stored.ts';
import { nextItem, type Item } from './item.ts';
import type { Ledger } from './ledger.ts';

export interface DeliveryOptions {
  readonly log: SessionLog;
  readonly ledger: Ledger;
  readonly canSend: () => boolean;
  readonly now: () => number;
}

/** Gets entries stored, one after the other, whenever that can be. */
export interface Delivery {
  /** Something has changed: does what can be done now. */
  readonly pump: () => void;
  /** The same, without waiting any longer after a failure. */
  readonly wake: () => void;
}

/** After these nothing was stored. */
const UNSTORED: ReadonlySet<ChannelErrorCode> = new Set(['rate_limited', 'storage_full']);

export function createDelivery({ log, ledger, canSend, now }: DeliveryOptions): Delivery {
  const { channel, projection } = log;
  const backoff = createBackoff();
  let isPumping = false;

  const has = (item: Item): boolean => ledger.items.includes(item);

  const publish = async (item: Item): Promise<void> => {
    const { isKept } = item;
    const after = projection.runs.findLast(({ serial }) => serial !== undefined)?.serial ?? null;
    if (!item.entry.attempted) ledger.arrange();
    ledger.change(item, { attempted: { after } });
    item.isInFlight = true;
    try {
      const saving = ledger.save(item);
      // A crash may not leave what was sent as something that never was. What nobody has kept is simply gone.
      if (isKept) await saving;
      if (item.entry.withdrawn) return ledger.forgo(item);
      const [receipt] = await channel.publish({ action: 'create', draft: item.entry.draft });
      if (!receipt) throw new SessionError('unavailable', 'The channel gave no receipt.');
      backoff.reset();
      if (has(item)) ledger.settle(item, receipt);
    } finally {
      item.isInFlight = false;
    }
  };
  /** P30: before anything is done about what may be stored, it is looked for. */
  const clear = async (item: Item): Promise<void> => {
    const receipt = await findStored(channel, item.entry);
    if (!has(item)) return;
    if (receipt) {
      // What is older than all that is loaded won't come by.
      const oldest = projection.runs.find(({ serial }) => serial !== undefined)?.serial;
      if (oldest === undefined ? log.hasOlder : receipt.serial < oldest) item.hide();
      return ledger.settle(item, receipt);
    }
    item.isDoubtful = false;
    const { attempted: _, ...entry } = item.entry;
    item.entry = entry;
    if (entry.withdrawn) ledger.forgo(item);
    else void ledger.save(item);
  };
  const recover = async (item: Item, cause: unknown): Promise<void> => {
    const isFinal = isChannelError(cause) && !cause.retryable && cause.code !== 'closed';
    if (isFinal) {
      // What it said the first time may be stored under its id: then all is well.
      const receipt =
        cause.code === 'conflict' ? await findStored(channel, item.entry).catch(() => undefined) : undefined;
      if (!has(item)) return;
      if (receipt) ledger.settle(item, receipt);
      else ledger.fail(item, cause.code, `The channel refused the record: ${String(cause)}`, cause);
      return;
    }
    item.isDoubtful = !(isChannelError(cause) && UNSTORED.has(cause.code));
    await backoff.wait();
  };
  /** One step for one entry. Never rejects. */
  const advance = async (item: Item): Promise<void> => {
    try {
      if (item.isDoubtful) await clear(item);
      else if (item.entry.withdrawn) ledger.forgo(item);
      else if (item.entry.expires <= now()) ledger.expire();
      else await publish(item);
    } catch (cause) {
      if (has(item)) await recover(item, cause);
    }
  };
  const run = async (): Promise<void> => {
    if (isPumping) return;
    isPumping = true;
    for (let item = nextItem(ledger.items); item && canSend(); item = nextItem(ledger.items))
      await advance(item);
    isPumping = false;
  };

  return {
    pump: () => void run(),
    wake() {
      backoff.wake();
      void run();
    },
  };
}
