import { ChannelError, type Channel, type Position, type SubscribeOptions } from '@holdfast/channel';
import { encodeError } from '@holdfast/websocket/wire';
import { allows } from './capabilities.ts';
import type { Clock } from './clock.ts';
import { createGatewaySubscription } from './gateway-subscription.ts';
import { createGatewayWatch } from './gateway-watch.ts';
import type { Identity } from './identity.ts';
import type { GatewayLimits } from './limits.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { Outlet } from './outlet.ts';

/** What one client follows: subscriptions and watches of presence, by the ids of the requests that opened them. */
export interface Following {
  /** @throws ChannelError */
  subscribe(id: number, channel: Channel, options: SubscribeOptions): Promise<Position>;
  /** @throws ChannelError */
  watch(id: number, channel: Channel): Promise<void>;
  end(id: number): void;
  /** Ends what the client's capabilities don't allow any more. */
  recheck(identity: Identity): void;
  close(): void;
}

export interface FollowingOptions {
  readonly outlet: Outlet;
  readonly rollupMs: number;
  readonly clock: Clock;
  readonly limits: GatewayLimits;
  readonly metrics: GatewayMetrics;
}

interface Entry {
  readonly channel: string;
  readonly operation: 'subscribe' | 'presence';
  readonly resync: () => void;
  readonly close: () => void;
}

export function createFollowing({ outlet, rollupMs, clock, limits, metrics }: FollowingOptions): Following {
  const entries = new Map<number, Entry>();
  outlet.onRelief(() => {
    for (const entry of entries.values()) entry.resync();
  });

  const end = (id: number): void => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entries.delete(id);
    metrics.subscriptions.dec();
    entry.close();
  };
  const fail = (id: number, error: unknown): void => {
    if (!entries.has(id)) return;
    end(id);
    outlet.send(['ended', id, encodeError(error)]);
  };
  /** Adds an entry for as long as `open` doesn't fail. */
  const add = async <T>(id: number, entry: Entry, open: () => Promise<T>): Promise<T> => {
    end(id);
    if (entries.size >= limits.subscriptions)
      throw new ChannelError(
        'forbidden',
        `One connection may have ${limits.subscriptions} subscriptions at most.`,
      );
    entries.set(id, entry);
    metrics.subscriptions.inc();
    try {
      return await open();
    } catch (error) {
      if (entries.get(id) === entry) end(id);
      throw error;
    }
  };

  return {
    subscribe(id, channel, options) {
      const subscription = createGatewaySubscription({
        id,
        channel,
        outlet,
        rollupMs,
        clock,
        failed: (error) => fail(id, error),
        dropped: () => metrics.dropped.inc(),
      });
      const entry: Entry = {
        channel: channel.name,
        operation: 'subscribe',
        resync: () => subscription.resync(),
        close: () => subscription.close(),
      };
      return add(id, entry, () => subscription.open(options));
    },
    watch(id, channel) {
      const watch = createGatewayWatch({
        id,
        presence: channel.presence,
        outlet,
        failed: (error) => fail(id, error),
      });
      const entry: Entry = {
        channel: channel.name,
        operation: 'presence',
        resync: () => watch.resync(),
        close: () => watch.close(),
      };
      return add(id, entry, () => watch.open());
    },
    end,
    recheck({ capabilities }) {
      for (const [id, { channel, operation }] of entries)
        if (!allows(capabilities, channel, operation))
          fail(
            id,
            new ChannelError('forbidden', `The new token doesn't allow ${operation} on ${channel} any more.`),
          );
    },
    close() {
      for (const id of entries.keys()) end(id);
    },
  };
}
