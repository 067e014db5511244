import { ChannelError, type Author, type JsonValue } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import type { Clock } from './clock.ts';

/**
 * Where one client is present. It is kept present while connected. A connection that breaks is no leave: the lease goes on,
 * for the client to come back under the same id.
 */
export interface Membership {
  /** @throws ChannelError */
  enter(channel: string, data: JsonValue): Promise<void>;
  /** @throws ChannelError */
  leave(channel: string): Promise<void>;
  /** The client has gone: with a goodbye it leaves everything, without one its leases run out. */
  close(left: boolean): Promise<void>;
}

export interface MembershipOptions {
  readonly engine: Engine;
  readonly author: Author;
  readonly memberId: string;
  readonly clock: Clock;
  /** As in `GatewayLimits`. */
  readonly presenceBytes: number;
}

export function createMembership({
  engine,
  author,
  memberId,
  clock,
  presenceBytes,
}: MembershipOptions): Membership {
  const entered = new Set<string>();
  let stop: (() => void) | undefined;
  let open = true;

  const schedule = (): void => {
    stop = clock.after(engine.features.presenceLeaseMs / 3, () => {
      // A renewal that fails is made up for by the next: there are three to a lease.
      engine.renew(memberId).catch(() => {});
      schedule();
    });
  };
  const rest = (): void => {
    stop?.();
    stop = undefined;
  };

  return {
    async enter(channel, data) {
      if (Buffer.byteLength(JSON.stringify(data)) > presenceBytes)
        throw new ChannelError('too_large', `Presence data may have ${presenceBytes} bytes at most.`, {
          path: 'data',
        });
      await engine.enter(channel, { ...author, memberId, data });
      if (!open) return;
      entered.add(channel);
      if (stop === undefined) schedule();
    },
    async leave(channel) {
      entered.delete(channel);
      if (entered.size === 0) rest();
      // Entered perhaps on an earlier connection.
      await engine.leave(channel, memberId);
    },
    async close(left) {
      open = false;
      rest();
      if (left) await Promise.all([...entered].map((channel) => engine.leave(channel, memberId)));
      entered.clear();
    },
  };
}
