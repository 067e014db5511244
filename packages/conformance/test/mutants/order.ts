import type { Delivery } from '@holdfast/channel';
import type { ChannelLawId } from '../../src/channel.ts';
import type { Mutant } from '../honest-backend.ts';
import { overDelivery, overPublish, settle } from './over.ts';

/** Delivers what `holds` picks after the delivery that follows it. */
function swap(holds: (delivery: Delivery) => boolean): Mutant {
  return {
    above: overDelivery((listener) => {
      let held: Delivery | undefined;
      return (delivery) => {
        if (held === undefined && holds(delivery)) {
          held = delivery;
          return;
        }
        const late = held;
        held = undefined;
        listener(delivery);
        if (late !== undefined) listener(late);
      };
    }),
  };
}

export const ORDER = {
  // Appends wait for something before they are sent, and other calls overtake them.
  'I1.own-calls': {
    above: overPublish(async (operations, next) => {
      if (operations.some(({ action }) => action === 'append')) await settle();
      return next(operations);
    }),
  },
  'I1.no-overtaking': swap(({ kind }) => kind === 'append'),
  'I1.one-order': swap(({ kind }) => kind === 'message'),
  // One log for all channels.
  'I1.apart': {
    engine: (engine) => ({
      ...engine,
      commit: (_, publisher, operations) => engine.commit('all', publisher, operations),
      page: (_, query) => engine.page('all', query),
      tail: (_, listener) => engine.tail('all', listener),
    }),
  },
} satisfies Partial<Record<ChannelLawId, Mutant>>;
