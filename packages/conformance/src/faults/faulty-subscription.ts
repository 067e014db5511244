import { createChannelFold } from '@holdfast/channel';
import type {
  Channel,
  ChannelFold,
  Delivery,
  Position,
  Serial,
  SubscribeOptions,
  Subscription,
} from '@holdfast/channel';
import type { Dice } from './dice.ts';
import { openFeed } from './feed.ts';
import type { Feed } from './feed.ts';
import type { Line } from './line.ts';
import type { FaultOptions } from './options.ts';

type Change = Exclude<Delivery, { kind: 'signal' | 'gap' }>;

/** How many past deliveries may come again. */
const RECENT = 3;

/** A subscription that suffers what `faults` says, by what the channel behind offers: resuming, starting anew, whole messages. */
export async function openFaultySubscription(
  channel: Channel,
  listener: (delivery: Delivery) => void,
  options: SubscribeOptions & { readonly faults: FaultOptions; readonly dice: Dice; readonly line: Line },
): Promise<Subscription> {
  const { faults, dice, line } = options;
  let start: Position | undefined;
  /** From where to go on, and how much text of each message the listener has. */
  let position = options.from;
  let lengths = new Map(options.known);
  let fold: ChannelFold = createChannelFold();
  let recent: Delivery[] = [];
  let anew = false;
  /** Where it broke last: it gets on before it breaks again. */
  let broken: Position | undefined;

  const hand = (delivery: Delivery): void => {
    try {
      listener(delivery);
    } catch (error) {
      // A listener's fault is its owner's to see, and no reason to stop telling it what happens.
      queueMicrotask(() => {
        throw error;
      });
    }
  };
  const note = (delivery: Delivery): void => {
    switch (delivery.kind) {
      case 'signal':
        return;
      case 'gap':
        lengths = new Map();
        fold = createChannelFold();
        recent = [];
        break;
      case 'message': {
        const { data, serial } = delivery.message;
        if (typeof data === 'string') lengths.set(serial, data.length);
        else lengths.delete(serial);
        break;
      }
      case 'append':
        lengths.set(delivery.serial, delivery.offset + delivery.data.length);
        break;
      case 'annotations':
        break;
    }
    position = delivery.position;
    if (delivery.kind === 'gap') return;
    fold.apply(delivery);
    recent = [...recent, delivery].slice(-RECENT);
  };

  /** Delivers up to the next signal or gap as the messages that changed. False where the whole of one isn't known. */
  const conflate = (queue: Delivery[], deliver: (delivery: Delivery) => void): boolean => {
    const batch: Change[] = [];
    for (const delivery of queue) {
      if (delivery.kind === 'signal' || delivery.kind === 'gap') break;
      batch.push(delivery);
    }
    const last = batch.at(-1);
    if (last === undefined || position === undefined) return false;
    const changed = new Set<Serial>();
    for (const delivery of batch) {
      const { changed: news, missing: base } = fold.apply(delivery);
      if (base !== undefined) return false;
      const serial = serialOf(delivery);
      // In the order of their last changes; what comes again is none.
      if (news) changed.delete(serial);
      changed.add(serial);
    }
    queue.splice(0, batch.length);
    const messages = [...changed].flatMap((serial) => fold.get(serial) ?? []);
    const before = position;
    // Until the last one is told, only the old position misses nothing.
    for (const [index, message] of messages.entries())
      deliver({ kind: 'message', message, position: index < messages.length - 1 ? before : last.position });
    return true;
  };

  const tell = async (queue: Delivery[], feed: Feed): Promise<void> => {
    const deliver = (delivery: Delivery): void => {
      if (!feed.isOpen) return;
      note(delivery);
      hand(delivery);
    };
    await dice.delay();
    if (dice.roll(faults.conflate)) await dice.wait(dice.upTo(3));
    if (queue.length === 0) return;
    if (position !== broken) {
      const cut = dice.roll(faults.cut);
      anew = !cut && dice.roll(faults.drop);
      if (cut || anew) {
        broken = position;
        return feed.restart();
      }
    }
    if (dice.roll(faults.conflate) && conflate(queue, deliver)) return;
    const delivery = queue.shift();
    if (delivery === undefined) return;
    deliver(delivery);
    if (delivery.kind === 'signal' || delivery.kind === 'gap' || !dice.roll(faults.duplicate)) return;
    const again = recent[dice.upTo(recent.length) - 1];
    if (again !== undefined && feed.isOpen) hand(again);
  };

  const open = async (push: (delivery: Delivery) => void): Promise<Subscription> => {
    if (start === undefined) {
      const { from, known } = options;
      const first = await channel.subscribe(push, {
        ...(from !== undefined && { from }),
        ...(known !== undefined && { known }),
      });
      start = first.start;
      position ??= start;
      return first;
    }
    if (!anew && position !== undefined) {
      const known = dice.roll(0.5) ? { known: lengths } : {};
      return channel.subscribe(push, { from: position, ...known });
    }
    const held: Delivery[] = [];
    let hold = (delivery: Delivery): void => void held.push(delivery);
    const fresh = await channel.subscribe((delivery) => hold(delivery));
    anew = false;
    hold = push;
    push({ kind: 'gap', position: fresh.start });
    for (const delivery of held) push(delivery);
    return fresh;
  };

  const feed = await openFeed({ line, open, tell, wait: () => dice.wait(1) });
  return { start: start ?? missing(), closed: feed.closed, close: () => feed.close() };
}

function serialOf(delivery: Change): Serial {
  return delivery.kind === 'message' ? delivery.message.serial : delivery.serial;
}

function missing(): never {
  throw new TypeError('a subscription without a start');
}
