import type { ChannelLawId } from '../../src/channel.ts';
import type { Mutant } from '../honest-backend.ts';
import { overPresence, overPresenceEvent } from './over.ts';

export const PRESENCE = {
  'I8.enter-leave': {
    above: overPresenceEvent((event) => (event.kind === 'update' ? { ...event, kind: 'enter' } : event)),
  },
  'I8.data': {
    above: overPresence((presence) => ({ enter: (data) => presence.enter(data || null) })),
  },
  // Leaving makes sure that there is something to leave.
  'I8.leave-absent': {
    above: overPresence((presence) => ({
      leave: async () => {
        await presence.enter();
        await presence.leave();
      },
    })),
  },
  'I8.sync': {
    above: overPresenceEvent((event, index) => (index === 0 ? undefined : event)),
  },
  // A client is one member, however many its connections.
  'I8.connections': {
    engine: (engine) => ({
      ...engine,
      enter: (channel, member) =>
        engine.enter(channel, { ...member, memberId: member.clientId ?? member.memberId }),
    }),
  },
  'I8.scope': {
    engine: (engine) => ({
      ...engine,
      enter: (_, member) => engine.enter('all', member),
      leave: (_, memberId) => engine.leave('all', memberId),
      members: () => engine.members('all'),
      tail: (channel, listener) =>
        engine.tail('all', listener).then((tail) => ({ ...tail, head: tail.head, name: channel })),
    }),
  },
  // Whoever closes is missed when its lease is over.
  'I8.close-leaves': { engine: (engine) => ({ ...engine, leave: async () => {} }) },
  'I8.lost': { backend: (backend) => ({ ...backend, kill: async () => {} }) },
  'I8.kept': { engine: (engine) => ({ ...engine, renew: async () => {} }) },
  // After a break goes on with the next change, whatever was missed.
  'I8.reconnect': {
    above: overPresenceEvent((event, index) => (event.kind === 'sync' && index > 0 ? undefined : event)),
  },
} satisfies Partial<Record<ChannelLawId, Mutant>>;
