import type { Channel, Delivery, Position, SubscribeOptions } from '@holdfast/channel';
import { createStanding } from '@holdfast/websocket/wire';
import type { Clock } from './clock.ts';
import type { Outlet } from './outlet.ts';
import { createRollUp } from './roll-up.ts';

export interface GatewaySubscriptionOptions {
  readonly id: number;
  readonly channel: Channel;
  readonly outlet: Outlet;
  readonly rollupMs: number;
  readonly clock: Clock;
  /** It failed for good. */
  readonly failed: (error: unknown) => void;
  /** Deliveries were dropped. */
  readonly dropped: () => void;
}

/** One subscription of one client. */
export interface GatewaySubscription {
  /** @throws ChannelError */
  open(options: SubscribeOptions): Promise<Position>;
  /** The reader has caught up: tells it what was dropped. */
  resync(): void;
  close(): void;
}

/** No channel goes on from here: the subscriber gets a gap. */
const NOWHERE = '' as Position;

/**
 * Passes a channel's deliveries on to a reader that may be slow. When it falls behind, nothing is kept for it: the
 * channel is unsubscribed, and subscribed again from where the reader stands once there is room. If what changed
 * meanwhile is too much for it as well, it gets a gap and reads history at its own pace.
 */
export function createGatewaySubscription({
  id,
  channel,
  outlet,
  rollupMs,
  clock,
  failed,
  dropped,
}: GatewaySubscriptionOptions): GatewaySubscription {
  let standing = createStanding();
  /** The following that counts; what an earlier one still tells doesn't. */
  let era = 0;
  let unsubscribe = (): void => {};
  let settled: Promise<unknown> = Promise.resolve();
  let catchingUp = false;
  let closed = false;
  let stale = false;
  let tooMuch = false;

  const rollUp = createRollUp({
    windowMs: rollupMs,
    clock,
    position: () => standing.position,
    emit(delivery) {
      if (outlet.congested) return fallBehind();
      outlet.deliver(id, delivery);
      standing.take(delivery);
    },
  });

  const stop = (): void => {
    era += 1;
    unsubscribe();
    unsubscribe = () => {};
    rollUp.clear();
  };

  const fallBehind = (): void => {
    if (stale) return;
    stale = true;
    tooMuch = catchingUp;
    stop();
    dropped();
  };

  const receive = (delivery: Delivery): void => {
    // A signal that is late is worth nothing.
    if (delivery.kind === 'signal' && outlet.congested) return;
    if (outlet.congested) fallBehind();
    else rollUp.take(delivery);
  };

  const follow = async (options: SubscribeOptions): Promise<Position> => {
    era += 1;
    const own = era;
    stale = false;
    catchingUp = true;
    const subscription = await channel.subscribe((delivery) => {
      if (own === era) receive(delivery);
    }, options);
    // Fallen behind meanwhile, or closed.
    if (own !== era) {
      subscription.close();
      return subscription.start;
    }
    catchingUp = false;
    unsubscribe = () => subscription.close();
    void subscription.closed.then((error) => {
      if (own === era && error !== undefined) failed(error);
    });
    return subscription.start;
  };

  return {
    async open(options) {
      standing = createStanding(options);
      const opening = follow(options);
      settled = opening.catch(() => {});
      const start = await opening;
      standing.begin(start);
      return start;
    },
    resync() {
      if (!stale) return;
      settled = settled
        .then(() => (stale ? follow(tooMuch ? { from: NOWHERE } : standing.resume()) : undefined))
        .catch((error: unknown) => {
          if (!closed) failed(error);
        });
    },
    close() {
      closed = true;
      stale = false;
      stop();
      outlet.forget(id);
    },
  };
}
