import type { Channel, Channels } from '@holdfast/channel';
import { inboxOf, isSessionName, writeWake } from './inbox-records.ts';
import { wakingChannel } from './waking-channel.ts';

export interface WakeAgentsOptions {
  /** The agents that answer a session: one list for all of them, or by the session's name. */
  readonly agents: readonly string[] | ((session: string) => readonly string[]);
}

/**
 * Channels that tell agents what is asked on them: whatever gives an agent something to do is announced in the inbox of each
 * agent of the session (or of the one that it is for), before it is stored. For channels without a gateway, and for
 * gateways that know no agents; these connections need the right to publish on `inbox:<agent>`, and no other there.
 *
 * @throws TypeError for agents whose names can't have an inbox
 */
export function wakeAgents(channels: Channels, options: WakeAgentsOptions): Channels {
  const wrapped = new WeakMap<Channel, Channel>();
  const open = openWaking(channels, options);
  return {
    connection: channels.connection,
    channel(name) {
      const channel = channels.channel(name);
      const waking = wrapped.get(channel) ?? open(channel);
      wrapped.set(channel, waking);
      return waking;
    },
    close: () => channels.close(),
  };
}

/** Makes a session's channel one that wakes agents, by publishing on the inboxes that `channels` opens. */
export function openWaking(channels: Channels, { agents }: WakeAgentsOptions): (channel: Channel) => Channel {
  if (typeof agents !== 'function') agents.forEach(inboxOf);
  const agentsOf = (session: string): readonly string[] =>
    typeof agents === 'function' ? agents(session) : agents;
  return (channel) => {
    const { name: session } = channel;
    if (!isSessionName(session)) return channel;
    return wakingChannel(channel, {
      now: () => performance.now(),
      tell: (wakes) =>
        Promise.all(
          agentsOf(session).map(async (agent) => {
            const own = wakes.filter(({ to }) => to === undefined || to === agent);
            if (own.length === 0) return;
            const drafts = own.map(({ record }) => writeWake({ session, record, left: false }));
            await channels
              .channel(inboxOf(agent))
              .publish(drafts.map((draft) => ({ action: 'create', draft }) as const));
          }),
        ),
    });
  };
}
