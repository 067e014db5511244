import type { SubscribeOptions, Subscription } from '../contract.ts';
import type { Delivery } from '../delivery.ts';
import { ChannelError, isChannelError } from '../errors.ts';
import type { Position, Serial, Version } from '../ids.ts';
import type { Message } from '../message.ts';
import { decodePosition, encodeVersion } from './clock.ts';
import type { Change, ChangedMessage, Engine, TailEvent } from './port.ts';

/** The version at a position of this engine. */
function versionAt(position: Position): Version {
  return encodeVersion(decodePosition(position)?.tick ?? 0);
}

/** The last change that a message as delivered contains. */
function latest({ version, annotations }: Message): Version {
  return annotations !== undefined && annotations.version > version ? annotations.version : version;
}

/**
 * Follows one channel of an engine: opens the tail first and holds what it brings, catches up from `from` by asking what
 * has changed since, then lets the tail through without what was told already.
 */
export async function openEngineSubscription(
  engine: Engine,
  channel: string,
  listener: (delivery: Delivery) => void,
  { from, known }: SubscribeOptions,
): Promise<Subscription> {
  const queue: TailEvent[] = [];
  /** What the listener knows of each message that it has met. */
  const met = new Map<Serial, Version>();
  /** Text that the listener has said it holds: true of where it resumes, not of a loss later on. */
  let claimed: ReadonlyMap<Serial, number> = known ?? new Map();
  let pumping = true;
  let open = true;
  let resolveClosed: (error: ChannelError | undefined) => void;
  const closed = new Promise<ChannelError | undefined>((resolve) => (resolveClosed = resolve));

  const tail = await engine.tail(channel, (event) => {
    if (!open || event.kind === 'presence') return;
    queue.push(event);
    if (!pumping) void pump();
  });
  let position = from ?? tail.head;
  let covered = versionAt(tail.head);

  const end = (error: ChannelError | undefined): void => {
    if (!open) return;
    open = false;
    tail.close();
    resolveClosed(error);
  };

  const deliver = (delivery: Delivery): void => {
    if (!open) return;
    if (delivery.kind !== 'signal') position = delivery.position;
    try {
      listener(delivery);
    } catch (error) {
      // A listener's fault is its owner's to see, and no reason to stop telling it what happens.
      queueMicrotask(() => {
        throw error;
      });
    }
  };

  const deliverWhole = (message: Message, at: Position): void => {
    met.set(message.serial, latest(message));
    deliver({ kind: 'message', message, position: at });
  };

  const deliverChanged = ({ message, rewritten }: ChangedMessage, from: Position, at: Position): void => {
    const since = versionAt(from);
    const length = claimed.get(message.serial);
    const { data, serial, version } = message;
    if (length === undefined || rewritten > since || typeof data !== 'string' || length > data.length)
      return deliverWhole(message, at);
    met.set(serial, latest(message));
    const { annotations } = message;
    const annotated = annotations !== undefined && annotations.version > since;
    if (length < data.length) {
      const end = annotated ? from : at;
      deliver({ kind: 'append', serial, version, data: data.slice(length), offset: length, position: end });
    }
    if (annotated) deliver({ kind: 'annotations', serial, summary: annotations, position: at });
  };

  /** Tells everything that changed after a position, or a gap; returns from where the listener misses nothing. */
  const catchUp = async (since: Position): Promise<Position> => {
    const changes = await engine.changesSince(channel, since);
    if (changes === undefined) {
      const head = await headOf(engine, channel);
      met.clear();
      covered = versionAt(head);
      deliver({ kind: 'gap', position: head });
      return head;
    }
    const { changed, head } = changes;
    covered = versionAt(head);
    // Until the last one is delivered, only the old position is sure to miss nothing.
    for (const [index, each] of changed.entries())
      deliverChanged(each, since, index < changed.length - 1 ? since : head);
    position = head;
    return since;
  };

  /** Lets one change through, after the whole message where the listener has not met it. */
  const follow = (change: Change): Promise<void> | undefined => {
    const serial = change.kind === 'message' ? change.message.serial : change.serial;
    const version = versionAt(change.position);
    if (version <= covered || version <= (met.get(serial) ?? '')) return undefined;
    if (change.kind === 'message') {
      deliverWhole(change.message, change.position);
    } else if (met.has(serial)) {
      met.set(serial, version);
      deliver(change);
    } else {
      return engine.message(channel, serial).then((message) => {
        if (message !== undefined) deliverWhole(message, change.position);
      });
    }
    return undefined;
  };

  const pump = async (): Promise<void> => {
    pumping = true;
    try {
      for (let event = queue.shift(); event !== undefined && open; event = queue.shift()) {
        if (event.kind === 'signal') deliver(event);
        else if (event.kind === 'lost') await catchUp(position);
        else if (event.kind !== 'presence') {
          const done = follow(event);
          if (done !== undefined) await done;
        }
      }
    } catch (error) {
      end(
        isChannelError(error)
          ? error
          : new ChannelError('internal', 'Following the channel failed.', { cause: error }),
      );
    } finally {
      pumping = false;
    }
  };

  let start = tail.head;
  if (from !== undefined) {
    // What a resuming reader knows it has met, as of where it resumes.
    for (const serial of claimed.keys()) met.set(serial, versionAt(from));
    try {
      start = await catchUp(from);
      claimed = new Map();
    } catch (error) {
      end(undefined);
      throw error;
    }
  }
  void pump();
  return { start, closed, close: () => end(undefined) };
}

async function headOf(engine: Engine, channel: string): Promise<Position> {
  const tail = await engine.tail(channel, () => {});
  tail.close();
  return tail.head;
}
