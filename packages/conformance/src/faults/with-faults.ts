import type { Channel, Channels, ConnectionState } from '@holdfast/channel';
import { createDice } from './dice.ts';
import { createFaultyChannel } from './faulty-channel.ts';
import { createLine } from './line.ts';
import type { FaultOptions } from './options.ts';

/** Channels over a bad line, which can also be cut by hand. */
export interface FaultyChannels extends Channels {
  /**
   * Breaks the connection until the returned function is called. Meanwhile calls reject with `unavailable`, answers that
   * were under way are lost (`unknown_outcome` for what changes something), and subscriptions are silent; afterwards they
   * go on from their last position.
   */
  readonly cut: () => () => void;
}

/**
 * Decorates channels with faults, each of which keeps the contract: a decorated channel passes the suite as the one behind
 * it does, and what is written against the contract must work with it as well.
 */
export function withFaults(channels: Channels, faults: FaultOptions): FaultyChannels {
  const dice = createDice(faults);
  const line = createLine();
  const faulty = new Map<string, Channel>();
  const listeners = new Set<(state: ConnectionState) => void>();
  let closed = false;
  const state = (): ConnectionState =>
    line.broken && !closed ? { status: 'disconnected' } : channels.connection.state;
  const tell = (): void => {
    for (const listener of listeners) listener(state());
  };

  return {
    channel(name) {
      const channel = faulty.get(name) ?? createFaultyChannel(channels.channel(name), { faults, dice, line });
      faulty.set(name, channel);
      return channel;
    },
    connection: {
      get state() {
        return state();
      },
      get clientId() {
        return channels.connection.clientId;
      },
      subscribe(listener) {
        const each = (next: ConnectionState): void => listener(next);
        const stop = channels.connection.subscribe(() => each(state()));
        listeners.add(each);
        return () => {
          listeners.delete(each);
          stop();
        };
      },
    },
    close() {
      closed = true;
      line.heal();
      return channels.close();
    },
    cut() {
      if (closed || line.broken) return () => {};
      line.cut();
      tell();
      return () => {
        if (!line.broken) return;
        line.heal();
        tell();
      };
    },
  };
}
