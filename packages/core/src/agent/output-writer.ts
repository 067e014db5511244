import { createBackoff, isChannelError } from '@holdfast/channel';
import type { Channel, ChannelError, Serial } from '@holdfast/channel';

export interface OutputWriterOptions {
  readonly channel: Channel;
  /** The message that grows; its create was empty. */
  readonly serial: Serial;
  /** Nothing more can be written: the message was sealed, or the channel refuses it for good. Called once. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * Appends to one message. Nobody waits for a receipt: text goes out at once while few appends are in flight, else it
 * joins the next one. What fails is sent again at its offset, and repaired by the whole data where that doesn't help,
 * before anything that follows it.
 */
export interface OutputWriter {
  /** Length of the message's data with everything that was ever given to `append`, in UTF-16 code units. */
  readonly length: number;
  append(text: string): void;
  /** Undefined while little waits; else resolves when it does: who writes faster than the channel takes should wait for it. */
  ready(): Promise<void> | undefined;
  /** Resolves when everything is stored. Rejects when it can't be. */
  flush(): Promise<void>;
}

interface Piece {
  readonly offset: number;
  readonly data: string;
  state: 'sent' | 'stored' | 'failed';
}

/** Appends under way at a time, where the channel checks offsets; else one (P12). */
const IN_FLIGHT = 32;
/** How much may wait before a writer is held back, in UTF-16 code units. */
const BACKLOG = 1 << 16;

export function createOutputWriter({ channel, serial, onFailed }: OutputWriterOptions): OutputWriter {
  const { checksOffsets, operationsPerSecond } = channel.features;
  const limit = checksOffsets ? IN_FLIGHT : 1;
  const intervalMs = operationsPerSecond === undefined ? 0 : 1000 / operationsPerSecond;
  const written: string[] = [];
  const backoff = createBackoff();
  const waiters = new Set<() => void>();
  let length = 0;
  let sent = 0;
  let pending = '';
  let pieces: Piece[] = [];
  let recovering = false;
  let failure: { readonly error: unknown } | undefined;
  let nextAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const notify = (): void => {
    for (const waiter of waiters) waiter();
  };
  const fail = (error: unknown): void => {
    if (failure !== undefined) return;
    failure = { error };
    clearTimeout(timer);
    onFailed(error);
    notify();
  };

  const publish = async ({ offset, data }: Piece): Promise<void> => {
    await channel.publish({ action: 'append', serial, data, offset });
  };

  const send = (): void => {
    const piece: Piece = { offset: sent, data: pending, state: 'sent' };
    sent += pending.length;
    pending = '';
    pieces.push(piece);
    publish(piece).then(
      () => settle(piece, 'stored'),
      (error: unknown) => (isFinal(error) ? fail(error) : settle(piece, 'failed')),
    );
  };

  /** Sends what waits, as far as the channel's limits allow. */
  const pump = (): void => {
    if (failure !== undefined || recovering || timer !== undefined) return;
    if (pending === '' || pieces.length >= limit) return;
    const now = performance.now();
    if (now < nextAt) {
      timer = setTimeout(() => {
        timer = undefined;
        pump();
      }, nextAt - now);
      return;
    }
    nextAt = now + intervalMs;
    send();
  };

  const settle = (piece: Piece, state: 'stored' | 'failed'): void => {
    piece.state = state;
    if (pieces.every((each) => each.state !== 'failed')) {
      pieces = pieces.filter((each) => each.state === 'sent');
      pump();
    } else if (pieces.every((each) => each.state !== 'sent')) {
      void recover();
    }
    notify();
  };

  /** Sends the failed ones again, the first first; all others wait meanwhile. */
  const recover = async (): Promise<void> => {
    if (recovering) return;
    recovering = true;
    let whole = !checksOffsets;
    for (;;) {
      try {
        if (whole) await repair();
        else for (const piece of failedOf(pieces)) await publish(piece).then(() => (piece.state = 'stored'));
        break;
      } catch (error) {
        if (isFinal(error)) return fail(error);
        if (isConflict(error)) whole = true;
        else await backoff.wait();
      }
    }
    backoff.reset();
    pieces = [];
    recovering = false;
    pump();
    notify();
  };

  /** Says the whole again, so that whatever came of the failed appends doesn't matter. */
  const repair = async (): Promise<void> => {
    await channel.publish({ action: 'update', serial, draft: { data: written.join('').slice(0, sent) } });
  };

  const until = (done: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (failure === undefined && !done()) return;
        waiters.delete(look);
        if (failure === undefined) resolve();
        else reject(failure.error as Error);
      };
      waiters.add(look);
      look();
    });

  const isReady = (): boolean => failure === undefined && pending.length < BACKLOG;

  return {
    get length() {
      return length;
    },
    append(text) {
      if (text === '') return;
      written.push(text);
      length += text.length;
      pending += text;
      pump();
    },
    ready: () => (isReady() ? undefined : until(isReady)),
    flush: () => until(() => pending === '' && pieces.length === 0),
  };
}

function failedOf(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.filter(({ state }) => state === 'failed').sort((a, b) => a.offset - b.offset);
}

/** After one append has failed, those behind it don't fit: that is no end. */
function isFinal(error: unknown): boolean {
  return !isChannelError(error) || !(error.retryable || isConflict(error));
}

function isConflict(error: unknown): error is ChannelError {
  return isChannelError(error) && error.code === 'conflict';
}
