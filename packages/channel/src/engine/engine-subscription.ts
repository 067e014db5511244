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

/**
 * Up to where a message is known: its content, and its annotations. Each by versions of its own, since an engine that learns
 * of several changes at once may tell the last annotations before the text that came earlier.
 */
interface Sight {
  content: Version;
  annotations: Version;
}

const NOTHING = encodeVersion(0);

function sightOf({ version, annotations }: Message): Sight {
  return { content: version, annotations: annotations?.version ?? NOTHING };
}

/** Whether a change tells what isn't known. Its version says so, not its position: an engine may tell the latest state early. */
function isNews(change: Change, { content, annotations }: Sight): boolean {
  switch (change.kind) {
    case 'message': {
      const sight = sightOf(change.message);
      return sight.content > content || sight.annotations > annotations;
    }
    case 'append':
      return change.version > content;
    case 'annotations':
      return change.summary.version > annotations;
  }
}

function sightAt(position: Position): Sight {
  const version = versionAt(position);
  return { content: version, annotations: version };
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
  const met = new Map<Serial, Sight>();
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
  /** What everything is known up to. */
  let covered = sightAt(tail.head);

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
    met.set(message.serial, sightOf(message));
    deliver({ kind: 'message', message, position: at });
  };

  const deliverChanged = ({ message, rewritten }: ChangedMessage, from: Position, at: Position): void => {
    const since = versionAt(from);
    const length = claimed.get(message.serial);
    const { data, serial, version } = message;
    if (length === undefined || rewritten > since || typeof data !== 'string' || length > data.length)
      return deliverWhole(message, at);
    met.set(serial, sightOf(message));
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
      covered = sightAt(head);
      deliver({ kind: 'gap', position: head });
      return head;
    }
    const { changed, head } = changes;
    covered = sightAt(head);
    // Until the last one is delivered, only the old position is sure to miss nothing.
    for (const [index, each] of changed.entries())
      deliverChanged(each, since, index < changed.length - 1 ? since : head);
    position = head;
    return since;
  };

  /** Lets one change through, after the whole message where the listener has not met it. */
  const follow = (change: Change): Promise<void> | undefined => {
    const serial = change.kind === 'message' ? change.message.serial : change.serial;
    const sight = met.get(serial);
    if (!isNews(change, covered) || (sight && !isNews(change, sight))) return undefined;
    if (change.kind === 'message') {
      deliverWhole(change.message, change.position);
    } else if (sight) {
      if (change.kind === 'append') sight.content = change.version;
      else sight.annotations = change.summary.version;
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
    for (const serial of claimed.keys()) met.set(serial, sightAt(from));
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
