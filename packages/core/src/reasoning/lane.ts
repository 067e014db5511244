import { createChannelFold, followChannel } from '@holdfast/channel';
import type { ChannelError, Channels, FollowEvent, Message, Serial } from '@holdfast/channel';
import { createFrame } from '../session/frame.ts';
import { readThread } from './thread.ts';

/** The channel of one response's reasoning, while somebody looks at it. */
export interface Lane {
  /** It has caught up with the channel, and been so since. */
  readonly isLive: boolean;
  /** Why nothing more will come; undefined while something may. */
  readonly error: ChannelError | undefined;
  /** What the messages with these ids say; those that no agent wrote, or that aren't there, are left out. */
  said(ids: readonly string[]): ReadonlyMap<string, string>;
  /** Resolves when these messages are there, or can't be had. Rejects with a ChannelError. */
  load(ids: readonly string[]): Promise<void>;
  /** Calls `listener` after changes, at most once in 16 ms. */
  subscribe(listener: () => void): () => void;
  /** Lets go of it; whoever lets go last ends the subscription. */
  release(): void;
}

interface Shared extends Omit<Lane, 'release'> {
  holds: number;
  close(): void;
}

const shared = new WeakMap<Channels, Map<string, Shared>>();

/** Holds the channel with a name: one subscription, however many hold it. */
export function holdLane(channels: Channels, name: string): Lane {
  const lanes = shared.get(channels) ?? new Map<string, Shared>();
  shared.set(channels, lanes);
  const lane = lanes.get(name) ?? openLane(channels, name);
  lanes.set(name, lane);
  lane.holds += 1;
  let isHeld = true;
  return {
    get isLive() {
      return lane.isLive;
    },
    get error() {
      return lane.error;
    },
    said: lane.said,
    load: lane.load,
    subscribe: lane.subscribe,
    release() {
      if (!isHeld) return;
      isHeld = false;
      lane.holds -= 1;
      if (lane.holds > 0) return;
      if (lanes.get(name) === lane) lanes.delete(name);
      lane.close();
    },
  };
}

function openLane(channels: Channels, name: string): Shared {
  const fold = createChannelFold();
  const serials = new Map<string, Serial>();
  const texts = new WeakMap<Message, string | null>();
  const listeners = new Set<() => void>();
  let isLive = false;
  let error: ChannelError | undefined;
  const frame = createFrame(() => {
    for (const listener of listeners) listener();
  });

  const add = (message: Message): void => {
    serials.set(message.id, message.serial);
    fold.add(message);
  };
  const take = (event: FollowEvent): void => {
    switch (event.kind) {
      case 'page':
        event.messages.forEach(add);
        break;
      case 'delivery':
        if (event.delivery.kind === 'message') add(event.delivery.message);
        else if (fold.apply(event.delivery).missing !== undefined) following.repair();
        break;
      case 'gap':
      case 'live':
        isLive = event.kind === 'live';
        break;
      case 'signal':
        return;
    }
    frame.request();
  };
  const following = followChannel(channels.channel(name), take);
  void following.closed.then((reason) => {
    isLive = false;
    error = reason;
    frame.request();
  });

  const textOf = (id: string): string | undefined => {
    const serial = serials.get(id);
    const message = serial && fold.get(serial);
    if (message === undefined) return undefined;
    const text = texts.get(message) ?? readThread(message) ?? null;
    texts.set(message, text);
    return text ?? undefined;
  };
  const said = (ids: readonly string[]): ReadonlyMap<string, string> =>
    new Map(
      ids.flatMap((id) => {
        const text = textOf(id);
        return text === undefined ? [] : [[id, text] as const];
      }),
    );

  return {
    holds: 0,
    get isLive() {
      return isLive;
    },
    get error() {
      return error;
    },
    said,
    async load(ids) {
      await following.ready;
      while (said(ids).size < ids.length && (await following.loadOlder()));
    },
    subscribe(listener) {
      const each = (): void => listener();
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    close() {
      following.close();
      frame.cancel();
      listeners.clear();
    },
  };
}
