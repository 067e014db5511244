import type { Channel, Delivery, Message, Position, Serial, Signal, Subscription } from '@holdfast/channel';
import { canonical } from '../law/canonical.ts';
import { same, violated } from '../law/violation.ts';
import { listAll } from './listing.ts';
import { insist } from './retry.ts';
import { EMPTY_VIEW, applyDelivery, applyHistory, inOrder } from './view.ts';
import type { View } from './view.ts';
import { waitUntil } from './waiting.ts';

export interface ReaderOptions {
  readonly from?: Position;
  /** Messages per page of history. Default 100. */
  readonly pageSize?: number;
  /** Leaves the history before the subscription unread: the view holds what was delivered. */
  readonly deliveriesOnly?: boolean;
  /** What a reader knew at `from`, to go on with. */
  readonly knowing?: View;
  /** Tells the channel what it knows, so that appends to it may come without the whole message first. */
  readonly tells?: boolean;
  /** Called with each delivery and what is known after it. */
  readonly watch?: (delivery: Delivery, view: View) => void;
  readonly patience: number;
}

/**
 * A subscriber that reads as the contract tells it to: history up to the start, then deliveries; after a gap, history
 * again. It reads each history at once, so that nothing that a delivery should bring can come from a later page.
 */
export interface Reader {
  readonly subscription: Subscription;
  /** Everything that was delivered, in the order of delivery. */
  readonly deliveries: readonly Delivery[];
  readonly signals: readonly Signal[];
  readonly gaps: number;
  /** All messages as this reader knows them, oldest first. Throws the first violation, if there was one. */
  readonly state: () => readonly Message[];
  readonly view: () => View;
  readonly message: (serial: Serial) => Message | undefined;
  /** Resolves when `condition` is true; throws after patience has run out, or on a violation. */
  readonly until: (condition: () => boolean, what: string, patience?: number) => Promise<void>;
  /** Waits until this reader knows exactly `messages`. */
  readonly knows: (messages: readonly Message[]) => Promise<void>;
  /** Waits until this reader knows the message, by delivery or from history. */
  readonly sees: (serial: Serial) => Promise<void>;
  /** Stops listening. */
  readonly close: () => void;
}

export async function openReader(channel: Channel, options: ReaderOptions): Promise<Reader> {
  const deliveries: Delivery[] = [];
  const signals: Signal[] = [];
  const wake = new Set<() => void>();
  const { from, knowing, tells = false } = options;
  let view: View = knowing === undefined ? EMPTY_VIEW : { ...knowing, met: tells ? knowing.met : new Set() };
  const known = tells && knowing !== undefined ? { known: lengths(knowing) } : {};
  let gaps = 0;
  let reading = 0;
  let problem: unknown;

  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      problem ??= error;
    }
    for (const each of wake) each();
  };

  /** Reads history up to `position` and merges it, unless a newer gap has made it void. */
  const readBack = async (position: Position): Promise<void> => {
    const era = gaps;
    reading += 1;
    try {
      const messages = await listAll(channel, {
        until: position,
        ...(options.pageSize !== undefined && { limit: options.pageSize }),
      });
      if (era === gaps) attempt(() => (view = applyHistory(view, messages)));
    } catch (error) {
      attempt(() => {
        throw error;
      });
    } finally {
      reading -= 1;
      attempt(() => {});
    }
  };

  const hear = (delivery: Delivery): void => {
    deliveries.push(delivery);
    if (delivery.kind === 'signal') signals.push(delivery.signal);
    attempt(() => {
      view = applyDelivery(view, delivery);
      options.watch?.(delivery, view);
    });
    if (delivery.kind !== 'gap') return;
    gaps += 1;
    void readBack(delivery.position);
  };
  const subscription = await insist(() =>
    channel.subscribe(hear, from === undefined ? {} : { from, ...known }),
  );
  if (from === undefined && options.deliveriesOnly !== true) await readBack(subscription.start);

  const until = (condition: () => boolean, what: string, patience = options.patience): Promise<void> =>
    waitUntil({
      ready: () => {
        if (problem !== undefined) throw problem;
        return condition();
      },
      wake,
      patience,
      what,
    });

  return {
    subscription,
    deliveries,
    signals,
    get gaps() {
      return gaps;
    },
    view: () => view,
    state: () => {
      if (problem !== undefined) throw problem;
      return inOrder(view);
    },
    message: (serial) => view.messages.get(serial),
    until,
    knows: async (messages) => {
      const wanted = canonical(messages);
      const agrees = (): boolean =>
        reading === 0 && view.messages.size === messages.length && canonical(inOrder(view)) === wanted;
      try {
        await until(agrees, 'the subscriber to know what history holds');
      } catch (error) {
        if (problem !== undefined) throw error;
        same(inOrder(view), messages, 'what the subscriber knows in the end, against history');
        violated(`a read of history did not end`);
      }
    },
    sees: (serial) => until(() => view.messages.has(serial), `message ${serial} to reach the subscriber`),
    close: () => subscription.close(),
  };
}

/** How much text is known of each message, for a channel to go on from. */
function lengths({ messages, met }: View): ReadonlyMap<Serial, number> {
  return new Map(
    [...messages.values()].flatMap(({ serial, data }) =>
      typeof data === 'string' && met.has(serial) ? [[serial, data.length] as const] : [],
    ),
  );
}
