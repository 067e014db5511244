import { createBackoff } from './backoff.ts';
import type { Channel, Subscription } from './contract.ts';
import type { Delivery } from './delivery.ts';
import { ChannelError, isChannelError } from './errors.ts';
import type { Cursor, Position, Serial } from './ids.ts';
import type { Message, Signal } from './message.ts';

export interface FollowOptions {
  /** Messages per page of history, 1 to 1000. Default 100. */
  readonly pageSize?: number;
  /** Down to which serial history must be loaded, asked again after every page. Default: one page is enough. */
  readonly needs?: () => Serial | undefined;
  /** Between 0 and 1; for the jitter of repeated reads. Default `Math.random`. */
  readonly random?: () => number;
}

export type FollowEvent =
  /** Messages out of history, newest first. */
  | { readonly kind: 'page'; readonly messages: readonly Message[] }
  | { readonly kind: 'delivery'; readonly delivery: Exclude<Delivery, { kind: 'signal' | 'gap' }> }
  | { readonly kind: 'signal'; readonly signal: Signal }
  /** Continuity was lost; history is being read again. */
  | { readonly kind: 'gap' }
  /** Caught up. After a gap, `vanished` are messages that the channel no longer has (P28). */
  | { readonly kind: 'live'; readonly vanished: readonly Serial[] };

export interface Following {
  /** Resolves when it is live for the first time; rejects with a ChannelError when that fails for good. */
  readonly ready: Promise<void>;
  readonly hasOlder: boolean;
  /** Reads one more page; false when there was none. */
  loadOlder(): Promise<boolean>;
  /** Reads again what is loaded, as after a gap. */
  repair(): void;
  readonly closed: Promise<ChannelError | undefined>;
  close(): void;
}

/**
 * Follows a channel without a seam: subscribes, reads history up to where live delivery starts, and tells both; after a
 * gap it reads again down to the oldest message that it had loaded (P23). Messages may be told more than once.
 */
export function followChannel(
  channel: Channel,
  listener: (event: FollowEvent) => void,
  { pageSize = 100, needs = () => undefined, random = Math.random }: FollowOptions = {},
): Following {
  const seen = new Set<Serial>();
  const backoff = createBackoff(random);
  let oldest: Serial | undefined;
  let next: Cursor | undefined;
  let open = true;
  let subscription: Subscription | undefined;
  /** The newest gap, and what had been seen below it. Before the first page all there is is one. */
  let gap: { readonly until: Position | undefined; readonly before: readonly Serial[] } | undefined;
  let mending = true;
  let resolveClosed: (error: ChannelError | undefined) => void;
  const closed = new Promise<ChannelError | undefined>((resolve) => (resolveClosed = resolve));

  const end = (error?: ChannelError): void => {
    if (!open) return;
    open = false;
    subscription?.close();
    backoff.wake();
    resolveClosed(error);
  };

  const readPage = async (cursor: Cursor | undefined, until?: Position) => {
    const page = await channel.history({
      limit: pageSize,
      ...(until !== undefined && { until }),
      ...(cursor !== undefined && { cursor }),
    });
    if (!open) return undefined;
    for (const { serial } of page.messages) seen.add(serial);
    listener({ kind: 'page', messages: page.messages });
    return page;
  };

  /** Reads from the newest message down to `floor`, or one page and what is needed. Returns what there is, newest first. */
  const load = async (until: Position | undefined, floor: Serial | undefined): Promise<readonly Serial[]> => {
    const found: Serial[] = [];
    let cursor: Cursor | undefined;
    for (;;) {
      const page = await readPage(cursor, until);
      if (!page) return found;
      found.push(...page.messages.map(({ serial }) => serial));
      cursor = page.next;
      const last = page.messages.at(-1)?.serial;
      const wanted = lower(floor, needs());
      if (last !== undefined && lower(oldest, last) === last) {
        oldest = last;
        next = cursor;
      }
      if (cursor === undefined || (last !== undefined && lower(wanted, last) === last)) return found;
    }
  };

  /** Tries until it works, or until it can't. */
  const persist = async (work: () => Promise<void>): Promise<void> => {
    backoff.reset();
    while (open) {
      try {
        return await work();
      } catch (error) {
        if (!isChannelError(error) || !error.retryable) throw error;
        await backoff.wait();
      }
    }
  };

  /** Mends gaps until there is none: another one may show up meanwhile. */
  const mend = async (): Promise<void> => {
    while (gap && open) {
      const { until, before } = gap;
      gap = undefined;
      await persist(async () => {
        const found = await load(until, oldest);
        // What lies above the oldest message that is still there, and isn't, is gone.
        const bottom = found.at(-1);
        const there = new Set(found);
        const vanished = before.filter(
          (serial) => bottom !== undefined && serial > bottom && !there.has(serial),
        );
        for (const serial of vanished) seen.delete(serial);
        if (open && !gap) listener({ kind: 'live', vanished });
      });
    }
    // At once: a gap that finds it still set would count on this loop.
    mending = false;
  };
  const failed = (error: unknown): never => {
    const cause = isChannelError(error)
      ? error
      : new ChannelError('internal', 'Following the channel failed.', { cause: error });
    end(cause);
    throw cause;
  };

  const startRepair = (until: Position | undefined): void => {
    gap = { until, before: [...seen] };
    if (mending) return;
    mending = true;
    listener({ kind: 'gap' });
    mend()
      .catch(failed)
      .catch(() => {});
  };

  const receive = (delivery: Delivery): void => {
    if (!open) return;
    if (delivery.kind === 'gap') return startRepair(delivery.position);
    if (delivery.kind === 'signal') return listener(delivery);
    if (delivery.kind === 'message') seen.add(delivery.message.serial);
    listener({ kind: 'delivery', delivery });
  };

  const start = async (): Promise<void> => {
    await persist(async () => {
      subscription ??= await channel.subscribe(receive);
    });
    if (!open || !subscription) throw new ChannelError('closed', 'Closed before it was live.');
    void subscription.closed.then(end);
    gap ??= { until: subscription.start, before: [] };
    await mend();
  };

  const ready = start().catch(failed);
  // Whoever doesn't wait for it learns of a failure through `closed`.
  ready.catch(() => {});

  return {
    ready,
    closed,
    get hasOlder() {
      return next !== undefined;
    },
    async loadOlder() {
      await ready;
      if (next === undefined) return false;
      const page = await readPage(next);
      if (!page) return false;
      next = page.next;
      oldest = page.messages.at(-1)?.serial ?? oldest;
      return page.messages.length > 0;
    },
    repair() {
      // From the newest on: what was delivered since the start is loaded as well.
      if (subscription) startRepair(undefined);
    },
    close: () => end(),
  };
}

function lower(a: Serial | undefined, b: Serial | undefined): Serial | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}
