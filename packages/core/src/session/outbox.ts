import { createBackoff, isChannelError } from '@holdfast/channel';
import type { Channel, Draft, Receipt } from '@holdfast/channel';
import { closedError, SessionError } from '../errors.ts';

export interface OutboxOptions {
  readonly channel: Channel;
  /** How long a record is tried, in milliseconds. */
  readonly expiryMs: number;
  /** Milliseconds that only rise. */
  readonly now: () => number;
  readonly random: () => number;
}

/** Sends records once and in order, however often the connection breaks meanwhile. */
export interface Outbox {
  /**
   * Resolves when the record is stored, by its receipt or by its echo.
   *
   * @throws SessionError `refused`: the channel did not take it; `unavailable`: it could not be sent before it expired;
   * `closed`
   */
  send(draft: Draft): Promise<Receipt>;
  /** A record came back on the channel: whatever became of its receipt, it is stored. */
  confirm(id: string, receipt: Receipt): void;
  close(): void;
}

interface Entry {
  readonly draft: Draft;
  readonly expires: number;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: SessionError) => void;
}

export function createOutbox({ channel, expiryMs, now, random }: OutboxOptions): Outbox {
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
            new SessionError(
              mayWork
                ? 'unavailable'
                : isChannelError(cause) && cause.code === 'too_large'
                  ? 'too_large'
                  : 'refused',
              `The record could not be stored: ${String(cause)}`,
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
