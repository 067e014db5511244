import { createBackoff, isChannelError } from '@holdfast/channel';
import type { Channel, Draft, Receipt } from '@holdfast/channel';
import { closedError, SessionError } from '../errors.ts';
import type { Outbox } from './outbox.ts';

export interface SendQueueOptions {
  readonly channel: Channel;
  /** How long a record is tried, in milliseconds. */
  readonly expiryMs: number;
  /** Milliseconds that only rise. */
  readonly now: () => number;
  readonly random: () => number;
}

/** Sends records once and in order, however often the connection breaks meanwhile. */
export interface SendQueue extends Pick<Outbox, 'confirm' | 'close'> {
  /** Resolves and rejects as `Outbox.publish`. */
  send(draft: Draft): Promise<Receipt>;
}

interface Entry {
  readonly draft: Draft;
  readonly expires: number;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: SessionError) => void;
}

export function createSendQueue({ channel, expiryMs, now, random }: SendQueueOptions): SendQueue {
  const entries: Entry[] = [];
  let sending = false;
  let open = true;
  const backoff = createBackoff(random);

  /** Takes an entry off the list; undefined for one that is settled already. */
  const settle = (entry: Entry | undefined): Entry | undefined =>
    entry && entries.includes(entry) ? entries.splice(entries.indexOf(entry), 1)[0] : undefined;

  /** Sends the oldest entry until it is settled, then the next. */
  const run = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    for (let entry = entries[0]; entry && open; entry = entries[0]) {
      try {
        const signal = AbortSignal.timeout(Math.max(0, Math.ceil(entry.expires - now())));
        const [receipt] = await channel.publish({ action: 'create', draft: entry.draft }, { signal });
        if (receipt) settle(entry)?.resolve(receipt);
        backoff.reset();
      } catch (cause) {
        const mayWork = isTimeout(cause) || (isChannelError(cause) && cause.retryable);
        if (mayWork && now() < entry.expires) await backoff.wait();
        else
          settle(entry)?.reject(
            mayWork
              ? new SessionError('expired', 'The record could not be sent in time.', { cause })
              : new SessionError(
                  isChannelError(cause) && cause.code === 'too_large' ? 'too_large' : 'refused',
                  `The channel refused the record: ${String(cause)}`,
                  { cause },
                ),
          );
      }
    }
    sending = false;
  };

  return {
    send(draft) {
      if (!open) return Promise.reject(closedError());
      return new Promise((resolve, reject) => {
        entries.push({ draft, expires: now() + expiryMs, resolve, reject });
        void run();
      });
    },
    confirm(id, receipt) {
      settle(entries.find(({ draft }) => draft.id === id))?.resolve(receipt);
      backoff.wake();
    },
    close() {
      open = false;
      backoff.wake();
      for (const entry of entries.splice(0)) entry.reject(closedError());
    },
  };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
