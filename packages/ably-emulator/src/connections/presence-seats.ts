import type { Engine } from '@holdfast/channel/engine';
import { demand } from '../auth/capability.ts';
import { speakFor, userClaimFor, type Identity } from '../auth/identity.ts';
import type { HubChannel } from '../channels/channel-hub.ts';
import { PresenceAction } from '../protocol/actions.ts';
import { toClaims, toExtras } from '../protocol/content.ts';
import { refusal } from '../protocol/errors.ts';
import type { InboundPresence } from '../protocol/frames.ts';

/** The members that one connection has entered, in all its channels. */
export interface PresenceSeats {
  apply(
    channel: HubChannel,
    identity: Identity,
    msgSerial: number,
    presence: readonly InboundPresence[],
  ): Promise<void>;
  leave(key: string): Promise<void>;
  leaveAll(): Promise<void>;
  /** While its socket is away, a connection's members live on for one lease. */
  alive(isAlive: boolean): void;
  close(): void;
}

export function createPresenceSeats(engine: Engine, connectionId: string, now: () => number): PresenceSeats {
  /** Member ids, by the channel's key in the engine. */
  const seats = new Map<string, Set<string>>();
  let isAlive = true;

  const renew = (): void => {
    if (!isAlive) return;
    const members = new Set([...seats.values()].flatMap((each) => [...each]));
    for (const memberId of members) void engine.renew(memberId).catch(() => {});
  };
  const renewal = setInterval(renew, engine.features.presenceLeaseMs / 3);
  renewal.unref();

  const leave = async (key: string): Promise<void> => {
    const own = seats.get(key) ?? [];
    seats.delete(key);
    for (const memberId of own) await engine.leave(key, memberId);
  };

  const applyOne = async (
    { key, log }: HubChannel,
    identity: Identity,
    item: InboundPresence,
    id: string,
  ): Promise<void> => {
    const clientId = speakFor(identity, item.clientId);
    if (clientId === undefined) throw refusal('noClientId', 'Presence needs a client id.');
    const memberId = `${connectionId}:${clientId}`;
    const own = seats.get(key) ?? new Set();
    seats.set(key, own);
    if (item.action === PresenceAction.leave) {
      own.delete(memberId);
      return engine.leave(key, memberId);
    }
    own.add(memberId);
    // After it has attached again a client repeats what it has entered, under the old id.
    const repeats = item.id != null && item.id.startsWith(`${connectionId}:`);
    if (repeats && (await engine.members(key)).some((member) => member.memberId === memberId))
      return undefined;
    const { data = null, encoding = null } = item;
    const extras = item.extras == null ? null : toExtras(item.extras);
    return engine.enter(key, {
      memberId,
      clientId,
      ...toClaims(userClaimFor(identity, log.name)),
      data: { id, connectionId, timestamp: now(), data, encoding, extras },
    });
  };

  return {
    async apply(channel, identity, msgSerial, presence) {
      demand(identity.capability, channel.log.name, 'presence');
      for (const [index, item] of presence.entries())
        await applyOne(channel, identity, item, `${connectionId}:${msgSerial}:${index}`);
    },
    leave,
    async leaveAll() {
      for (const key of seats.keys()) await leave(key);
    },
    alive(next) {
      isAlive = next;
      renew();
    },
    close: () => clearInterval(renewal),
  };
}
