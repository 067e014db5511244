import { createBackoff } from './backoff.ts';
import type { Channel, Page, Subscription } from './contract.ts';
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
  { pageSize = 100, needs = () => undefined, random }: FollowOptions = {},
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

  /** What fails for good ends it. Whoever doesn't wait for the work learns of it through `closed`. */
  const endIfFailed = (work: Promise<void>): Promise<void> => {
    const done = work.catch((cause: unknown) => {
      const error = isChannelError(cause)
        ? cause
        : new ChannelError('internal', 'Following the channel failed.', { cause });
      end(error);
      throw error;
    });
    done.catch(() => {});
    return done;
  };

  /** Tries until it works, or until it can't. */
  const persist = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    backoff.reset();
    while (open) {
      try {
        return await work();
      } catch (error) {
        if (!isChannelError(error) || !error.retryable) throw error;
        await backoff.wait();
      }
    }
    return undefined;
  };

  const read = async (cursor: Cursor | undefined, until?: Position): Promise<Page | undefined> => {
    const query = { limit: pageSize, ...(until && { until }), ...(cursor && { cursor }) };
    const page = await channel.history(query);
    if (!open) return undefined;
    for (const { serial } of page.messages) seen.add(serial);
    listener({ kind: 'page', messages: page.messages });
    return page;
  };

  /** Reads from the newest message down to `floor`, or one page and what is needed. Returns what there is, newest first. */
  const load = async (until: Position | undefined, floor: Serial | undefined): Promise<readonly Serial[]> => {
    const found: Serial[] = [];
    let page: Page | undefined;
    let last: Serial | undefined;
    do {
      page = await read(page?.next, until);
      if (!page) break;
      found.push(...page.messages.map(({ serial }) => serial));
      last = page.messages.at(-1)?.serial;
      if (last === undefined || isBelow(oldest, last)) continue;
      oldest = last;
      next = page.next;
    } while (page.next && (last === undefined || isBelow(floor, last) || isBelow(needs(), last)));
    return found;
  };

  /** Mends gaps until there is none: another one may show up meanwhile. */
  const mend = async (): Promise<void> => {
    for (let each = gap; each && open; each = gap) {
      const { until, before } = each;
      gap = undefined;
      await persist(async () => {
        const found = await load(until, oldest);
        // What lies above the oldest message that is still there, and isn't, is gone.
        const bottom = found.at(-1);
        const there = new Set(found);
        const vanished = before.filter((serial) => isBelow(bottom, serial) && !there.has(serial));
        for (const serial of vanished) seen.delete(serial);
        if (open && !gap) listener({ kind: 'live', vanished });
      });
    }
    // At once: a gap that finds it still set would count on this loop.
    mending = false;
  };

  const repair = (until?: Position): void => {
    gap = { until, before: [...seen] };
    if (mending) return;
    mending = true;
    listener({ kind: 'gap' });
    void endIfFailed(mend());
  };

  const receive = (delivery: Delivery): void => {
    if (!open) return;
    if (delivery.kind === 'gap') return repair(delivery.position);
    if (delivery.kind === 'signal') return listener(delivery);
    if (delivery.kind === 'message') seen.add(delivery.message.serial);
    listener({ kind: 'delivery', delivery });
  };

  const start = async (): Promise<void> => {
    subscription = await persist(() => channel.subscribe(receive));
    if (!open) subscription?.close();
    if (!open || !subscription) throw new ChannelError('closed', 'Closed before it was live.');
    void subscription.closed.then(end);
    gap ??= { until: subscription.start, before: [] };
    await mend();
  };

  const ready = endIfFailed(start());

  return {
    ready,
    closed,
    get hasOlder() {
      return next !== undefined;
    },
    async loadOlder() {
      await ready;
      const page = next && (await read(next));
      if (!page) return false;
      next = page.next;
      oldest = page.messages.at(-1)?.serial ?? oldest;
      return page.messages.length > 0;
    },
    repair() {
      // From the newest on: what was delivered since the start is loaded as well.
      if (subscription) repair();
    },
    close: () => end(),
  };
}

function isBelow(a: Serial | undefined, b: Serial): boolean {
  return a !== undefined && a < b;
}
