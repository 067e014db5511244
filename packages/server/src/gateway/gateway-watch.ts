import type { Presence, PresenceSubscription } from '@holdfast/channel';
import type { Outlet } from './outlet.ts';

export interface GatewayWatchOptions {
  readonly id: number;
  readonly presence: Presence;
  readonly outlet: Outlet;
  /** It failed for good. */
  readonly failed: (error: unknown) => void;
}

/** One client's view of who is present in a channel. */
export interface GatewayWatch {
  /** @throws ChannelError */
  open(): Promise<void>;
  /** The reader has caught up: tells it who is present now. */
  resync(): void;
  close(): void;
}

/** Nothing is kept for a reader that has fallen behind: it is told everything again once there is room. */
export function createGatewayWatch({ id, presence, outlet, failed }: GatewayWatchOptions): GatewayWatch {
  let current: Promise<PresenceSubscription> | undefined;
  let closed = false;
  let stale = false;

  const stop = (): void => {
    current?.then((subscription) => subscription.close()).catch(() => {});
    current = undefined;
  };

  const follow = async (): Promise<void> => {
    const own = presence.subscribe((event) => {
      if (current !== own || stale) return;
      if (!outlet.congested) return outlet.send(['p', id, event]);
      stale = true;
    });
    current = own;
    stale = false;
    const subscription = await own;
    void subscription.closed.then((error) => {
      if (current === own && error !== undefined) failed(error);
    });
  };

  return {
    open: follow,
    resync() {
      if (!stale || closed) return;
      stop();
      follow().catch((error: unknown) => {
        if (!closed) failed(error);
      });
    },
    close() {
      closed = true;
      stop();
    },
  };
}
