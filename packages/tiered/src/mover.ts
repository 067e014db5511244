import { ChannelError, isChannelError } from '@holdfast/channel';
import type { Moved } from './moving.ts';

/** Sessions that are looked after at once. */
const AT_ONCE = 4;
const LONGEST_PAUSE_MS = 10_000;

export interface MoverOptions {
  readonly move: (channel: string) => Promise<Moved>;
  readonly channels: () => AsyncIterable<string>;
  readonly settledMs: number;
  readonly sweepMs: number;
  readonly onError: (error: ChannelError, channel: string | undefined) => void;
}

/**
 * Moves messages when they have settled: of sessions that this process has written to as soon as it is time, of all others
 * with the next sweep.
 */
export interface Mover {
  /** Something was written to a session. */
  note(channel: string): void;
  /** Resolves when what is under way has ended. */
  close(): Promise<void>;
}

export function createMover({ move, channels, settledMs, sweepMs, onError }: MoverOptions): Mover {
  /** When to look after which session. */
  const due = new Map<string, number>();
  const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(10, settledMs / 10));
  let open = true;

  const lookAfter = async (channel: string): Promise<void> => {
    try {
      const { next } = await move(channel);
      if (next !== undefined) due.set(channel, next + settledMs);
    } catch (error) {
      due.set(channel, Date.now() + settledMs);
      onError(told(error), channel);
    }
  };

  const lookAfterDue = async (): Promise<void> => {
    const now = Date.now();
    const waiting = [...due].filter(([, at]) => at <= now).map(([channel]) => channel);
    for (const channel of waiting) due.delete(channel);
    const work = async (): Promise<void> => {
      for (let channel = waiting.pop(); channel !== undefined && open; channel = waiting.pop())
        await lookAfter(channel);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  };

  const sweep = async (): Promise<void> => {
    try {
      for await (const channel of channels()) {
        if (!open) return;
        if (!due.has(channel)) await move(channel);
      }
    } catch (error) {
      onError(told(error), undefined);
    }
  };

  const jobs = [
    repeat(pauseMs, lookAfterDue),
    // Not all processes at once.
    repeat(sweepMs * (0.75 + Math.random() / 2), sweep),
  ];

  return {
    note(channel) {
      if (!due.has(channel)) due.set(channel, Date.now() + settledMs);
    },
    async close() {
      open = false;
      await Promise.all(jobs.map((stop) => stop()));
    },
  };
}

/** Does some work again and again, but once at a time. The returned function stops that, and waits for what is under way. */
function repeat(ms: number, work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= work().finally(() => (running = undefined));
  }, ms);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

function told(error: unknown): ChannelError {
  return isChannelError(error)
    ? error
    : new ChannelError('internal', 'Moving messages failed.', { cause: error });
}
