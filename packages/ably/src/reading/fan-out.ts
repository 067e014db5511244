import type {
  ChannelError,
  Delivery,
  Position,
  Serial,
  Signal,
  SubscribeOptions,
  Subscription,
} from '@holdfast/channel';
import type { LogChange } from './log-view.ts';

/** The subscriptions to one channel, each of which gets whole messages first. */
export interface FanOut {
  readonly size: number;
  /** From `position`; with a gap before anything where that is not where the listener stands. */
  open(
    listener: (delivery: Delivery) => void,
    position: Position,
    options: SubscribeOptions,
    closed: () => void,
  ): Subscription;
  change(change: LogChange): void;
  signal(signal: Signal): void;
  gap(position: Position): void;
  end(error: ChannelError | undefined): void;
}

interface Reader {
  readonly deliver: (delivery: Delivery) => void;
  readonly met: Set<Serial>;
  readonly end: (error: ChannelError | undefined) => void;
}

export function createFanOut(): FanOut {
  const readers = new Set<Reader>();
  const tell = (each: (reader: Reader) => void): void => {
    for (const reader of readers) each(reader);
  };
  const gapOf = (reader: Reader, position: Position): void => {
    reader.met.clear();
    reader.deliver({ kind: 'gap', position });
  };
  return {
    get size() {
      return readers.size;
    },
    open(listener, start, { from }, onClose) {
      let resolveClosed: (error: ChannelError | undefined) => void;
      const closed = new Promise<ChannelError | undefined>((resolve) => (resolveClosed = resolve));
      const reader: Reader = {
        deliver: (delivery) => guarded(() => listener(delivery)),
        met: new Set(),
        end(error) {
          if (!readers.delete(reader)) return;
          resolveClosed(error);
          onClose();
        },
      };
      readers.add(reader);
      if (from !== undefined && from !== start) gapOf(reader, start);
      return { start, closed, close: () => reader.end(undefined) };
    },
    change({ delivery, message }) {
      const { serial } = message;
      tell(({ met, deliver }) => {
        if (delivery.kind === 'message' || met.has(serial)) deliver(delivery);
        else deliver({ kind: 'message', message, position: delivery.position });
        met.add(serial);
      });
    },
    signal: (signal) => tell(({ deliver }) => deliver({ kind: 'signal', signal })),
    gap: (position) => tell((reader) => gapOf(reader, position)),
    end: (error) => tell(({ end }) => end(error)),
  };
}

/** A listener's fault is its owner's to see, and no reason to stop telling others. */
export function guarded(work: () => void): void {
  try {
    work();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
