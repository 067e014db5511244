import { ChannelError, isChannelError } from '@holdfast/channel';
import type { Line } from './line.ts';

/** What a feed listens to: a subscription of the channel behind. */
export interface Source {
  readonly closed: Promise<ChannelError | undefined>;
  close(): void;
}

export interface FeedParts<Item> {
  readonly line: Line;
  /** Subscribes behind the line; called again after every break. */
  readonly open: (push: (item: Item) => void) => Promise<Source>;
  /** Tells the listener some of what is queued, which it takes off the queue. Called while there is any. */
  readonly tell: (queue: Item[], feed: Feed) => Promise<void>;
  /** Waits before it tries to subscribe again where that has failed. */
  readonly wait: () => Promise<void>;
}

/** A subscription that outlives the ones behind it. */
export interface Feed extends Source {
  readonly isOpen: boolean;
  /** Breaks it: what is queued is lost, and it subscribes again as soon as the line is whole. */
  readonly restart: () => void;
}

export async function openFeed<Item>({ line, open, tell, wait }: FeedParts<Item>): Promise<Feed> {
  const queue: Item[] = [];
  let isOpen = true;
  let telling = false;
  let ready = false;
  let life = 0;
  let source: Source | undefined;
  let resolveClosed: (error: ChannelError | undefined) => void;
  const closed = new Promise<ChannelError | undefined>((resolve) => (resolveClosed = resolve));

  const end = (error: ChannelError | undefined): void => {
    if (!isOpen) return;
    isOpen = false;
    unlisten();
    source?.close();
    queue.length = 0;
    resolveClosed(error);
  };
  const pump = async (): Promise<void> => {
    if (telling || !ready) return;
    telling = true;
    while (queue.length > 0 && isOpen) await tell(queue, feed);
    telling = false;
  };
  const startPump = (): void => {
    pump().catch((error: unknown) => end(fault(error)));
  };
  const connect = async (): Promise<void> => {
    const mine = life;
    const opened = await open((item) => {
      if (mine !== life || !isOpen) return;
      queue.push(item);
      startPump();
    });
    if (mine !== life || !isOpen) return opened.close();
    source = opened;
    void opened.closed.then((error) => {
      if (mine === life) end(error);
    });
  };
  const reconnect = async (): Promise<void> => {
    const mine = life;
    for (;;) {
      await line.whole();
      if (mine !== life || !isOpen) return;
      try {
        return await connect();
      } catch (error) {
        // The line behind may be a bad one too.
        if (!isChannelError(error) || !error.retryable) throw error;
        await wait();
      }
    }
  };
  const restart = (): void => {
    life += 1;
    queue.length = 0;
    source?.close();
    source = undefined;
    reconnect().catch((error: unknown) => end(fault(error)));
  };
  const unlisten = line.onBreak(restart);

  const feed: Feed = {
    closed,
    get isOpen() {
      return isOpen;
    },
    restart,
    close: () => end(undefined),
  };
  try {
    await connect();
  } catch (error) {
    end(undefined);
    throw error;
  }
  ready = true;
  startPump();
  return feed;
}

/** What a feed ends with: nothing where the channels were closed while it was broken. */
function fault(error: unknown): ChannelError | undefined {
  if (!isChannelError(error)) return new ChannelError('internal', 'A listener failed.', { cause: error });
  return error.code === 'closed' ? undefined : error;
}
