import type { Channel, Delivery, Position, Version } from '@holdfast/channel';
import { decodePosition } from '@holdfast/channel/engine';
import type { Engine } from '@holdfast/channel/engine';
import type { ChannelLawId } from '../../src/channel.ts';
import type { Mutant } from '../honest-backend.ts';
import { overChannel, overDelivery, settle } from './over.ts';

/** Starts at the head where `from` is one that `ignored` picks. */
function headInstead(ignored: (from: Position, channel: Channel) => boolean) {
  return overChannel((channel) => ({
    subscribe: (listener, options = {}) => {
      const { from } = options;
      return channel.subscribe(listener, from !== undefined && ignored(from, channel) ? {} : options);
    },
  }));
}

/** Tells only the end of a text that has grown, as if everybody had the rest. */
function endOnly(delivery: Delivery): Delivery {
  if (delivery.kind !== 'message') return delivery;
  const { data, serial, version } = delivery.message;
  if (typeof data !== 'string' || String(version) === String(serial)) return delivery;
  const offset = Math.max(0, data.length - 1);
  const { position } = delivery;
  return { kind: 'append', serial, version, data: data.slice(offset), offset, position };
}

/** Where nothing can be known, says that nothing has changed. */
function nothingChanged(since: (position: Position) => boolean): Mutant {
  return {
    engine: (engine): Engine => ({
      ...engine,
      changesSince: async (channel, position) => {
        const changes = await engine.changesSince(channel, position);
        if (changes !== undefined || !since(position)) return changes;
        const tail = await engine.tail(channel, () => {});
        tail.close();
        return { changed: [], head: tail.head };
      },
    }),
  };
}

export const CATCH_UP = {
  // Catches up, and only then begins to listen.
  'I3.from-amid-burst': {
    above: overChannel((channel) => ({
      subscribe: async (listener, options = {}) => {
        if (options.from === undefined) return channel.subscribe(listener);
        const past = await channel.subscribe(listener, options);
        await settle();
        past.close();
        await settle();
        return channel.subscribe(listener);
      },
    })),
  },
  'I3.from': {
    engine: (engine) => ({
      ...engine,
      changesSince: async (channel, position) => {
        const changes = await engine.changesSince(channel, position);
        const changed = changes?.changed.filter(({ message }) => message.deleted !== true);
        return changes && changed && { ...changes, changed };
      },
    }),
  },
  // Believes that texts only ever grow.
  'I3.known': {
    engine: (engine) => ({
      ...engine,
      changesSince: async (channel, position) => {
        const changes = await engine.changesSince(channel, position);
        const changed = changes?.changed.map((each) => ({ ...each, rewritten: '' as Version }));
        return changes && changed && { ...changes, changed };
      },
    }),
  },
  'I3.reconnect': { below: headInstead(() => true) },
  // Later listeners are added to the first one's subscription.
  'I3.two-listeners': {
    above: overChannel((channel) => {
      const listeners = new Set<(delivery: Delivery) => void>();
      let first: ReturnType<Channel['subscribe']> | undefined;
      return {
        subscribe: (listener) => {
          listeners.add(listener);
          first ??= channel.subscribe((delivery) => {
            for (const each of listeners) each(delivery);
          });
          return first;
        },
      };
    }),
  },
  'I3.whole-first': { above: overDelivery((listener) => (delivery) => listener(endOnly(delivery))) },
  'I3.close': {
    above: overChannel((channel) => ({
      subscribe: async (listener, options) => {
        const { start } = await channel.subscribe(listener, options);
        return { start, closed: Promise.resolve(undefined), close: () => {} };
      },
    })),
  },
  'I4.garbage': { above: headInstead((from) => decodePosition(from) === undefined) },
  'I4.too-old': nothingChanged(() => true),
  'I4.ahead': nothingChanged((position) => decodePosition(position)?.epoch !== 'another'),
  'I4.other-epoch': nothingChanged((position) => decodePosition(position)?.epoch === 'another'),
  'I4.unmet': {
    above: overDelivery((listener) => {
      let gap = false;
      return (delivery) => {
        gap ||= delivery.kind === 'gap';
        listener(gap ? endOnly(delivery) : delivery);
      };
    }),
  },
} satisfies Partial<Record<ChannelLawId, Mutant>>;
