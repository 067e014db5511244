import { ChannelError, type Channel, type Draft, type Operation, type Receipt } from '@holdfast/channel';
import type { Allowance } from './allowance.ts';
import type { Clock } from './clock.ts';

export interface PublishingOptions {
  readonly channel: Channel;
  readonly allowance: Allowance;
  readonly clock: Clock;
  /** Refuses by throwing, at once or later. */
  readonly check: (operations: readonly Operation[]) => void | Promise<void>;
  /** Hears what was stored. */
  readonly published: (operations: readonly Operation[], receipts: readonly Receipt[]) => void;
}

/** What one client publishes on one channel, in the order in which it came (I1). */
export interface Publishing {
  /** @throws ChannelError */
  publish(operations: readonly Operation[]): Promise<readonly Receipt[]>;
  /** @throws ChannelError */
  signal(draft: Draft): Promise<void>;
  /** Whether one made anew would do the same. */
  readonly isIdle: boolean;
}

export function createPublishing({
  channel,
  allowance,
  clock,
  check,
  published,
}: PublishingOptions): Publishing {
  /** Until those before have been handed to the channel; undefined where all have. */
  let turn: Promise<void> | undefined;

  /** Spends the allowance, in advance if need be: who is a little too fast waits, who is much too fast is refused. */
  const spend = (operations: number): Promise<void> | undefined => {
    const wait = allowance.reserve(operations);
    if (wait === undefined)
      throw new ChannelError('rate_limited', 'Too many operations on this channel in so short a time.');
    return wait === 0 ? undefined : new Promise((resolve) => clock.after(wait, resolve));
  };

  const store = async (operations: readonly Operation[]): Promise<readonly Receipt[]> => {
    const receipts = await channel.publish(operations);
    published(operations, receipts);
    return receipts;
  };

  const handOver = async (
    before: readonly (Promise<void> | undefined)[],
    checked: Promise<void> | undefined,
    operations: readonly Operation[],
  ): Promise<{ readonly receipts: Promise<readonly Receipt[]> }> => {
    const [verdict] = await Promise.allSettled([checked, ...before]);
    if (verdict.status === 'rejected') throw verdict.reason;
    return { receipts: store(operations) };
  };

  return {
    get isIdle() {
      return turn === undefined && allowance.isFull;
    },
    async signal(draft) {
      await spend(1);
      await channel.signal(draft);
    },
    async publish(operations) {
      const checked = check(operations) ?? undefined;
      const rested = spend(operations.length);
      if (turn === undefined && rested === undefined && checked === undefined) return store(operations);
      const handed = handOver([turn, rested], checked, operations);
      const over: Promise<void> = handed.then(
        () => {},
        () => {},
      );
      turn = over;
      void over.then(() => {
        if (turn === over) turn = undefined;
      });
      return (await handed).receipts;
    },
  };
}
