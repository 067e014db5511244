import { ChannelError, isChannelError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { Member, Presence, PresenceEvent, PresenceSubscription } from '../presence.ts';
import type { Engine, Publisher } from './port.ts';

/** One connection's presence over an engine: what it has entered is kept alive until it leaves or closes. */
export interface EnginePresence {
  of(channel: string): Presence;
  close(): Promise<void>;
}

export function createEnginePresence(engine: Engine, publisher: Publisher): EnginePresence {
  const { connectionId: memberId, ...author } = publisher;
  const entered = new Map<string, JsonValue>();
  const endings = new Set<() => void>();
  let renewal: ReturnType<typeof setInterval> | undefined;

  const renew = (): void => {
    // A renewal that fails is made up for by the next: there are three to a lease.
    engine.renew(memberId).catch(() => {});
  };
  const enter = async (channel: string, data: JsonValue): Promise<void> => {
    await engine.enter(channel, { ...author, memberId, data });
    entered.set(channel, data);
    if (renewal !== undefined) return;
    renewal = setInterval(renew, engine.features.presenceLeaseMs / 3);
    // Where timers are objects (Node), presence keeps no process alive.
    if (typeof renewal === 'object') renewal.unref();
  };
  const leave = async (channel: string): Promise<void> => {
    if (!entered.delete(channel)) return;
    if (entered.size === 0) {
      clearInterval(renewal);
      renewal = undefined;
    }
    await engine.leave(channel, memberId);
  };

  return {
    of: (channel) => ({
      enter: (data = null) => enter(channel, data),
      leave: () => leave(channel),
      members: () => engine.members(channel),
      async subscribe(listener) {
        const subscription = await followPresence(engine, channel, listener);
        const end = (): void => subscription.close();
        endings.add(end);
        void subscription.closed.then(() => endings.delete(end));
        return subscription;
      },
    }),
    async close() {
      for (const end of endings) end();
      await Promise.all([...entered.keys()].map(leave));
    },
  };
}

/** A `sync`, then each change; another `sync` where some were missed. */
async function followPresence(
  engine: Engine,
  channel: string,
  listener: (event: PresenceEvent) => void,
): Promise<PresenceSubscription> {
  let resolveClosed: (error: ChannelError | undefined) => void;
  const closed = new Promise<ChannelError | undefined>((resolve) => (resolveClosed = resolve));
  /** Events that arrived while the members were read; undefined while live. */
  let held: PresenceEvent[] | undefined = [];
  /** Others were missed meanwhile. */
  let missed = false;
  let open = true;
  const tail = await engine.tail(channel, (event) => {
    if (!open) return;
    if (event.kind === 'lost') {
      if (held === undefined) void sync([]);
      else missed = true;
    } else if (event.kind === 'presence') {
      if (held === undefined) listener(event.event);
      else held.push(event.event);
    }
  });
  const end = (error: ChannelError | undefined): void => {
    if (!open) return;
    open = false;
    tail.close();
    resolveClosed(error);
  };
  const sync = async (events: PresenceEvent[]): Promise<void> => {
    held = events;
    try {
      let members: readonly Member[];
      do {
        // What came before the members are read is in them.
        missed = false;
        events.length = 0;
        members = await engine.members(channel);
      } while (missed && open);
      if (open) listener({ kind: 'sync', members: applyAll(members, events) });
    } catch (error) {
      end(
        isChannelError(error)
          ? error
          : new ChannelError('internal', 'Following presence failed.', { cause: error }),
      );
    } finally {
      held = undefined;
    }
  };
  await sync(held);
  return { closed, close: () => end(undefined) };
}

/** The members after what happened while they were read; an event that they contain already changes nothing. */
function applyAll(members: readonly Member[], events: readonly PresenceEvent[]): readonly Member[] {
  const byId = new Map(members.map((member) => [member.memberId, member]));
  for (const event of events) {
    if (event.kind === 'sync') continue;
    if (event.kind === 'leave') byId.delete(event.member.memberId);
    else byId.set(event.member.memberId, event.member);
  }
  return [...byId.values()];
}
