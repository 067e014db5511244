import { createBackoff, isChannelError } from '@holdfast/channel';
import type { Channel, Delivery, Message, Position, Serial, Signal } from '@holdfast/channel';
import { readInboxRecord } from '../../wakes/inbox-records.ts';
import { persist } from '../persist.ts';

export interface InboxListener {
  message(message: Message, isOld: boolean): void;
  signal(signal: Signal): void;
  /** History is being read, newest first, down to where nothing older is needed. */
  reading(): void;
  read(): void;
  /** It could not be followed for a while; it is tried again. */
  failed(error: unknown): void;
}

export interface InboxFollowing {
  /** Resolves when everything that waits is told; rejects where the inbox can't be followed at all. */
  readonly ready: Promise<void>;
  close(): void;
}

const PAGE = 200;

/**
 * Tells an inbox's messages: those that a newcomer needs, then live. Unlike a session's log it is never held as a whole, so it
 * may go on for ever.
 */
export function followInbox(channel: Channel, listener: InboxListener): InboxFollowing {
  const closing = new AbortController();
  const { signal } = closing;
  const backoff = createBackoff();
  let work: Promise<void> = Promise.resolve();

  const readBack = (until: Position): Promise<void> => {
    listener.reading();
    work = work
      .catch(() => {})
      .then(() => persist(() => readDown(until), signal))
      .then(() => listener.read())
      .catch((error: unknown) => {
        listener.read();
        throw error;
      });
    return work;
  };
  const readDown = async (until: Position): Promise<void> => {
    let needed = '' as Serial;
    for (let page = await channel.history({ until, limit: PAGE }); ;) {
      for (const message of page.messages) {
        if (message.serial < needed) return;
        const record = readInboxRecord(message);
        if (record?.kind === 'settled' && record.from > needed) needed = record.from;
        if (!signal.aborted) listener.message(message, true);
      }
      if (page.next === undefined || signal.aborted) return;
      page = await channel.history({ until, limit: PAGE, cursor: page.next });
    }
  };
  const receive = (delivery: Delivery): void => {
    if (signal.aborted) return;
    switch (delivery.kind) {
      case 'message':
        return listener.message(delivery.message, false);
      case 'signal':
        return listener.signal(delivery.signal);
      case 'gap':
        readBack(delivery.position).catch((error: unknown) => !signal.aborted && listener.failed(error));
        return;
      case 'append':
      case 'annotations':
        return;
    }
  };
  const follow = async (isLive: () => void): Promise<void> => {
    const subscription = await persist(() => channel.subscribe(receive), signal);
    const close = (): void => subscription.close();
    signal.addEventListener('abort', close);
    try {
      await readBack(subscription.start);
      isLive();
      const reason = await subscription.closed;
      if (reason !== undefined) throw reason;
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  };

  const ready = new Promise<void>((resolve, reject) => {
    const run = async (): Promise<void> => {
      let wasLive = false;
      while (!signal.aborted) {
        try {
          await follow(() => {
            wasLive = true;
            backoff.reset();
            resolve();
          });
        } catch (error) {
          if (signal.aborted) break;
          // Where it never worked, it is the caller's to know.
          if (!wasLive && isChannelError(error)) return reject(error);
          listener.failed(error);
          await backoff.wait();
        }
      }
      reject(new Error('The inbox was closed.'));
    };
    void run();
  });
  ready.catch(() => {});
  return {
    ready,
    close() {
      closing.abort();
      backoff.wake();
    },
  };
}
